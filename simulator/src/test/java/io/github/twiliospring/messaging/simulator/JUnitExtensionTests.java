package io.github.twiliospring.messaging.simulator;

import io.github.twiliospring.messaging.simulator.junit.TwilioSimulatorExtension;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The simulator as a parameter of tests.
 */
@ExtendWith(TwilioSimulatorExtension.class)
class JUnitExtensionTests {

	private static int port;

	@RepeatedTest(2)
	void startsAnewBeforeEachTest(TwilioSimulator simulator) {
		assertThat(simulator.messages()).isEmpty();
		new ApiClient(simulator).send();
		assertThat(simulator.awaitMessage(MessageMatcher.sentTo(ApiClient.TO)).body()).isEqualTo("Hi");
		assertThat(simulator.clock().isManual()).isTrue();
		port = simulator.port();
	}

	@Nested
	class InANestedClass {

		@Test
		void sharesTheSimulatorOfTheOuterClass(TwilioSimulator simulator) {
			assertThat(port).isIn(0, simulator.port());
			assertThat(new ApiClient(simulator).send().status()).isEqualTo(201);
		}

	}

}
