package io.github.twiliospring.messaging.simulator;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;

import io.github.twiliospring.messaging.simulator.junit.TwilioSimulatorExtension;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The simulator of a field that isn't static.
 */
class OwnSimulatorTests {

	private static final Instant START = Instant.parse("2026-03-02T09:00:00Z");

	private static final Set<TwilioSimulator> SEEN = new HashSet<>();

	@RegisterExtension
	final TwilioSimulatorExtension extension = new TwilioSimulatorExtension((builder) -> builder.manualClock(START));

	@AfterEach
	void stillRuns(TwilioSimulator simulator) {
		assertThat(new ApiClient(simulator).send().status()).isEqualTo(201);
	}

	@RepeatedTest(2)
	void eachTestHasOneWhoseClockBeginsAtTheSameTime(TwilioSimulator simulator) {
		assertOwn(simulator);
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2 })
	void eachRowHasOneWhoseClockBeginsAtTheSameTime(int days) {
		assertOwn(this.extension.simulator());
	}

	private static void assertOwn(TwilioSimulator simulator) {
		assertThat(SEEN.add(simulator)).as("seen for the first time").isTrue();
		assertThat(simulator.clock().instant()).isEqualTo(START);
		simulator.clock().advance(Duration.ofDays(1));
	}

	@Nested
	class InANestedClass {

		@Test
		void itIsThatOfTheOuterField(TwilioSimulator simulator) {
			assertThat(simulator).isSameAs(OwnSimulatorTests.this.extension.simulator());
			assertOwn(simulator);
		}

	}

}
