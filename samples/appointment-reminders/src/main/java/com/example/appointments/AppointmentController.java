package com.example.appointments;

import java.time.Duration;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;

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
import org.springframework.web.bind.annotation.PutMapping;
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

	private static final Duration TICK = Duration.ofSeconds(1);

	private final Calendar calendar;

	private final AppointmentFeed feed;

	private final ReminderService reminders;

	private final Practice practice;

	private final TwilioConnectionDetails connectionDetails;

	AppointmentController(Calendar calendar, AppointmentFeed feed, ReminderService reminders, Practice practice,
			TwilioConnectionDetails connectionDetails) {
		this.calendar = calendar;
		this.feed = feed;
		this.reminders = reminders;
		this.practice = practice;
		this.connectionDetails = connectionDetails;
	}

	@GetMapping("/appointments")
	Mono<List<AppointmentView>> all() {
		return this.calendar.all();
	}

	/**
	 * Everything that the page shows, now and from now on. Whoever was away asks again,
	 * and misses nothing.
	 */
	@GetMapping(path = "/appointments/changes", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
	Flux<ServerSentEvent<Object>> changes() {
		// Shows both sides that the connection still stands, too.
		Flux<ServerSentEvent<Object>> time = Flux.interval(Duration.ZERO, TICK)
			.onBackpressureDrop()
			.map((tick) -> event("time", practice()));
		// Changes are listened for before all are read, so that none falls between.
		Flux<ServerSentEvent<Object>> appointments = Flux.mergeSequential(
				this.calendar.all().map((all) -> event("all", all)),
				this.feed.changes().concatMap(this.calendar::view).map((change) -> event("change", change)));
		return Flux.merge(time, appointments);
	}

	@PostMapping("/appointments/remind-now")
	@ResponseStatus(HttpStatus.CREATED)
	Mono<AppointmentView> remindNow(@RequestBody AppointmentRequest request) {
		return this.reminders.remindNow(request).flatMap(this.calendar::view);
	}

	@PostMapping("/appointments/remind-later")
	@ResponseStatus(HttpStatus.CREATED)
	Mono<AppointmentView> remindLater(@RequestBody AppointmentRequest request) {
		return this.reminders.remindLater(request).flatMap(this.calendar::view);
	}

	@DeleteMapping("/appointments/{reference}/reminder")
	Mono<AppointmentView> cancel(@PathVariable String reference) {
		return this.reminders.cancel(reference)
			.flatMap(this.calendar::view)
			.switchIfEmpty(Mono.error(() -> new ResponseStatusException(HttpStatus.NOT_FOUND, "No such appointment")));
	}

	@PutMapping("/appointments/{reference}/reminder")
	Mono<AppointmentView> move(@PathVariable String reference, @RequestBody Move move) {
		LocalDateTime remindAt = move.remindAt();
		if (remindAt == null) {
			throw new InvalidAppointmentException(Map.of("remindAt", "Please say when to remind."));
		}
		return this.reminders.move(reference, remindAt)
			.flatMap(this.calendar::view)
			.switchIfEmpty(Mono.error(() -> new ResponseStatusException(HttpStatus.NOT_FOUND, "No such appointment")));
	}

	@GetMapping("/practice")
	PracticeView practice() {
		String localApi = this.connectionDetails.isLocal() ? this.connectionDetails.getBaseUrl().toString() : null;
		return new PracticeView(this.practice.now(), this.practice.zone().getId(), localApi);
	}

	private static ServerSentEvent<Object> event(String name, Object data) {
		return ServerSentEvent.builder(data).event(name).build();
	}

	/**
	 * Another time of a reminder.
	 *
	 * @param remindAt the practice's
	 */
	record Move(@Nullable LocalDateTime remindAt) {

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
