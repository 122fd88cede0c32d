package com.example.appointments;

import java.time.LocalDateTime;
import java.util.Map;
import java.util.function.Function;

import io.github.twiliospring.messaging.message.OutboundMessageBuilder;
import io.github.twiliospring.messaging.outbox.MessagingOutbox;
import io.github.twiliospring.messaging.outbox.OutboxEntry;
import io.github.twiliospring.messaging.outbox.ReactiveMessagingOutbox;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.stereotype.Service;
import org.springframework.transaction.reactive.TransactionalOperator;

import static io.github.twiliospring.messaging.message.OutboundMessage.to;

/**
 * Promises, moves and cancels reminders. An appointment and its reminder are one
 * transaction: both are there, or neither. What becomes of a reminder comes back to
 * {@link ReminderUpdates}.
 */
@Service
public class ReminderService {

	private final AppointmentRepository appointments;

	private final StepRepository steps;

	private final AppointmentFeed feed;

	private final ReactiveMessagingOutbox outbox;

	private final TransactionalOperator transaction;

	private final Practice practice;

	ReminderService(AppointmentRepository appointments, StepRepository steps, AppointmentFeed feed,
			MessagingOutbox outbox, TransactionalOperator transaction, Practice practice) {
		this.appointments = appointments;
		this.steps = steps;
		this.feed = feed;
		this.outbox = outbox.reactive();
		this.transaction = transaction;
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
	 * Stores an appointment and its reminder, which waits for its time however far that
	 * is ahead.
	 * @param request what was filled in
	 * @return the row
	 */
	public Mono<Appointment> remindLater(AppointmentRequest request) {
		return Mono.fromSupplier(() -> request.forLater(this.practice.now())).flatMap(this::remind);
	}

	/**
	 * Cancels a reminder that waits.
	 * @param reference the appointment's
	 * @return the row as it is then, or empty where there's none
	 */
	public Mono<Appointment> cancel(String reference) {
		return change(reference,
				(appointment) -> certain(this.outbox.cancel(reference))
					.then(this.appointments.noteStatus(reference, Step.CANCELED))
					.then(note(reference, Step.CANCELED)));
	}

	/**
	 * Moves a reminder that waits to another time.
	 * @param reference the appointment's
	 * @param remindAt the other time, by the practice's clock
	 * @return the row as it is then, or empty where there's none
	 */
	public Mono<Appointment> move(String reference, LocalDateTime remindAt) {
		return change(reference, (appointment) -> {
			if (!remindAt.isAfter(this.practice.now()) || !remindAt.isBefore(appointment.startsAt())) {
				throw new InvalidAppointmentException(
						Map.of("remindAt", "The reminder must go out between now and the appointment."));
			}
			return certain(this.outbox.reschedule(reference, this.practice.zoned(remindAt).toInstant()))
				.then(this.appointments.noteMove(reference, remindAt))
				.then(note(reference, Step.MOVED));
		});
	}

	/**
	 * The appointments whose reminders wait for their time.
	 * @return the rows
	 */
	public Flux<Appointment> waiting() {
		return this.appointments.findByMessageStatusAndRemindAtNotNull(Step.WAITING);
	}

	private Mono<Appointment> remind(Appointment appointment) {
		return this.transaction
			.transactional(this.appointments.save(appointment)
				.flatMap((row) -> note(row.reference(), Step.WAITING).then(Mono.defer(() -> promise(row)))
					.thenReturn(row)))
			.doOnNext((row) -> this.feed.changed(row.reference()));
	}

	private Mono<Appointment> change(String reference, Function<Appointment, Mono<?>> change) {
		return this.transaction
			.transactional(this.appointments.findByReference(reference)
				.flatMap((appointment) -> change.apply(appointment).then(this.appointments.findByReference(reference))))
			.doOnNext((row) -> this.feed.changed(reference));
	}

	private static Mono<Boolean> certain(Mono<Boolean> done) {
		return done.filter(Boolean::booleanValue).switchIfEmpty(Mono.error(NotWaitingException::new));
	}

	private Mono<Step> note(String reference, String status) {
		return Mono.defer(() -> this.steps.save(new Step(reference, this.practice.now(), status)));
	}

	private Mono<OutboxEntry> promise(Appointment appointment) {
		OutboundMessageBuilder reminder = to(appointment.phone())
			.body("Hello %s, this is a reminder of your appointment on %s.".formatted(appointment.name(),
					this.practice.inWords(appointment.startsAt())))
			.reference(appointment.reference());
		LocalDateTime remindAt = appointment.remindAt();
		return (remindAt != null)
				? this.outbox.sendAt(appointment.reference(), reminder, this.practice.zoned(remindAt).toInstant())
				: this.outbox.send(appointment.reference(), reminder);
	}

}
