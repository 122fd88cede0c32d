package io.github.twiliospring.messaging.simulator.network;

import java.time.Duration;

/**
 * How long a message stays in each status, on the simulator's clock.
 *
 * @param accepted until a Messaging Service has picked its sender
 * @param queued until the sending begins
 * @param sending until the carrier has taken it
 * @param sent until the carrier reports its delivery
 * @param delivered until the recipient opens it, on channels that report this
 */
public record Delays(Duration accepted, Duration queued, Duration sending, Duration sent, Duration delivered) {

	/** The longest delay of anything on demand: longer ones are a slip of the hand. */
	public static final Duration LONGEST = Duration.ofDays(365);

	/** A tenth of a second each: fast, and still to be seen by an eye. */
	public static final Delays DEFAULT = all(Duration.ofMillis(100));

	/**
	 * Checks that none is negative or longer than a year.
	 * @param accepted until a Messaging Service has picked its sender
	 * @param queued until the sending begins
	 * @param sending until the carrier has taken it
	 * @param sent until the carrier reports its delivery
	 * @param delivered until the recipient opens it
	 */
	public Delays {
		for (Duration delay : new Duration[] { accepted, queued, sending, sent, delivered }) {
			check(delay);
		}
	}

	/**
	 * Checks one delay.
	 * @param delay the delay
	 * @return the delay
	 * @throws IllegalArgumentException if it's negative or longer than a year
	 */
	public static Duration check(Duration delay) {
		if (delay.isNegative()) {
			throw new IllegalArgumentException("A delay can't be negative: " + delay);
		}
		if (delay.compareTo(LONGEST) > 0) {
			throw new IllegalArgumentException("A delay is at most " + LONGEST.toDays() + " days, not " + delay);
		}
		return delay;
	}

	/**
	 * The same for every status.
	 * @param delay not negative
	 * @return the delays
	 */
	public static Delays all(Duration delay) {
		return new Delays(delay, delay, delay, delay, delay);
	}

}
