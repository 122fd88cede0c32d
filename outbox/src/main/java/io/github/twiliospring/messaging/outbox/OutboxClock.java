package io.github.twiliospring.messaging.outbox;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

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

	private volatile Duration toDatabase = Duration.ZERO;

	/**
	 * Makes the clock.
	 * @param application what decides what is due
	 */
	OutboxClock(Clock application) {
		this.application = application;
	}

	/**
	 * Takes the database's time over.
	 * @param database what it said
	 * @param before when it was asked
	 * @param after when it had answered
	 */
	void synchronize(Instant database, Instant before, Instant after) {
		Instant asked = before.plus(Duration.between(before, after).dividedBy(2));
		Duration difference = Duration.between(asked, database);
		this.toDatabase = (difference.abs().compareTo(NOISE) < 0) ? Duration.ZERO : difference;
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
		return Instant.now().plus(this.toDatabase);
	}

	/**
	 * When db-scheduler has to wake us for what is due at a time.
	 */
	Instant toReal(Instant due) {
		return due.minus(ahead());
	}

	/**
	 * How far the application's clock is ahead of real time.
	 */
	Duration ahead() {
		Duration ahead = Duration.between(Instant.now(), this.application.instant());
		return (ahead.abs().compareTo(NOISE) < 0) ? Duration.ZERO : ahead;
	}

}
