package com.example.appointments;

import java.time.LocalDateTime;

import org.jspecify.annotations.Nullable;

import org.springframework.data.annotation.Id;

/**
 * A row: a step of a reminder's way. The first ones are the outbox's, those after them
 * the provider's status updates.
 *
 * @param id the primary key, {@code null} before it's stored
 * @param reference the appointment's
 * @param notedAt when it was noted, by the practice's clock
 * @param status where the reminder stood
 * @param errorCode why the message wasn't delivered, or {@code null}
 * @param errorMessage the same in words, or {@code null}
 */
public record Step(@Id @Nullable Long id, String reference, LocalDateTime notedAt, String status,
		@Nullable Integer errorCode, @Nullable String errorMessage) {

	/**
	 * The reminder lies in the outbox until its time.
	 */
	static final String WAITING = "waiting";

	/**
	 * The reminder waits for another time.
	 */
	static final String MOVED = "moved";

	/**
	 * The reminder was taken back, and is never sent.
	 */
	static final String CANCELED = "canceled";

	Step(String reference, LocalDateTime notedAt, String status) {
		this(null, reference, notedAt, status, null, null);
	}

	Step notLaterThan(Step next) {
		return this.notedAt.isAfter(next.notedAt)
				? new Step(this.id, this.reference, next.notedAt, this.status, this.errorCode, this.errorMessage)
				: this;
	}

}
