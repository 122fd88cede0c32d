package com.example.appointments;

import java.time.Duration;

import io.github.twiliospring.messaging.MessagingOperations;
import io.github.twiliospring.messaging.message.Message;
import io.github.twiliospring.messaging.message.MessageStatus;
import io.github.twiliospring.messaging.simulator.TwilioSimulator;
import io.github.twiliospring.messaging.simulator.boot.EnableTwilioSimulator;
import io.github.twiliospring.messaging.simulator.boot.TwilioSimulatorProperties.Clock;
import org.junit.jupiter.api.RepeatedTest;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;

import static io.github.twiliospring.messaging.message.OutboundMessage.to;
import static io.github.twiliospring.messaging.simulator.MessageMatcher.sid;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * One annotation puts a simulator of the test's own in place of the API, and resets it
 * before each test.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT, properties = "appointments.tour.enabled=false")
@EnableTwilioSimulator(clock = Clock.MANUAL)
class ReminderInTheMorningTests {

	@Autowired
	TwilioSimulator simulator;

	@Autowired
	MessagingOperations messaging;

	@RepeatedTest(2)
	void goesOutWhenTheClockSaysSoAndFindsNothingOfTheTestBefore() {
		assertThat(this.simulator.messages()).isEmpty();
		Message scheduled = this.messaging
			.schedule(to("+15558675310").body("See you at 9"),
					this.simulator.clock().instant().plus(Duration.ofHours(8)))
			.block();
		assertThat(scheduled.status()).isEqualTo(MessageStatus.SCHEDULED);
		this.simulator.clock().advance(Duration.ofHours(9));
		assertThat(this.simulator.awaitCallback(sid(scheduled.sid()), MessageStatus.DELIVERED)).isNotNull();
	}

}
