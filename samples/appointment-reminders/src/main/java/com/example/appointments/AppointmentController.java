package com.example.appointments;

import java.time.Duration;
import java.time.LocalDateTime;

import io.github.twiliospring.messaging.autoconfigure.TwilioConnectionDetails;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/**
 * What the page calls.
 */
@RestController
@RequestMapping("/api")
class AppointmentController {

	private static final Duration HEARTBEAT = Duration.ofSeconds(15);

	private final AppointmentRepository appointments;

	private final AppointmentFeed feed;

	private final ReminderService reminders;

	private final Practice practice;

	private final TwilioConnectionDetails connectionDetails;

	AppointmentController(AppointmentRepository appointments, AppointmentFeed feed, ReminderService reminders,
			Practice practice, TwilioConnectionDetails connectionDetails) {
		this.appointments = appointments;
		this.feed = feed;
		this.reminders = reminders;
		this.practice = practice;
		this.connectionDetails = connectionDetails;
	}

	@GetMapping("/appointments")
	Flux<Appointment> all() {
		return this.appointments.findAllByOrderByIdDesc();
	}

	@GetMapping(path = "/appointments/changes", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
	Flux<ServerSentEvent<Appointment>> changes() {
		// A comment now and then shows both sides that the connection still stands.
		Flux<ServerSentEvent<Appointment>> heartbeat = Flux.interval(Duration.ZERO, HEARTBEAT)
			.map((tick) -> ServerSentEvent.<Appointment>builder().comment("still here").build());
		return this.feed.changes()
			.map((appointment) -> ServerSentEvent.builder(appointment).build())
			.mergeWith(heartbeat);
	}

	@PostMapping("/appointments/remind-now")
	@ResponseStatus(HttpStatus.CREATED)
	Mono<Appointment> remindNow(@RequestBody AppointmentRequest request) {
		return this.reminders.remindNow(request);
	}

	@PostMapping("/appointments/remind-later")
	@ResponseStatus(HttpStatus.CREATED)
	Mono<Appointment> remindLater(@RequestBody AppointmentRequest request) {
		return this.reminders.remindLater(request);
	}

	@DeleteMapping("/appointments/{reference}/reminder")
	@ResponseStatus(HttpStatus.ACCEPTED)
	Mono<Appointment> cancel(@PathVariable String reference) {
		return this.reminders.cancel(reference)
			.switchIfEmpty(Mono.error(() -> new ResponseStatusException(HttpStatus.NOT_FOUND, "No such appointment")));
	}

	@GetMapping("/practice")
	PracticeView practice() {
		String localApi = this.connectionDetails.isLocal() ? this.connectionDetails.getBaseUrl().toString() : null;
		return new PracticeView(this.practice.now(), this.practice.zone().getId(), localApi);
	}

	/**
	 * What the page has to know.
	 *
	 * @param now the practice's time
	 * @param zone the practice's zone
	 * @param localApi the API, where it's on this machine and has a page of its own
	 */
	record PracticeView(LocalDateTime now, String zone, @Nullable String localApi) {

	}

}
