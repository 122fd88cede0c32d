package io.github.twiliospring.messaging.client;

import java.time.Duration;
import java.util.function.Function;

import io.github.twiliospring.messaging.error.ApiError;
import org.jspecify.annotations.Nullable;

/**
 * What is known after one attempt.
 *
 * @param <T> what a successful answer is read as
 */
sealed interface Outcome<T> {

	/**
	 * The same with another value, where there is one.
	 */
	@SuppressWarnings("unchecked")
	default <R> Outcome<R> map(Function<T, R> mapping) {
		// Only what was accepted has a value.
		return (this instanceof Accepted<T> accepted) ? new Accepted<>(mapping.apply(accepted.value()))
				: (Outcome<R>) this;
	}

	/**
	 * The API did it.
	 */
	record Accepted<T>(T value) implements Outcome<T> {

	}

	/**
	 * The API answered a definite no: nothing was done.
	 */
	record Rejected<T>(ApiError error, boolean repeatable, @Nullable Duration retryAfter) implements Outcome<T> {

		/**
		 * The same, not to be repeated.
		 */
		Rejected<T> once() {
			return new Rejected<>(this.error, false, this.retryAfter);
		}

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
