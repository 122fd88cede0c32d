package io.github.twiliospring.messaging.simulator;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

import io.github.twiliospring.messaging.simulator.control.Simulation;

/**
 * The simulator's clock: one that stands still until it's moved, or one that runs with
 * the system's and can be moved ahead of it. It never goes back. Safe on any thread.
 */
public final class SimulatorClock extends Clock {

	private final Simulation simulation;

	private final ZoneId zone;

	SimulatorClock(Simulation simulation, ZoneId zone) {
		this.simulation = simulation;
		this.zone = zone;
	}

	SimulatorClock(Simulation simulation) {
		this(simulation, ZoneOffset.UTC);
	}

	/**
	 * Moves the clock forward. When this returns, every message has passed the states
	 * that fell due on the way; its callbacks are on their way, not yet answered
	 * ({@link TwilioSimulator#awaitIdle} waits for that).
	 * @param duration how far, not negative
	 * @throws IllegalArgumentException for a negative duration
	 */
	public void advance(Duration duration) {
		this.simulation.advance(duration);
	}

	/**
	 * Moves the clock forward to an instant, like {@link #advance(Duration)}.
	 * @param instant where to
	 * @throws IllegalArgumentException for an instant before the present
	 */
	public void advanceTo(Instant instant) {
		this.simulation.advanceTo(instant);
	}

	/**
	 * Whether the clock stands still until it's moved.
	 * @return {@code false} for one that runs with the system's
	 */
	public boolean isManual() {
		return this.simulation.timeline().isManual();
	}

	@Override
	public ZoneId getZone() {
		return this.zone;
	}

	@Override
	public SimulatorClock withZone(ZoneId other) {
		return new SimulatorClock(this.simulation, other);
	}

	@Override
	public Instant instant() {
		return this.simulation.timeline().now();
	}

	@Override
	public boolean equals(Object other) {
		return other instanceof SimulatorClock clock && clock.simulation == this.simulation
				&& clock.zone.equals(this.zone);
	}

	@Override
	public int hashCode() {
		return System.identityHashCode(this.simulation) * 31 + this.zone.hashCode();
	}

	@Override
	public String toString() {
		return "SimulatorClock[" + (isManual() ? "manual" : "system") + ", " + instant() + ", " + this.zone + "]";
	}

}
