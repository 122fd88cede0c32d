package com.example.reminders;

import java.time.Duration;

import io.github.twiliospring.messaging.message.MessageStatus;
import io.github.twiliospring.messaging.simulator.MessageMatcher;
import io.github.twiliospring.messaging.simulator.TwilioSimulator;
import io.github.twiliospring.messaging.simulator.junit.TwilioSimulatorExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

class SlowNetworkTests {

	@RegisterExtension
	static TwilioSimulatorExtension twilio = new TwilioSimulatorExtension(
			(builder) -> builder.delay(Duration.ofSeconds(1)));

	@Test
	void aReminderStaysASecondInEachStatus(TwilioSimulator simulator) throws Exception {
		new YourClient(simulator.baseUrl(), simulator.accountSid(), simulator.authToken()).send("+15558675310", "Hi");
		simulator.clock().advance(Duration.ofMillis(900));
		assertThat(simulator.awaitMessage(MessageMatcher.any()).status()).isEqualTo(MessageStatus.QUEUED);
	}

}
