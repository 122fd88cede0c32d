package io.github.twiliospring.messaging.simulator.engine;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * What happens to a message next. It's data, so that it outlives a restart.
 *
 * @param due when
 * @param kind what
 * @param errorCode why a message fails, or won't be delivered once it's sent, or
 * {@code null}
 */
public record PlannedStep(Instant due, Kind kind, @Nullable Integer errorCode) {

	/**
	 * What happens.
	 */
	public enum Kind {

		/** Its Messaging Service picks the sender. */
		PICK_SENDER,

		/** It leaves the queue. */
		SEND,

		/** The carrier takes it. */
		HAND_OVER,

		/** It's delivered, or isn't. */
		ARRIVE,

		/** Its recipient opens it. */
		OPEN,

		/** It fails. */
		FAIL

	}

}
