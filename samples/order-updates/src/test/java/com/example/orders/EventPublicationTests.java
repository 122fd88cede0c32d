package com.example.orders;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;

import io.github.twiliospring.messaging.message.MessageStatus;
import io.github.twiliospring.messaging.simulator.MessageMatcher;
import io.github.twiliospring.messaging.simulator.SimulatedCallback;
import io.github.twiliospring.messaging.simulator.TwilioSimulator;
import io.github.twiliospring.messaging.webhook.StatusUpdate;
import io.github.twiliospring.messaging.webhook.StatusUpdateEvent;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.modulith.events.ApplicationModuleListener;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Spring Modulith's event publication registry, in a database, takes over durability.
 */
class EventPublicationTests {

	private static final String CUSTOMER = "+15558675330";

	private static final Duration TIMEOUT = Duration.ofSeconds(30);

	private final String database = "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1";

	@Test
	void handlesAReportAfterTheRestartThoughTheApplicationWasKilledBetweenReceiptAndHandling() {
		Listener killed = new Listener(true);
		try (ConfigurableApplicationContext before = start(killed)) {
			before.getBean(OrderUpdates.class).ship("order-45", CUSTOMER).block(TIMEOUT);
			SimulatedCallback callback = before.getBean(TwilioSimulator.class)
				.awaitCallback(MessageMatcher.to(CUSTOMER), MessageStatus.DELIVERED);
			assertThat(callback.attempts()).extracting(SimulatedCallback.Attempt::httpStatus).containsExactly(204);
			Awaitility.await().atMost(TIMEOUT).until(() -> killed.begun.contains("order-45 delivered"));
		}
		assertThat(killed.handled).isEmpty();
		Listener restarted = new Listener(false);
		try (ConfigurableApplicationContext after = start(restarted)) {
			assertThat(after.isRunning()).isTrue();
			Awaitility.await().atMost(TIMEOUT).until(() -> restarted.handled.contains("order-45 delivered"));
		}
		assertThat(restarted.handled).doesNotHaveDuplicates();
		Listener again = new Listener(false);
		start(again).close();
		assertThat(again.begun).as("what was handled isn't published again").isEmpty();
	}

	private ConfigurableApplicationContext start(Listener listener) {
		SpringApplication application = new SpringApplication(OrderUpdatesApplication.class);
		application.addInitializers(
				(context) -> ((GenericApplicationContext) context).registerBean(Listener.class, () -> listener));
		return application.run(Stream
			.of("server.port=0", "spring.lifecycle.timeout-per-shutdown-phase=1s",
					"twilio.messaging.webhook.events=true", "spring.datasource.url=" + this.database,
					"spring.modulith.events.jdbc.schema-initialization.enabled=true",
					"spring.modulith.events.republish-outstanding-events-on-restart=true")
			.map((property) -> "--" + property)
			.toArray(String[]::new));
	}

	static class Listener {

		final List<String> begun = new CopyOnWriteArrayList<>();

		final List<String> handled = new CopyOnWriteArrayList<>();

		private final boolean hang;

		Listener(boolean hang) {
			this.hang = hang;
		}

		@ApplicationModuleListener
		void on(StatusUpdateEvent event) throws InterruptedException {
			StatusUpdate update = event.toUpdate();
			String what = update.reference() + " " + update.rawStatus();
			this.begun.add(what);
			if (this.hang) {
				new CountDownLatch(1).await();
			}
			this.handled.add(what);
		}

	}

}
