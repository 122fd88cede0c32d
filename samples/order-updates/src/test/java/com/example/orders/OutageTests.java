package com.example.orders;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

import io.github.twiliospring.messaging.message.Message;
import io.github.twiliospring.messaging.message.MessageStatus;
import io.github.twiliospring.messaging.outbox.MessagingOutbox;
import io.github.twiliospring.messaging.outbox.OutboxState;
import io.github.twiliospring.messaging.simulator.SimulatedMessage;
import io.github.twiliospring.messaging.simulator.TwilioSimulator;
import io.github.twiliospring.messaging.testsupport.FreePort;
import io.github.twiliospring.messaging.webhook.StatusCallback;
import io.github.twiliospring.messaging.webhook.StatusUpdate;
import io.github.twiliospring.messaging.webhook.sweep.MessageReferences;
import io.github.twiliospring.messaging.webhook.sweep.StatusSweep;
import io.github.twiliospring.messaging.webhook.sweep.StatusSweep.SweepResult;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The application is down while its messages are delivered: the provider's retries end
 * long before it's back, and a sweep brings what they couldn't.
 */
class OutageTests {

	private static final int ORDERS = 120;

	private static final Duration TIMEOUT = Duration.ofSeconds(30);

	private final Journal journal = new Journal();

	@Test
	void bringsEveryMessagesLastStatusOnceAfterAMinuteDown() throws IOException {
		afterAnOutageOf(Duration.ofMinutes(1));
	}

	@Test
	void bringsEveryMessagesLastStatusOnceAfterAnHourDown() throws IOException {
		afterAnOutageOf(Duration.ofHours(1));
	}

	private void afterAnOutageOf(Duration outage) throws IOException {
		try (TwilioSimulator simulator = TwilioSimulator.builder().manualClock().start()) {
			int port = FreePort.find();
			try (ConfigurableApplicationContext before = start(simulator, port)) {
				for (int i = 0; i < ORDERS; i++) {
					before.getBean(OrderUpdates.class).ship("order-" + i, "+1555867%04d".formatted(i));
				}
				MessagingOutbox outbox = before.getBean(MessagingOutbox.class);
				for (int i = 0; i < ORDERS; i++) {
					assertThat(outbox.awaitEnded("order-" + i, TIMEOUT).state()).isEqualTo(OutboxState.SENT);
				}
			}
			Instant beforeOutage = simulator.clock().instant().minus(outage);
			simulator.clock().advance(outage);
			simulator.awaitIdle(TIMEOUT);
			assertThat(this.journal.statuses).as("while it was down").isEmpty();
			for (SimulatedMessage message : simulator.messages()) {
				this.journal.references.put(message.sid(), "of " + message.sid());
			}
			try (ConfigurableApplicationContext after = start(simulator, port,
					"twilio.messaging.webhook.sweep.interval=1h")) {
				Awaitility.await().atMost(TIMEOUT).until(() -> this.journal.statuses.size() == ORDERS);
				SweepResult again = after.getBean(StatusSweep.class).since(beforeOutage).block(TIMEOUT);
				assertThat(again).isEqualTo(new SweepResult(ORDERS, 0, 0));
			}
			assertThat(this.journal.statuses.keySet()).isEqualTo(this.journal.references.keySet());
			assertThat(this.journal.statuses.values())
				.allSatisfy((statuses) -> assertThat(statuses).containsExactly(MessageStatus.DELIVERED));
			assertThat(this.journal.mismatches).isEmpty();
		}
	}

	private ConfigurableApplicationContext start(TwilioSimulator simulator, int port, String... properties) {
		SpringApplication application = new SpringApplication(OrderUpdatesApplication.class);
		application.addInitializers(
				(context) -> ((GenericApplicationContext) context).registerBean(Journal.class, () -> this.journal));
		String[] all = { "server.port=" + port, "twilio.simulator.enabled=false",
				"twilio.base-url=" + simulator.baseUrl(), "twilio.account-sid=" + simulator.accountSid(),
				"twilio.auth-token=" + simulator.authToken(),
				"twilio.messaging.webhook.public-url=http://localhost:" + port };
		return application.run(Stream.of(all, properties)
			.flatMap(Arrays::stream)
			.map((property) -> "--" + property)
			.toArray(String[]::new));
	}

	/**
	 * Outlives the application, as a database would.
	 */
	static class Journal implements MessageReferences {

		final Map<String, List<MessageStatus>> statuses = new ConcurrentHashMap<>();

		final Map<String, String> references = new ConcurrentHashMap<>();

		final List<StatusUpdate> mismatches = new CopyOnWriteArrayList<>();

		@StatusCallback
		void note(StatusUpdate update) {
			if (!String.valueOf(update.reference()).equals(this.references.get(update.messageSid()))) {
				this.mismatches.add(update);
			}
			this.statuses.computeIfAbsent(update.messageSid(), (sid) -> new CopyOnWriteArrayList<>())
				.add(update.status());
		}

		@Override
		public Mono<String> referenceOf(Message message) {
			return Mono.justOrEmpty(this.references.get(message.sid()));
		}

	}

}
