package io.github.twiliospring.messaging.outbox;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * What a step of an entry came to.
 *
 * @param known whether it's known without reading the entry again
 * @param nextAt when it has to be looked at next, or {@code null} for never
 */
record Step(boolean known, @Nullable Instant nextAt) {

	/** Somebody else may have moved the entry, or somebody has to be told. */
	static final Step UNSURE = new Step(false, null);

	/**
	 * After an entry was moved.
	 * @param moved whether it was
	 * @param tell whether the application has to hear of it
	 * @param nextAt when it has to be looked at next, or {@code null} for never
	 */
	static Step of(boolean moved, boolean tell, @Nullable Instant nextAt) {
		return (moved && !tell) ? new Step(true, nextAt) : UNSURE;
	}

}
