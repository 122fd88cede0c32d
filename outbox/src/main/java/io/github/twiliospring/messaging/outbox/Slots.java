package io.github.twiliospring.messaging.outbox;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many of the entries that an instance sends at a time may be of high priority: three
 * quarters, so that the others go on.
 */
final class Slots {

	private final int limit;

	private final AtomicInteger taken = new AtomicInteger();

	/**
	 * Makes the slots.
	 * @param inFlight how many entries the instance sends at a time
	 */
	Slots(int inFlight) {
		this.limit = Math.max(1, inFlight * 3 / 4);
	}

	/**
	 * How many more may begin.
	 */
	int free() {
		return Math.max(0, this.limit - this.taken.get());
	}

	/**
	 * Takes one.
	 * @return {@code false} if none is free
	 */
	boolean take() {
		return this.taken.getAndUpdate((taken) -> Math.min(taken + 1, this.limit)) < this.limit;
	}

	/**
	 * Gives one back.
	 * @return whether it was the last one that was missing: somebody may wait for it
	 */
	boolean release() {
		return this.taken.getAndDecrement() == this.limit;
	}

}
