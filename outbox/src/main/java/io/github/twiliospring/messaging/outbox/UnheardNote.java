package io.github.twiliospring.messaging.outbox;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;

import org.apache.commons.logging.Log;
import org.jspecify.annotations.Nullable;

/**
 * Tells the log what no method hears of, since somebody has to. Once a minute will do.
 * Thread-safe.
 */
final class UnheardNote {

	private static final Duration INTERVAL = Duration.ofMinutes(1);

	private final OutboxUpdates updates;

	private final AtomicReference<@Nullable Instant> said = new AtomicReference<>();

	/**
	 * Has said nothing yet.
	 * @param updates hear of states
	 */
	UnheardNote(OutboxUpdates updates) {
		this.updates = updates;
	}

	/**
	 * Says it, where no method hears of that state.
	 */
	void say(Log logger, OutboxState state, Instant now, String text) {
		Instant last = this.said.get();
		if (!this.updates.hears(state) && (last == null || now.isAfter(last.plus(INTERVAL)))
				&& this.said.compareAndSet(last, now)) {
			logger.warn(text);
		}
	}

}
