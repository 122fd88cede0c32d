package com.example.appointments;

import io.github.twiliospring.messaging.message.MessageError;
import io.github.twiliospring.messaging.message.MessageStatus;
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
class ReminderReports {

	private final AppointmentRepository appointments;

	private final StepRepository steps;

	private final Practice practice;

	private final AppointmentFeed feed;

	ReminderReports(AppointmentRepository appointments, StepRepository steps, Practice practice, AppointmentFeed feed) {
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
				.noteReport(reference, update.messageSid(), update.rawStatus(), (error != null) ? error.code() : null)
				.doOnSuccess((noted) -> this.feed.changed(reference)))
			.then();
	}

	/**
	 * The timeline takes a report, too, that a later one overtook.
	 */
	@StatusCallback(acceptLate = true)
	Mono<Void> note(StatusUpdate update) {
		MessageError error = update.error();
		Integer code = (error != null) ? error.code() : null;
		String message = (error != null) ? error.message() : null;
		return Mono.justOrEmpty(update.reference())
			.flatMap((reference) -> this.steps
				.noteReport(reference, this.practice.now(), update.rawStatus(), code, message)
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
