package io.github.twiliospring.messaging;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * A token bucket that keeps retries near a tenth of all sends in a long outage: each
 * retry takes one token, each send gives back a tenth. Thread-safe, never blocks.
 */
final class RetryBudget {

	private static final int RETRY_COST = 10;

	private final int capacity;

	private final AtomicInteger tenths;

	/**
	 * Starts full.
	 * @param capacity the retries that are possible at once, 0 to 1,000,000
	 */
	RetryBudget(int capacity) {
		if (capacity < 0 || capacity > 1_000_000) {
			throw new IllegalArgumentException("The retry budget must be 0 to 1,000,000, not " + capacity);
		}
		this.capacity = capacity * RETRY_COST;
		this.tenths = new AtomicInteger(this.capacity);
	}

	void deposit() {
		this.tenths.getAndUpdate((current) -> Math.min(this.capacity, current + 1));
	}

	boolean tryWithdraw() {
		int before = this.tenths.getAndUpdate((current) -> (current >= RETRY_COST) ? current - RETRY_COST : current);
		return before >= RETRY_COST;
	}

}
