package com.example.appointments;

import java.util.LinkedHashMap;
import java.util.Map;

import io.github.twiliospring.messaging.error.InvalidMessageException;
import io.github.twiliospring.messaging.error.MessageOutcomeUnknownException;
import io.github.twiliospring.messaging.error.MessageRejectedException;
import io.github.twiliospring.messaging.error.MessagingException;
import tools.jackson.core.JacksonException;

import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
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

	private static final int NOT_CANCELABLE = 30409;

	private static final Map<String, String> FIELDS = Map.of("To", "phone", "SendAt", "remindAt");

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
	ProblemDetail failed(MessagingException ex) {
		if (ex instanceof InvalidMessageException invalid) {
			Map<String, String> problems = new LinkedHashMap<>();
			invalid.getFaults()
				.forEach((fault) -> problems.put(FIELDS.getOrDefault(fault.field(), fault.field()), fault.problem()));
			return problems(HttpStatus.BAD_REQUEST, problems);
		}
		if (ex instanceof MessageRejectedException rejected) {
			return refused(rejected);
		}
		return (ex instanceof MessageOutcomeUnknownException)
				? problem(HttpStatus.BAD_GATEWAY, "No answer came. The list will show it if it was done after all.")
				: problem(HttpStatus.SERVICE_UNAVAILABLE, "Nothing was done. Please try again.");
	}

	@ExceptionHandler
	ProblemDetail notCancelable(NotCancelableException ex) {
		return problem(HttpStatus.CONFLICT, ex.getMessage() + ".");
	}

	private static ProblemDetail refused(MessageRejectedException rejected) {
		if (Integer.valueOf(NOT_CANCELABLE).equals(rejected.getCode())) {
			return problem(HttpStatus.CONFLICT, "The reminder isn't waiting any more.");
		}
		HttpStatus status = HttpStatus.UNPROCESSABLE_CONTENT;
		return switch (rejected.getCategory()) {
			case INVALID_RECIPIENT -> problems(status, Map.of("phone", "No message can be sent to this number."));
			case OPTED_OUT -> problems(status, Map.of("phone", "Whoever has this number wants no messages."));
			case UNREACHABLE -> problems(status, Map.of("phone", "This number can't be reached from here."));
			case SCHEDULING -> problems(status, Map.of("remindAt", "A reminder can't be scheduled for this time."));
			default -> problem(status, "The provider refused it: " + rejected.getError());
		};
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
