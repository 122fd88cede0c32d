package io.github.twiliospring.messaging.simulator.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A clock that runs with the system's.
 */
class MovableClockTests {

	private static final Instant START = Instant.parse("2026-03-02T09:00:00Z");

	private final AtomicReference<Instant> system = new AtomicReference<>(START);

	private final MovableClock clock = MovableClock.system(this.system::get);

	@Test
	void goesOnWhereItWasWhenTheSystemClockIsSetBack() {
		assertThat(this.clock.now()).isEqualTo(START);
		this.system.set(START.minusSeconds(3600));
		assertThat(this.clock.now()).isEqualTo(START);
		this.system.set(START.minusSeconds(3590));
		assertThat(this.clock.now()).isEqualTo(START.plusSeconds(10));
	}

	@Test
	void endsWithTheYear9999() {
		Instant end = Instant.parse("9999-12-31T23:59:59Z");
		this.clock.move(START, end.minusSeconds(1));
		assertThat(this.clock.now()).isEqualTo(end.minusSeconds(1));
		this.system.set(START.plus(Duration.ofDays(1)));
		assertThat(this.clock.now()).isEqualTo(end);
		assertThat(this.clock.after(Duration.ZERO)).isEqualTo(end);
	}

}
