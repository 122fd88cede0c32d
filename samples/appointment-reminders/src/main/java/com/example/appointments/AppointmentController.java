package com.example.appointments;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import io.github.twiliospring.messaging.error.InvalidMessageException;
import io.github.twiliospring.messaging.error.MessageRejectedException;
import io.github.twiliospring.messaging.error.MessagingException;
import io.github.twiliospring.messaging.message.MessageFault;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/**
 * What the page talks to.
 */
@RestController
@RequestMapping("/api/appointments")
class AppointmentController {

	private static final Duration HEARTBEAT = Duration.ofSeconds(15);

	private final AppointmentService appointments;

	AppointmentController(AppointmentService appointments) {
		this.appointments = appointments;
	}

	@GetMapping
	Flux<Appointment> all() {
		return this.appointments.all();
	}

	@GetMapping(path = "/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
	Flux<ServerSentEvent<Appointment>> events() {
		Flux<ServerSentEvent<Appointment>> heartbeat = Flux.interval(Duration.ZERO, HEARTBEAT)
			.map((tick) -> ServerSentEvent.<Appointment>builder().comment("still here").build());
		return this.appointments.changes()
			.map((appointment) -> ServerSentEvent.builder(appointment).build())
			.mergeWith(heartbeat);
	}

	@PostMapping
	@ResponseStatus(HttpStatus.CREATED)
	Mono<Appointment> remind(@RequestBody AppointmentForm form) {
		form.check();
		return this.appointments.remind(String.valueOf(form.customer()), String.valueOf(form.phone()),
				(form.startsAt() != null) ? form.startsAt() : Instant.EPOCH, form.reminderAt());
	}

	@PostMapping("/{id}/cancel")
	Mono<Appointment> cancel(@PathVariable long id) {
		return this.appointments.cancel(id)
			.switchIfEmpty(Mono.error(new ResponseStatusException(HttpStatus.NOT_FOUND)));
	}

	@ExceptionHandler
	ResponseEntity<Map<String, String>> invalid(InvalidFormException ex) {
		return ResponseEntity.badRequest().body(ex.faults());
	}

	@ExceptionHandler
	ResponseEntity<Map<String, String>> failed(MessagingException ex) {
		if (ex instanceof InvalidMessageException invalid) {
			return ResponseEntity.badRequest().body(faults(invalid.getFaults()));
		}
		HttpStatus status = (ex instanceof MessageRejectedException) ? HttpStatus.UNPROCESSABLE_CONTENT
				: HttpStatus.BAD_GATEWAY;
		return ResponseEntity.status(status).body(Map.of("message", String.valueOf(ex.getMessage())));
	}

	private static Map<String, String> faults(List<MessageFault> faults) {
		Map<String, String> fields = Map.of("To", "phone", "SendAt", "reminderAt", "Body", "customer");
		return faults.stream()
			.collect(Collectors.toMap((fault) -> fields.getOrDefault(fault.field(), "message"), MessageFault::problem,
					(first, second) -> first + "; " + second));
	}

	/**
	 * What the page's forms send.
	 *
	 * @param customer who is reminded
	 * @param phone a number in E.164 form
	 * @param startsAt when the appointment is
	 * @param reminderAt when the reminder goes out, {@code null} for at once
	 */
	record AppointmentForm(@Nullable String customer, @Nullable String phone, @Nullable Instant startsAt,
			@Nullable Instant reminderAt) {

		void check() {
			Map<String, String> faults = new LinkedHashMap<>();
			if (this.customer == null || this.customer.isBlank() || this.customer.length() > 100) {
				faults.put("customer", "must have 1 to 100 characters");
			}
			if (this.phone == null || this.phone.isBlank()) {
				faults.put("phone", "is missing");
			}
			if (this.startsAt == null) {
				faults.put("startsAt", "is missing");
			}
			if (!faults.isEmpty()) {
				throw new InvalidFormException(faults);
			}
		}

	}

	@SuppressWarnings("serial")
	static final class InvalidFormException extends RuntimeException {

		private final transient Map<String, String> faults;

		InvalidFormException(Map<String, String> faults) {
			super("Invalid form");
			this.faults = faults;
		}

		Map<String, String> faults() {
			return this.faults;
		}

	}

}
