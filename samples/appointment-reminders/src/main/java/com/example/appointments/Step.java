package com.example.appointments;

import java.time.LocalDateTime;

import org.jspecify.annotations.Nullable;

import org.springframework.data.annotation.Id;

/**
 * A row: a step of a reminder's way. The first is what the API was asked, each other one
 * a status update.
 *
 * @param id the primary key, {@code null} before it's stored
 * @param reference the appointment's
 * @param notedAt when it was noted, by the practice's clock
 * @param status where the message stood, {@code null} while the API hasn't answered
 * @param errorCode why the message wasn't delivered, or {@code null}
 * @param errorMessage the same in words, or {@code null}
 */
public record Step(@Id @Nullable Long id, String reference, LocalDateTime notedAt, @Nullable String status,
		@Nullable Integer errorCode, @Nullable String errorMessage) {

}
