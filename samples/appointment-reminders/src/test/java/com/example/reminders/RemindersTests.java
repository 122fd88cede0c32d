package com.example.reminders;

import io.github.twiliospring.messaging.BlockingMessagingOperations;
import io.github.twiliospring.messaging.message.Message;
import io.github.twiliospring.messaging.simulator.TwilioSimulator;
import io.github.twiliospring.messaging.simulator.boot.EnableTwilioSimulator;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;

import static io.github.twiliospring.messaging.message.MessageStatus.CANCELED;
import static io.github.twiliospring.messaging.message.MessageStatus.DELIVERED;
import static io.github.twiliospring.messaging.message.OutboundMessage.to;
import static io.github.twiliospring.messaging.simulator.MessageMatcher.body;
import static io.github.twiliospring.messaging.simulator.MessageMatcher.sid;
import static java.time.Duration.ofHours;

@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
@EnableTwilioSimulator
class RemindersTests {

	@Autowired
	TwilioSimulator simulator;

	@Autowired
	BlockingMessagingOperations messaging;

	@Test
	void aMessageIsDelivered() {
		Message sent = messaging.send(to("+15558675310").body("Your table is ready").reference("table-7"));
		simulator.awaitCallback(sid(sent.sid()), DELIVERED);
	}

	@Test
	void aReminderGoesOutAtItsTime() {
		Message scheduled = scheduleInEightHours();
		simulator.clock().advance(ofHours(9));
		simulator.awaitCallback(sid(scheduled.sid()), DELIVERED);
	}

	@Test
	void aReminderIsCanceled() {
		Message scheduled = scheduleInEightHours();
		messaging.cancel(scheduled.sid());
		simulator.awaitCallback(sid(scheduled.sid()), CANCELED);
	}

	@Test
	void whoWritesGetsAnAnswer() {
		simulator.receive("+15558675310", "+15017122661", "Hello");
		simulator.awaitMessage(body("You wrote: Hello"));
	}

	private Message scheduleInEightHours() {
		return messaging.schedule(to("+15558675310").body("See you tomorrow").reference("visit-8"),
				simulator.clock().instant().plus(ofHours(8)));
	}

}
