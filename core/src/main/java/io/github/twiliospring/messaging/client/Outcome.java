package io.github.twiliospring.messaging.client;

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
	 */
	record Rejected<T>(ApiError error, @Nullable Duration retryAfter) implements Outcome<T> {

	}

	/**
	 * The request was never handed to a connection.
	 */
	record NotSent<T>(Throwable cause) implements Outcome<T> {

	}

	/**
	 * The request was handed to a connection, and no usable answer came.
	 */
	record Unknown<T>(String problem, @Nullable ApiError error, @Nullable Duration retryAfter,
			@Nullable Throwable cause) implements Outcome<T> {

	}

}
