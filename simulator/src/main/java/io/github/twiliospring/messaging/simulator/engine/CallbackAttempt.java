package io.github.twiliospring.messaging.simulator.engine;

import java.time.Duration;
import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * One request of a callback and what came of it.
 *
 * @param number 1 for the first
 * @param at when it began, on the simulator's clock
 * @param took how long it took, in real time
 * @param answer what came of it
 */
public record CallbackAttempt(int number, Instant at, Duration took, WebhookAnswer answer) {

	/** Whether the application took it: an answer below 400. */
	boolean succeeded() {
		return failureKind() == null;
	}

	/**
	 * Whether the application answered what was asked for, rather than with an error or
	 * with another address.
	 */
	boolean isAnswered() {
		Integer status = this.answer.status();
		return status != null && status < 300;
	}

	/**
	 * How it failed, in the words of the retry rules.
	 * @return {@code 4xx}, {@code 5xx}, {@code ct} (no connection), {@code rt} (no
	 * answer), or {@code null} if it succeeded
	 */
	public @Nullable String failureKind() {
		Integer status = this.answer.status();
		if (status == null) {
			return this.answer.connected() ? "rt" : "ct";
		}
		return (status < 400) ? null : (status < 500) ? "4xx" : "5xx";
	}

}
