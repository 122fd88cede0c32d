package com.example.reminders;

import io.github.twiliospring.messaging.outbox.MessagingOutbox;
import io.github.twiliospring.messaging.simulator.TwilioSimulator;
import io.github.twiliospring.messaging.simulator.boot.EnableTwilioSimulator;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;

import static io.github.twiliospring.messaging.message.OutboundMessage.to;
import static io.github.twiliospring.messaging.outbox.OutboxState.CANCELED;
import static io.github.twiliospring.messaging.outbox.OutboxState.SENT;
import static java.time.Duration.ofDays;
import static org.assertj.core.api.Assertions.assertThat;

@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
@EnableTwilioSimulator
class VisitsTests {

	@Autowired
	TwilioSimulator simulator;

	@Autowired
	MessagingOutbox outbox;

	@Test
	void aReminderGoesOutInTwoHundredDays() {
		promise("visit-8");
		simulator.clock().advance(ofDays(200));
		assertThat(outbox.awaitEnded("visit-8").state()).isEqualTo(SENT);
	}

	@Test
	void aCanceledReminderIsNeverSent() {
		promise("visit-9");
		outbox.cancel("visit-9");
		simulator.clock().advance(ofDays(200));
		assertThat(outbox.awaitEnded("visit-9").state()).isEqualTo(CANCELED);
		assertThat(simulator.messages()).isEmpty();
	}

	private void promise(String key) {
		outbox.sendAt(key, to("+15558675310").body("See you tomorrow"), simulator.clock().instant().plus(ofDays(200)));
	}

}
