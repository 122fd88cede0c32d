package com.example.appointments;

import java.time.LocalDateTime;

import org.jspecify.annotations.Nullable;

import org.springframework.data.annotation.Id;

/**
 * A row: an appointment and what became of its reminder. Times are the practice's.
 *
 * @param id the primary key, {@code null} before it's stored
 * @param reference travels with the message and comes back with each status update
 * @param name whom to remind
 * @param phone where to
 * @param startsAt when the appointment is
 * @param remindAt when the reminder goes out, {@code null} for at once
 * @param messageSid the message, {@code null} until a status update has told
 * @param messageStatus where the reminder stands
 * @param errorCode why the message wasn't delivered, or {@code null}
 * @param followUp what a person has to do now, or {@code null}
 */
public record Appointment(@Id @Nullable Long id, String reference, String name, String phone, LocalDateTime startsAt,
		@Nullable LocalDateTime remindAt, @Nullable String messageSid, String messageStatus,
		@Nullable Integer errorCode, @Nullable String followUp) {

}
