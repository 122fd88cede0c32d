package io.github.twiliospring.messaging.outbox;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many of the entries that an instance sends at a time may be of high priority: three
 * quarters, so that the others go on.
 */
final class Slots {

	private final int limit;

	private final AtomicInteger taken = new AtomicInteger();

	// Whether more may wait for one than there are.
	private volatile boolean wanted;

	/**
	 * Makes the slots.
	 * @param inFlight how many entries the instance sends at a time
	 */
	Slots(int inFlight) {
		this.limit = Math.max(1, inFlight * 3 / 4);
	}

	/**
	 * How many more may begin. More than those may wait, unless {@link #suffice()} says
	 * otherwise.
	 */
	int free() {
		// First, so that what is given back from here on isn't missed.
		this.wanted = true;
		return Math.max(0, this.limit - this.taken.get());
	}

	/**
	 * Nobody waits for a slot.
	 */
	void suffice() {
		this.wanted = false;
	}

	/**
	 * Takes one.
	 * @return {@code false} if none is free
	 */
	boolean take() {
		if (taken()) {
			return true;
		}
		this.wanted = true;
		return taken();
	}

	private boolean taken() {
		return this.taken.getAndUpdate((taken) -> Math.min(taken + 1, this.limit)) < this.limit;
	}

	/**
	 * Gives one back.
	 * @return whether somebody may wait for it
	 */
	boolean release() {
		this.taken.decrementAndGet();
		return this.wanted;
	}

}
