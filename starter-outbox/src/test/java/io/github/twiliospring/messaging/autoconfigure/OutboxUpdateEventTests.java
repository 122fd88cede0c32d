package io.github.twiliospring.messaging.autoconfigure;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;

import io.github.twiliospring.messaging.outbox.MessagingOutbox;
import io.github.twiliospring.messaging.outbox.OutboxState;
import io.github.twiliospring.messaging.outbox.OutboxUpdateEvent;
import io.github.twiliospring.messaging.simulator.TwilioSimulator;
import io.github.twiliospring.messaging.simulator.boot.EnableTwilioSimulator;
import io.github.twiliospring.messaging.simulator.fault.Fault;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.event.EventListener;
import org.springframework.transaction.event.TransactionalEventListener;

import static io.github.twiliospring.messaging.message.OutboundMessage.to;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

/**
 * Listeners hear once of each state of an entry that methods hear of.
 */
@SpringBootTest(webEnvironment = WebEnvironment.NONE,
		properties = { "twilio.messaging.from=+15017122661", "twilio.messaging.outbox.events=true",
				"twilio.messaging.outbox.relay.poll-interval=100ms", "twilio.messaging.outbox.unresolved-after=1s",
				"twilio.messaging.outbox.pause.longest=1s", "twilio.messaging.outbox.pause.first=1s" })
@EnableTwilioSimulator
class OutboxUpdateEventTests {

	@Autowired
	TwilioSimulator simulator;

	@Autowired
	MessagingOutbox outbox;

	@Autowired
	Listeners listeners;

	@Test
	void eachStateIsHeardOnceAlsoInATransaction() {
		this.simulator.inject(Fault.status(400).times(1).on("POST"));
		send("rejected");
		assertThat(this.outbox.awaitEnded("rejected", Duration.ofMinutes(1)).state()).isEqualTo(OutboxState.REJECTED);
		send("sent");
		assertThat(this.outbox.awaitEnded("sent", Duration.ofMinutes(1)).state()).isEqualTo(OutboxState.SENT);
		for (List<OutboxUpdateEvent> events : List.of(this.listeners.heard, this.listeners.committed)) {
			assertThat(events).extracting((event) -> event.entry().key(), (event) -> event.entry().state())
				.containsOnlyOnce(tuple("rejected", OutboxState.REJECTED), tuple("sent", OutboxState.SENT));
		}
	}

	@Test
	void isPublishedAgainWhereAListenerFails() {
		this.listeners.failures = 1;
		send("failed");
		this.outbox.awaitEnded("failed", Duration.ofMinutes(1));
		assertThat(this.listeners.failures).isZero();
		assertThat(this.listeners.heard).filteredOn((event) -> event.entry().key().equals("failed")).hasSize(2);
		assertThat(this.listeners.committed).filteredOn((event) -> event.entry().key().equals("failed")).hasSize(1);
	}

	@Test
	void anEventPublicationRegistryCanStoreIt() {
		send("stored");
		this.outbox.awaitEnded("stored", Duration.ofMinutes(1));
		OutboxUpdateEvent event = this.listeners.committed.get(this.listeners.committed.size() - 1);
		String json = JsonMapper.shared().writeValueAsString(event);
		assertThat(JsonMapper.shared().readValue(json, OutboxUpdateEvent.class)).isEqualTo(event);
		assertThat(json).doesNotContain("5558675", "On its way");
	}

	private void send(String key) {
		this.outbox.send(key, to("+15558675310").body("On its way " + UUID.randomUUID()));
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import(Listeners.class)
	static class Application {

	}

	static class Listeners {

		final List<OutboxUpdateEvent> heard = new CopyOnWriteArrayList<>();

		final List<OutboxUpdateEvent> committed = new CopyOnWriteArrayList<>();

		volatile int failures;

		@EventListener
		void on(OutboxUpdateEvent event) {
			this.heard.add(event);
			if (this.failures > 0) {
				this.failures--;
				throw new IllegalStateException("not now");
			}
		}

		@TransactionalEventListener
		void onceCommitted(OutboxUpdateEvent event) {
			this.committed.add(event);
		}

	}

}
