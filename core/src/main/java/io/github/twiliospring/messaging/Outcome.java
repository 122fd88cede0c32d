package io.github.twiliospring.messaging;

import java.time.Duration;

import io.github.twiliospring.messaging.error.ApiError;
import org.jspecify.annotations.Nullable;

/**
 * What is known after one attempt.
 *
 * @param <T> what a successful answer is read as
 */
sealed interface Outcome<T> {

	/**
	 * The API did it.
	 */
	record Accepted<T>(T value) implements Outcome<T> {

	}

	/**
	 * The API answered a definite no: nothing was done.
	 *
	 * @param again whether the same may succeed later: a 429, and a 503 that counts as
	 * not processed
	 */
	record Rejected<T>(ApiError error, boolean again, @Nullable Duration retryAfter) implements Outcome<T> {

		/**
		 * Whether it's a 503, by which the API says nothing of the request itself.
		 */
		boolean isUnavailable() {
			return this.error.httpStatus() == 503;
		}

	}

	/**
	 * The request was never handed to a connection.
	 */
	record NotSent<T>(String problem, @Nullable Throwable cause) implements Outcome<T> {

	}

	/**
	 * The request was handed to a connection, and no usable answer came.
	 */
	record Unknown<T>(String problem, @Nullable ApiError error, @Nullable Duration retryAfter,
			@Nullable Throwable cause) implements Outcome<T> {

		Unknown(String problem, @Nullable Throwable cause) {
			this(problem, null, null, cause);
		}

	}

}
