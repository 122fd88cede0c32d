package com.example.appointments;

import java.util.Locale;

import io.github.twiliospring.messaging.message.MessageError;
import io.github.twiliospring.messaging.message.MessageStatus;
import io.github.twiliospring.messaging.outbox.OutboxEntry;
import io.github.twiliospring.messaging.outbox.OutboxState;
import io.github.twiliospring.messaging.outbox.OutboxUpdate;
import io.github.twiliospring.messaging.webhook.StatusCallback;
import io.github.twiliospring.messaging.webhook.StatusUpdate;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.stereotype.Component;

/**
 * Takes the status updates, which find their row by the reference that the reminder was
 * sent with.
 */
@Component
class ReminderUpdates {

	private final AppointmentRepository appointments;

	private final StepRepository steps;

	private final Practice practice;

	private final AppointmentFeed feed;

	ReminderUpdates(AppointmentRepository appointments, StepRepository steps, Practice practice, AppointmentFeed feed) {
		this.appointments = appointments;
		this.steps = steps;
		this.practice = practice;
		this.feed = feed;
	}

	@StatusCallback
	Mono<Void> track(StatusUpdate update) {
		MessageError error = update.error();
		return Mono.justOrEmpty(update.reference())
			.flatMap((reference) -> this.appointments
				.noteUpdate(reference, update.messageSid(), update.rawStatus(), (error != null) ? error.code() : null)
				.doOnSuccess((noted) -> this.feed.changed(reference)))
			.then();
	}

	/**
	 * The timeline takes a status update, too, that a later one overtook.
	 */
	@StatusCallback(acceptLate = true)
	Mono<Void> note(StatusUpdate update) {
		MessageError error = update.error();
		Integer code = (error != null) ? error.code() : null;
		String message = (error != null) ? error.message() : null;
		return Mono.justOrEmpty(update.reference())
			.flatMap((reference) -> this.steps
				.noteUpdate(reference, this.practice.now(), update.rawStatus(), code, message)
				.doOnSuccess((noted) -> this.feed.changed(reference)))
			.then();
	}

	@StatusCallback({ MessageStatus.UNDELIVERED, MessageStatus.FAILED })
	Mono<Void> followUp(StatusUpdate update) {
		return Mono.justOrEmpty(update.reference())
			.flatMap((reference) -> this.appointments.noteFollowUp(reference, whatToDo(update.error()))
				.doOnSuccess((noted) -> this.feed.changed(reference)))
			.then();
	}

	/**
	 * What ended without a message, or nobody knows of, needs a person.
	 */
	@OutboxUpdate({ OutboxState.REJECTED, OutboxState.EXPIRED, OutboxState.UNRESOLVED })
	Mono<Void> notSent(OutboxEntry entry) {
		String status = entry.state().name().toLowerCase(Locale.ROOT);
		return this.appointments.noteStatus(entry.key(), status)
			.then(this.appointments.noteFollowUp(entry.key(), whatToDo(entry)))
			.then(this.steps.noteUpdate(entry.key(), this.practice.now(), status, entry.errorCode(), null))
			.doOnSuccess((noted) -> this.feed.changed(entry.key()))
			.then();
	}

	private static String whatToDo(OutboxEntry entry) {
		return switch (entry.state()) {
			case REJECTED -> "Not taken by the provider: call instead.";
			case EXPIRED -> "Not sent in time: call instead.";
			default -> "Nobody knows whether it was sent: ask.";
		};
	}

	private static String whatToDo(@Nullable MessageError error) {
		if (error == null) {
			return "Not delivered: call instead.";
		}
		return switch (error.category()) {
			case UNREACHABLE -> "Phone out of reach: call later.";
			case INVALID_RECIPIENT -> "Wrong number: ask for the right one.";
			case OPTED_OUT -> "No messages wanted: call instead.";
			default -> "Not delivered: call instead.";
		};
	}

}
