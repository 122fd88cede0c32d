package io.github.twiliospring.messaging.simulator.assertj;

import io.github.twiliospring.messaging.simulator.SimulatedMessage;
import org.jspecify.annotations.Nullable;

/**
 * Entry point of AssertJ's assertions for messages; its static import stands beside
 * AssertJ's own.
 */
public final class SimulatorAssertions {

	private SimulatorAssertions() {
	}

	/**
	 * Begins assertions about a message.
	 * @param actual the message
	 * @return the assertions
	 */
	public static SimulatedMessageAssert assertThat(@Nullable SimulatedMessage actual) {
		return new SimulatedMessageAssert(actual);
	}

}
