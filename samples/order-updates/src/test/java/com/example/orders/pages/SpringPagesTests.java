package com.example.orders.pages;

import io.github.twiliospring.messaging.BlockingMessagingOperations;
import io.github.twiliospring.messaging.message.Message;
import io.github.twiliospring.messaging.simulator.MessageMatcher;
import io.github.twiliospring.messaging.simulator.TwilioSimulator;
import io.github.twiliospring.messaging.simulator.boot.EnableTwilioSimulator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.test.context.TestPropertySource;

import static io.github.twiliospring.messaging.message.MessageStatus.DELIVERED;
import static io.github.twiliospring.messaging.message.OutboundMessage.to;
import static io.github.twiliospring.messaging.simulator.MessageMatcher.sid;
import static java.time.Duration.ofHours;

/**
 * Code of the README, docs/simulator.md and docs/scheduling.md that needs an application,
 * run. {@link PagesTests} finds it here.
 */
// A URL for elsewhere, as an application is configured with, isn't called in a test.
@TestPropertySource(properties = { "twilio.messaging.messaging-service-sid=MG0123456789abcdef0123456789abcdef",
		"twilio.messaging.webhook.public-url=http://localhost:1" })
class SpringPagesTests {

	@Nested
	// @formatter:off
	@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
	@EnableTwilioSimulator
	class ReminderTests {

	    @Autowired
	    TwilioSimulator simulator;

	    @Autowired
	    BlockingMessagingOperations messaging;

	    @Test
	    void aReminderGoesOutInTheMorning() {
	        Message scheduled = messaging.schedule(to("+15558675310").body("See you at 9"),
	                simulator.clock().instant().plus(ofHours(8)));
	        simulator.clock().advance(ofHours(9));
	        simulator.awaitCallback(sid(scheduled.sid()), DELIVERED);
	    }

	}
	// @formatter:on

	@Nested
	@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
	@EnableTwilioSimulator
	class AtYourDeskTests {

		@Test
		void aScheduledMessageIsDelivered(@Autowired BlockingMessagingOperations messaging,
				@Autowired TwilioSimulator simulator) {
			// @formatter:off
			messaging.schedule(to("+15558675310").body("See you at 9"),
			        simulator.clock().instant().plus(ofHours(2)));
			simulator.clock().advance(ofHours(2));
			simulator.awaitCallback(MessageMatcher.sentTo("+15558675310"), DELIVERED);
			// @formatter:on
		}

	}

}
