package io.github.twiliospring.messaging.simulator.engine;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;

import org.jspecify.annotations.Nullable;

/**
 * Tells the time: one that stands still until it's moved, or the system's with an offset.
 * It never goes back. Read on any thread, moved by its timeline alone.
 */
final class MovableClock {

	// The provider's dates have four digits for the year.
	private static final Instant END = Instant.parse("9999-12-31T23:59:59Z");

	private final @Nullable InstantSource system;

	// Where it stands, or last stood when someone looked.
	private Instant standing;

	private Duration offset = Duration.ZERO;

	private MovableClock(@Nullable InstantSource system, Instant start) {
		this.system = system;
		this.standing = start;
	}

	/** Stands on whole seconds, which is what the provider's dates can say. */
	static MovableClock manual(Instant start) {
		if (start.isBefore(Instant.EPOCH) || start.isAfter(END)) {
			throw new IllegalArgumentException("A clock starts between 1970 and " + END + ", not at " + start);
		}
		return new MovableClock(null, start.truncatedTo(ChronoUnit.SECONDS));
	}

	static MovableClock system() {
		return system(Clock.systemUTC());
	}

	static MovableClock system(InstantSource system) {
		return new MovableClock(system, Instant.EPOCH);
	}

	boolean isManual() {
		return this.system == null;
	}

	synchronized Instant now() {
		if (this.system != null) {
			Instant now = this.system.instant().plus(this.offset);
			if (now.isBefore(this.standing)) {
				// The system's clock was set back.
				this.offset = this.offset.plus(Duration.between(now, this.standing));
				now = this.standing;
			}
			this.standing = now.isAfter(END) ? END : now;
		}
		return this.standing;
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
	synchronized void goOn(Instant stood, Duration ahead) {
		if (!isManual()) {
			this.offset = ahead;
		}
		Instant now = now();
		if (now.isBefore(stood)) {
			move(now, stood);
		}
	}

	/** Moves a clock that stands still on to an event on its way; another one runs. */
	synchronized void pass(Instant due) {
		if (isManual() && due.isAfter(this.standing)) {
			this.standing = due;
		}
	}

	synchronized void move(Instant from, Instant to) {
		if (isManual()) {
			this.standing = to;
		}
		else {
			this.offset = this.offset.plus(Duration.between(from, to));
		}
	}

}
