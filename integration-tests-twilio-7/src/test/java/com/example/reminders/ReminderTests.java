package com.example.reminders;

import java.time.Duration;

import io.github.twiliospring.messaging.message.MessageStatus;
import io.github.twiliospring.messaging.simulator.MessageMatcher;
import io.github.twiliospring.messaging.simulator.SimulatedMessage;
import io.github.twiliospring.messaging.simulator.TwilioSimulator;
import io.github.twiliospring.messaging.simulator.junit.TwilioSimulatorExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import static org.assertj.core.api.Assertions.assertThat;

@ExtendWith(TwilioSimulatorExtension.class)
class ReminderTests {

	@Test
	void aReminderIsDelivered(TwilioSimulator simulator) throws Exception {
		YourClient client = new YourClient(simulator.baseUrl(), simulator.accountSid(), simulator.authToken());
		client.send("+15558675310", "See you at 9");
		SimulatedMessage message = simulator.awaitMessage(MessageMatcher.sentTo("+15558675310"));
		assertThat(message.body()).startsWith("See you");
		simulator.clock().advance(Duration.ofHours(9));
		simulator.awaitMessage(MessageMatcher.sid(message.sid()).and(MessageMatcher.status(MessageStatus.DELIVERED)));
	}

}
