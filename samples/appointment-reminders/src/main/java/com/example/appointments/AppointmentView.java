package com.example.appointments;

import java.time.LocalDateTime;
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
 * @param messageStatus where the message stands, {@code null} until that's known
 * @param followUp what a person has to do now, or {@code null}
 * @param steps what happened, in the order in which a message goes through it, whatever
 * order the reports came in
 */
record AppointmentView(@Nullable Long id, String reference, String name, String phone, LocalDateTime startsAt,
		@Nullable LocalDateTime remindAt, @Nullable String messageStatus, @Nullable String followUp, List<Step> steps) {

	private static final Comparator<Step> IN_ORDER = Comparator.comparingInt((step) -> rank(step.status()));

	static AppointmentView of(Appointment appointment, List<Step> steps) {
		return new AppointmentView(appointment.id(), appointment.reference(), appointment.name(),
				Masking.address(appointment.phone()), appointment.startsAt(), appointment.remindAt(),
				appointment.messageStatus(), appointment.followUp(), steps.stream().sorted(IN_ORDER).toList());
	}

	private static int rank(@Nullable String status) {
		return (status != null) ? MessageStatus.of(status).ordinal() : -1;
	}

}
