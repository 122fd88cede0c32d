package com.example.appointments;

import java.util.LinkedHashMap;
import java.util.Map;

import io.github.twiliospring.messaging.error.InvalidMessageException;
import tools.jackson.core.JacksonException;

import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.server.ServerWebInputException;

/**
 * Says what went wrong, field by field where it's known.
 */
@RestControllerAdvice
@Order(Ordered.HIGHEST_PRECEDENCE)
class ErrorAnswers {

	private static final Map<String, String> FIELDS = Map.of("To", "phone");

	@ExceptionHandler
	ProblemDetail invalid(InvalidAppointmentException ex) {
		return problems(HttpStatus.BAD_REQUEST, ex.getProblems());
	}

	@ExceptionHandler
	ProblemDetail unreadable(ServerWebInputException ex) {
		Map<String, String> problems = new LinkedHashMap<>();
		for (Throwable cause = ex; cause != null; cause = cause.getCause()) {
			if (cause instanceof JacksonException unreadable) {
				unreadable.getPath()
					.forEach((place) -> problems.put(String.valueOf(place.getPropertyName()),
							"This can't be read. A time looks like 2030-03-04T09:00."));
			}
		}
		return problems(HttpStatus.BAD_REQUEST, problems);
	}

	@ExceptionHandler
	ProblemDetail invalid(InvalidMessageException ex) {
		Map<String, String> problems = new LinkedHashMap<>();
		ex.getFaults()
			.forEach((fault) -> problems.put(FIELDS.getOrDefault(fault.field(), fault.field()), fault.problem()));
		return problems(HttpStatus.BAD_REQUEST, problems);
	}

	@ExceptionHandler
	ProblemDetail notWaiting(NotWaitingException ex) {
		return problem(HttpStatus.CONFLICT, ex.getMessage() + ".");
	}

	@ExceptionHandler
	ProblemDetail failed(DataAccessException ex) {
		return problem(HttpStatus.SERVICE_UNAVAILABLE, "Nothing was done. Please try again.");
	}

	private static ProblemDetail problems(HttpStatus status, Map<String, String> problems) {
		ProblemDetail problem = problem(status, "Please look at what was filled in.");
		problem.setProperty("errors", problems);
		return problem;
	}

	private static ProblemDetail problem(HttpStatus status, String detail) {
		return ProblemDetail.forStatusAndDetail(status, detail);
	}

}
