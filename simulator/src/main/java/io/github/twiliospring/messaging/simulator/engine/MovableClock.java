package io.github.twiliospring.messaging.simulator.engine;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * Tells the time: one that stands still until it's moved, or the system's with an offset.
 * It never goes back. Read on any thread, moved by its timeline alone.
 */
final class MovableClock {

	// The provider's dates have four digits for the year.
	private static final Instant END = Instant.parse("9999-12-31T23:59:59Z");

	private final boolean manual;

	private volatile Instant standing;

	private volatile Duration offset = Duration.ZERO;

	private MovableClock(boolean manual, Instant start) {
		this.manual = manual;
		this.standing = start;
	}

	/** Stands on whole seconds, which is what the provider's dates can say. */
	static MovableClock manual(Instant start) {
		if (start.isBefore(Instant.EPOCH) || start.isAfter(END)) {
			throw new IllegalArgumentException("A clock starts between 1970 and " + END + ", not at " + start);
		}
		return new MovableClock(true, start.truncatedTo(ChronoUnit.SECONDS));
	}

	static MovableClock system() {
		return new MovableClock(false, Instant.EPOCH);
	}

	boolean isManual() {
		return this.manual;
	}

	Instant now() {
		return this.manual ? this.standing : Clock.systemUTC().instant().plus(this.offset);
	}

	/**
	 * Where the clock would stand after a move.
	 * @param duration how far
	 * @return the instant
	 * @throws IllegalArgumentException if that's backwards, or after the year 9999
	 */
	Instant after(Duration duration) {
		if (duration.isNegative()) {
			throw new IllegalArgumentException("The clock can't go back, as it would by " + duration);
		}
		Instant now = now();
		if (duration.compareTo(Duration.between(now, END)) > 0) {
			throw new IllegalArgumentException(
					"The clock ends at " + END + ", which is before " + duration + " from now");
		}
		return now.plus(duration);
	}

	/**
	 * Checks where the clock is to stand.
	 * @param instant where
	 * @return the instant
	 * @throws IllegalArgumentException if that's backwards, or after the year 9999
	 */
	Instant check(Instant instant) {
		if (instant.isBefore(now())) {
			throw new IllegalArgumentException("The clock can't go back to " + instant);
		}
		if (instant.isAfter(END)) {
			throw new IllegalArgumentException("The clock ends at " + END + ", which is before " + instant);
		}
		return instant;
	}

	/** How far it was moved ahead of the system's. */
	Duration ahead() {
		return this.offset;
	}

	/** Goes on from where another clock stood, and never stands before that. */
	void goOn(Instant stood, Duration ahead) {
		if (!this.manual) {
			this.offset = ahead;
		}
		Instant now = now();
		if (now.isBefore(stood)) {
			move(now, stood);
		}
	}

	/** Moves a clock that stands still on to an event on its way; another one runs. */
	void pass(Instant due) {
		if (this.manual && due.isAfter(this.standing)) {
			this.standing = due;
		}
	}

	void move(Instant from, Instant to) {
		if (this.manual) {
			this.standing = to;
		}
		else {
			this.offset = this.offset.plus(Duration.between(from, to));
		}
	}

}
