package io.github.twiliospring.messaging.simulator;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

import io.github.twiliospring.messaging.simulator.engine.Timeline;

/**
 * The simulator's clock: one that stands still until it's moved, or one that runs with
 * the system's and can be moved ahead of it. It never goes back. Safe on any thread.
 */
public final class SimulatorClock extends Clock {

	private final Timeline timeline;

	private final ZoneId zone;

	SimulatorClock(Timeline timeline, ZoneId zone) {
		this.timeline = timeline;
		this.zone = zone;
	}

	SimulatorClock(Timeline timeline) {
		this(timeline, ZoneOffset.UTC);
	}

	/**
	 * Moves the clock forward. When this returns, every message has passed the states
	 * that fell due on the way; its callbacks are on their way, not yet answered
	 * ({@link TwilioSimulator#awaitIdle} waits for that).
	 * @param duration how far, not negative
	 * @throws IllegalArgumentException for a negative duration
	 */
	public void advance(Duration duration) {
		this.timeline.advance(duration);
	}

	/**
	 * Moves the clock forward to an instant, like {@link #advance(Duration)}.
	 * @param instant where to
	 * @throws IllegalArgumentException for an instant before the present
	 */
	public void advanceTo(Instant instant) {
		this.timeline.advanceTo(instant);
	}

	/**
	 * Whether the clock stands still until it's moved.
	 * @return {@code false} for one that runs with the system's
	 */
	public boolean isManual() {
		return this.timeline.isManual();
	}

	@Override
	public ZoneId getZone() {
		return this.zone;
	}

	@Override
	public SimulatorClock withZone(ZoneId other) {
		return new SimulatorClock(this.timeline, other);
	}

	@Override
	public Instant instant() {
		return this.timeline.now();
	}

	@Override
	public boolean equals(Object other) {
		return other instanceof SimulatorClock clock && clock.timeline == this.timeline && clock.zone.equals(this.zone);
	}

	@Override
	public int hashCode() {
		return System.identityHashCode(this.timeline) * 31 + this.zone.hashCode();
	}

	@Override
	public String toString() {
		return "SimulatorClock[" + (isManual() ? "manual" : "system") + ", " + instant() + ", " + this.zone + "]";
	}

}
