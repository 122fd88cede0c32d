package io.github.twiliospring.messaging.outbox;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.Supplier;

/**
 * The two times of the outbox. Both follow the database's clock, so that a machine whose
 * own is wrong sends nothing early and takes nobody for dead. The application's decides
 * what is due, and may stand still or jump in a test; db-scheduler's is real time always,
 * since it waits by it and counts heartbeats.
 */
final class OutboxClock {

	// What is less is how long it takes to read two clocks.
	private static final Duration NOISE = Duration.ofMillis(500);

	private final Clock application;

	private final Clock machine;

	private volatile Duration toDatabase = Duration.ZERO;

	private volatile boolean synchronizedOnce;

	/**
	 * Makes the clock.
	 * @param application what decides what is due
	 * @param machine this machine's time, right or wrong
	 */
	OutboxClock(Clock application, Clock machine) {
		this.application = application;
		this.machine = machine;
	}

	/**
	 * Takes the database's time over.
	 * @param database tells it
	 */
	void synchronize(Supplier<Instant> database) {
		this.toDatabase = difference(database);
		this.synchronizedOnce = true;
	}

	boolean isSynchronized() {
		return this.synchronizedOnce;
	}

	/**
	 * Takes the database's time over if that was never done. What is told may be as old
	 * as a transaction.
	 * @param database tells it
	 */
	void synchronizeOnce(Supplier<Instant> database) {
		if (!this.synchronizedOnce) {
			Duration difference = difference(database);
			// Not in place of one that is better.
			if (!this.synchronizedOnce) {
				this.toDatabase = difference;
				this.synchronizedOnce = true;
			}
		}
	}

	private Duration difference(Supplier<Instant> database) {
		Instant told = database.get();
		// It was told before now: nothing is sent early, however long it took to hear it.
		Duration difference = Duration.between(machine(), told);
		return (difference.abs().compareTo(NOISE) < 0) ? Duration.ZERO : difference;
	}

	/**
	 * The time by which entries are due.
	 */
	Instant now() {
		return this.application.instant().plus(this.toDatabase).truncatedTo(ChronoUnit.MILLIS);
	}

	/**
	 * The time by which db-scheduler waits.
	 */
	Instant real() {
		return machine().plus(this.toDatabase);
	}

	/**
	 * When db-scheduler has to wake us for what is due at a time.
	 */
	Instant toReal(Instant due) {
		return due.minus(ahead());
	}

	/**
	 * A time that isn't past: an entry doesn't expire before its first attempt.
	 */
	static Instant later(Instant asked, Instant now) {
		return asked.isAfter(now) ? asked : now;
	}

	private Instant machine() {
		return this.machine.instant();
	}

	/**
	 * How far the application's clock is ahead of real time.
	 */
	Duration ahead() {
		Duration ahead = Duration.between(machine(), this.application.instant());
		return (ahead.abs().compareTo(NOISE) < 0) ? Duration.ZERO : ahead;
	}

}
