package com.example.appointments;

import java.time.LocalDateTime;

import io.github.twiliospring.messaging.MessagingOperations;
import io.github.twiliospring.messaging.error.MessageOutcomeUnknownException;
import io.github.twiliospring.messaging.error.MessagingException;
import io.github.twiliospring.messaging.message.Message;
import io.github.twiliospring.messaging.message.OutboundMessageBuilder;
import reactor.core.publisher.Mono;

import org.springframework.stereotype.Service;

import static io.github.twiliospring.messaging.message.OutboundMessage.to;

/**
 * Sends, schedules and cancels reminders. What becomes of them comes back to
 * {@link ReminderReports}.
 */
@Service
public class ReminderService {

	private final AppointmentRepository appointments;

	private final StepRepository steps;

	private final AppointmentFeed feed;

	private final MessagingOperations messaging;

	private final Practice practice;

	ReminderService(AppointmentRepository appointments, StepRepository steps, AppointmentFeed feed,
			MessagingOperations messaging, Practice practice) {
		this.appointments = appointments;
		this.steps = steps;
		this.feed = feed;
		this.messaging = messaging;
		this.practice = practice;
	}

	/**
	 * Stores an appointment and reminds of it at once.
	 * @param request what was filled in
	 * @return the row
	 */
	public Mono<Appointment> remindNow(AppointmentRequest request) {
		return Mono.fromSupplier(() -> request.forNow(this.practice.now())).flatMap(this::remind);
	}

	/**
	 * Stores an appointment and schedules its reminder.
	 * @param request what was filled in
	 * @return the row
	 */
	public Mono<Appointment> remindLater(AppointmentRequest request) {
		return Mono.fromSupplier(() -> request.forLater(this.practice.now())).flatMap(this::remind);
	}

	/**
	 * Cancels a scheduled reminder. The row changes when the report has come.
	 * @param reference the appointment's
	 * @return the row as it is, or empty where there's none
	 */
	public Mono<Appointment> cancel(String reference) {
		return this.appointments.findByReference(reference)
			.flatMap((appointment) -> (appointment.messageSid() != null)
					? this.messaging.cancel(appointment.messageSid()).thenReturn(appointment)
					: Mono.error(new NotCancelableException()));
	}

	private Mono<Appointment> remind(Appointment appointment) {
		// The row comes first, so that no report can be faster than it.
		return this.appointments.save(appointment)
			.flatMap((row) -> this.steps.save(new Step(null, row.reference(), this.practice.now(), null, null, null))
				.then(Mono.defer(() -> send(row)))
				.flatMap((message) -> noteAnswer(row, message))
				// It may have been sent. If so, a report will come and find the row.
				.onErrorResume(MessageOutcomeUnknownException.class, (unknown) -> Mono.just(0L))
				.onErrorResume(MessagingException.class,
						(notSent) -> this.appointments.delete(row).then(Mono.error(notSent)))
				.doOnSuccess((noted) -> this.feed.changed(row.reference()))
				.then(this.appointments.findByReference(row.reference())));
	}

	private Mono<Long> noteAnswer(Appointment row, Message message) {
		String status = message.status().value();
		return this.steps.noteAnswer(row.reference(), status)
			.then(this.appointments.noteAnswer(row.reference(), message.sid(), status));
	}

	private Mono<Message> send(Appointment appointment) {
		OutboundMessageBuilder reminder = to(appointment.phone())
			.body("Hello %s, this is a reminder of your appointment on %s.".formatted(appointment.name(),
					this.practice.inWords(appointment.startsAt())))
			.reference(appointment.reference());
		LocalDateTime remindAt = appointment.remindAt();
		return (remindAt != null) ? this.messaging.schedule(reminder, this.practice.zoned(remindAt))
				: this.messaging.send(reminder);
	}

}
