package com.example.appointments;

import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * What someone filled in. Times are the practice's.
 *
 * @param name whom to remind
 * @param phone where to
 * @param startsAt when the appointment is
 * @param remindAt when the reminder shall go out, {@code null} for at once
 */
public record AppointmentRequest(@Nullable String name, @Nullable String phone, @Nullable LocalDateTime startsAt,
		@Nullable LocalDateTime remindAt) {

	private static final int NAME_LIMIT = 100;

	private static final Pattern PHONE = Pattern.compile("\\+[1-9]\\d{6,14}");

	Appointment forNow(LocalDateTime now) {
		return toAppointment(problems(now), null);
	}

	Appointment forLater(LocalDateTime now) {
		Map<String, String> problems = problems(now);
		if (this.remindAt == null) {
			problems.put("remindAt", "Please say when to remind.");
		}
		else if (!this.remindAt.isAfter(now)) {
			problems.put("remindAt", "The reminder must lie in the future.");
		}
		else if (this.startsAt != null && !this.remindAt.isBefore(this.startsAt)) {
			problems.put("remindAt", "The reminder must go out before the appointment.");
		}
		return toAppointment(problems, this.remindAt);
	}

	private Map<String, String> problems(LocalDateTime now) {
		Map<String, String> problems = new LinkedHashMap<>();
		if (this.name == null || this.name.isBlank()) {
			problems.put("name", "Please give a name.");
		}
		else if (this.name.length() > NAME_LIMIT) {
			problems.put("name", "A name has at most %d characters.".formatted(NAME_LIMIT));
		}
		if (this.phone == null || !PHONE.matcher(this.phone).matches()) {
			problems.put("phone", "Please give a number with + and country code, as in +15558675310.");
		}
		if (this.startsAt == null) {
			problems.put("startsAt", "Please say when the appointment is.");
		}
		else if (!this.startsAt.isAfter(now)) {
			problems.put("startsAt", "The appointment must be in the future.");
		}
		return problems;
	}

	private Appointment toAppointment(Map<String, String> problems, @Nullable LocalDateTime remindAt) {
		if (!problems.isEmpty() || this.name == null || this.phone == null || this.startsAt == null) {
			throw new InvalidAppointmentException(problems);
		}
		return new Appointment(null, "appointment-" + UUID.randomUUID().toString().substring(0, 13), this.name.strip(),
				this.phone, this.startsAt, remindAt, null, Step.WAITING, null, null);
	}

}
