package com.example.orders;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.github.twiliospring.messaging.message.MessageStatus;
import io.github.twiliospring.messaging.simulator.MessageMatcher;
import io.github.twiliospring.messaging.simulator.SimulatedCallback;
import io.github.twiliospring.messaging.simulator.TwilioSimulator;
import io.github.twiliospring.messaging.webhook.StatusCallback;
import io.github.twiliospring.messaging.webhook.StatusUpdate;
import io.github.twiliospring.messaging.webhook.StatusUpdateEvent;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.event.EventListener;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A handler fails; the provider repeats by the rules of the URL that was filled in.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT, properties = "twilio.messaging.webhook.events=true")
class FailingHandlerTests {

	private static final String CUSTOMER = "+15558675320";

	@Autowired
	TwilioSimulator simulator;

	@Autowired
	OrderUpdates updates;

	@Autowired
	Handlers handlers;

	@Test
	void losesNothingThoughOneOfThreeHandlersFailsTwiceAndRunsThatOneAloneAgain() {
		this.updates.ship("order-44", CUSTOMER);
		SimulatedCallback callback = this.simulator.awaitCallback(MessageMatcher.sentTo(CUSTOMER),
				MessageStatus.DELIVERED);
		assertThat(callback.attempts()).extracting(SimulatedCallback.Attempt::httpStatus)
			.containsExactly(500, 500, 204);
		assertThat(this.handlers.failing).containsExactly("delivered", "delivered", "delivered");
		assertThat(this.handlers.steady).containsOnlyOnce("delivered");
		assertThat(this.handlers.events).containsOnlyOnce("order-44 delivered");
		assertThat(this.updates.all()).contains(new Order("order-44", CUSTOMER, "delivered"));
	}

	@TestConfiguration(proxyBeanMethods = false)
	static class Configuration {

		@Bean
		Handlers handlers() {
			return new Handlers();
		}

	}

	static class Handlers {

		final List<String> failing = new CopyOnWriteArrayList<>();

		final List<String> steady = new CopyOnWriteArrayList<>();

		final List<String> events = new CopyOnWriteArrayList<>();

		@StatusCallback(MessageStatus.DELIVERED)
		void fail(StatusUpdate update) {
			this.failing.add(update.rawStatus());
			if (this.failing.size() < 3) {
				throw new IllegalStateException("The database is away");
			}
		}

		@StatusCallback
		void note(StatusUpdate update) {
			this.steady.add(update.rawStatus());
		}

		@EventListener
		void on(StatusUpdateEvent event) {
			this.events.add(event.toUpdate().reference() + " " + event.toUpdate().rawStatus());
		}

	}

}
