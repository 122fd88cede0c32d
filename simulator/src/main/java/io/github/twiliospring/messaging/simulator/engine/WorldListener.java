package io.github.twiliospring.messaging.simulator.engine;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * Hears of all that happens in a world, inside it: so it's short and never blocks.
 */
public interface WorldListener {

	/**
	 * A message came, or its status changed.
	 * @param message the message
	 * @param initial whether this is its first status
	 */
	default void message(StoredMessage message, boolean initial) {
	}

	/**
	 * A message changed in something else than its status.
	 * @param message the message
	 */
	default void edited(StoredMessage message) {
	}

	/**
	 * A message was deleted, or dropped from the history.
	 * @param message the message as it was
	 */
	default void removed(StoredMessage message) {
	}

	/**
	 * A callback got further.
	 * @param callback the callback
	 */
	default void callback(Callback callback) {
	}

	/**
	 * The API was called.
	 * @param call the call and its answer
	 */
	default void call(ApiCall call) {
	}

	/**
	 * A rule or fault came, went, or applies less often than before.
	 */
	default void rules() {
	}

	/**
	 * The clock was moved.
	 * @param now where it stands
	 */
	default void clock(Instant now) {
	}

	/**
	 * Everything was forgotten.
	 * @param accountSid of one account, or {@code null} for all
	 */
	default void reset(@Nullable String accountSid) {
	}

}
