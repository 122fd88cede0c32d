package io.github.twiliospring.messaging.message;

import java.time.Instant;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * The attempt to send a message: what has to be known of it to find out later what became
 * of it, even by another process. Immutable.
 *
 * @param message the message, as it was given or as it went out
 * @param sendId the random id in its StatusCallback URL, which only the status updates of
 * this very send carry, or {@code null} without one
 * @param attemptedAt when it was attempted, on the clock of the caller
 */
public record SendAttempt(OutboundMessage message, @Nullable String sendId, Instant attemptedAt) {

	/**
	 * Refuses what is missing.
	 * @throws NullPointerException if message or time is {@code null}
	 */
	public SendAttempt {
		Objects.requireNonNull(message, "The message is missing");
		Objects.requireNonNull(attemptedAt, "The time of the attempt is missing");
	}

}
