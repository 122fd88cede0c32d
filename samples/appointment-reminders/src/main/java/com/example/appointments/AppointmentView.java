package com.example.appointments;

import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

import io.github.twiliospring.messaging.message.Masking;
import io.github.twiliospring.messaging.message.MessageStatus;
import org.jspecify.annotations.Nullable;

/**
 * What the page shows: an appointment with its reminder's way so far. Times are the
 * practice's.
 *
 * @param id tells appointments at the same time apart, and which came first
 * @param reference the appointment's own name
 * @param name whom to remind
 * @param phone where to, all but the last digits hidden
 * @param startsAt when the appointment is
 * @param remindAt when the reminder goes out, {@code null} for at once
 * @param messageStatus where the reminder stands
 * @param followUp what a person has to do now, or {@code null}
 * @param steps what happened, in the order in which a message goes through it, whatever
 * order the status updates came in; no time is before the one ahead of it
 */
record AppointmentView(@Nullable Long id, String reference, String name, String phone, LocalDateTime startsAt,
		@Nullable LocalDateTime remindAt, String messageStatus, @Nullable String followUp, List<Step> steps) {

	private static final Comparator<Step> IN_ORDER = Comparator.comparingInt((step) -> rank(step.status()));

	static AppointmentView of(Appointment appointment, List<Step> steps) {
		return new AppointmentView(appointment.id(), appointment.reference(), appointment.name(),
				Masking.address(appointment.phone()), appointment.startsAt(), appointment.remindAt(),
				appointment.messageStatus(), appointment.followUp(), inOrder(steps));
	}

	// What a status update says had happened before a later one came, however late it
	// came
	// itself.
	private static List<Step> inOrder(List<Step> steps) {
		List<Step> sorted = new ArrayList<>(steps);
		sorted.sort(IN_ORDER);
		for (int i = sorted.size() - 2; i >= 0; i--) {
			sorted.set(i, sorted.get(i).notLaterThan(sorted.get(i + 1)));
		}
		return List.copyOf(sorted);
	}

	// What the outbox did came first, in the order in which it was noted.
	private static int rank(String status) {
		return (status.equals(Step.WAITING) || status.equals(Step.MOVED)) ? -1 : MessageStatus.of(status).ordinal();
	}

}
