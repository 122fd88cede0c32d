package com.example.appointments;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

import org.springframework.data.annotation.Id;

/**
 * An appointment and its reminder.
 *
 * @param id the row's number, {@code null} before it's saved
 * @param customer who is reminded
 * @param phone where to
 * @param startsAt when the appointment is
 * @param reminderAt when the reminder goes out, {@code null} for at once
 * @param reference what ties the message to this row
 * @param messageSid the message, {@code null} until the API took it
 * @param messageStatus where the message stands
 * @param errorCode why it failed, {@code null} otherwise
 */
public record Appointment(@Nullable @Id Long id, String customer, String phone, Instant startsAt,
		@Nullable Instant reminderAt, String reference, @Nullable String messageSid, String messageStatus,
		@Nullable Integer errorCode) {

}
