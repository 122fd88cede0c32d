package io.github.twiliospring.messaging.simulator;

import java.time.Duration;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A simulator that is closed in the middle of its work.
 */
@ExtendWith(OutputCaptureExtension.class)
class ClosedSimulatorTests {

	@Test
	void closesWithHundredsOfCallbacksUnderWayAndSaysNothing(CapturedOutput output) throws Exception {
		try (RawServer application = new RawServer()) {
			application.answer("");
			try (TwilioSimulator simulator = TwilioSimulator.builder().manualClock(SimulatorPage.START).start()) {
				ApiClient api = new ApiClient(simulator);
				for (int i = 0; i < 200; i++) {
					api.send("StatusCallback", application.url("/status#rc=1&rp=all"));
				}
				simulator.clock().advance(Duration.ofMinutes(2));
			}
			// What ends on loops that are gone says so a moment later.
			Awaitility.await()
				.during(Duration.ofSeconds(1))
				.atMost(Duration.ofSeconds(20))
				.untilAsserted(() -> assertThat(output).doesNotContain("Force-closing")
					.doesNotContain("RejectedExecutionException")
					.doesNotContain("onErrorDropped"));
		}
	}

}
