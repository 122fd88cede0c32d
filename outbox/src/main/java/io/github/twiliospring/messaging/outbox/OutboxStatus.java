package io.github.twiliospring.messaging.outbox;

import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * How many entries an outbox has, and how late it is: of the whole database, whichever
 * instance asks.
 *
 * @param entries how many there are in each state, all of them named;
 * {@link #MOST_COUNTED} stands for as many or more
 * @param lag how long ago the entry that waits for longest should have been looked at,
 * zero where none waits. The pause after an attempt that sent nothing is no lag.
 */
public record OutboxStatus(Map<OutboxState, Long> entries, Duration lag) {

	/** Where counting ends, so that it costs the same however many there are. */
	public static final int MOST_COUNTED = 100_000;

	/**
	 * Keeps a copy.
	 * @param entries how many there are
	 * @param lag how late it is
	 */
	public OutboxStatus(Map<OutboxState, Long> entries, Duration lag) {
		EnumMap<OutboxState, Long> copy = new EnumMap<>(OutboxState.class);
		for (OutboxState state : OutboxState.values()) {
			copy.put(state, entries.getOrDefault(state, 0L));
		}
		this.entries = Collections.unmodifiableMap(copy);
		this.lag = lag;
	}

}
