package com.example.orders;

import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;

import io.github.twiliospring.messaging.MessagingOperations;
import io.github.twiliospring.messaging.error.InvalidMessageException;
import io.github.twiliospring.messaging.error.MessageNotSentException;
import io.github.twiliospring.messaging.error.MessageOutcomeUnknownException;
import io.github.twiliospring.messaging.error.MessageRejectedException;
import io.github.twiliospring.messaging.simulator.TwilioSimulator;
import io.github.twiliospring.messaging.simulator.fault.Fault;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.modulith.events.ApplicationModuleListener;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

import static io.github.twiliospring.messaging.message.OutboundMessage.to;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * The recipe of docs/operations.md: a message that's due is sent though the process ends,
 * and one that may exist is never sent again.
 */
class DurableSendingTests {

	private static final String CUSTOMER = "+15558675360";

	private static final Duration TIMEOUT = Duration.ofSeconds(30);

	private final String database = "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1";

	@Test
	void sendsAfterTheRestartWhatWasCommittedButNotBegun() throws InterruptedException {
		Killed killed = new Killed(true, false);
		try (ConfigurableApplicationContext before = start(killed)) {
			ship(before);
			killed.reached.await();
			assertThat(state(before)).isNull();
			assertThat(messages(before)).isZero();
		}
		try (ConfigurableApplicationContext after = start(new Killed(false, false))) {
			Awaitility.await().atMost(TIMEOUT).until(() -> "sent".equals(state(after)));
			assertThat(messages(after)).isOne();
		}
	}

	@Test
	void doesNotSendAgainAfterTheRestartWhatMayHaveBeenSent() throws InterruptedException {
		Killed killed = new Killed(false, true);
		try (ConfigurableApplicationContext before = start(killed)) {
			ship(before);
			killed.reached.await();
			assertThat(messages(before)).isOne();
			assertThat(state(before)).isEqualTo("begun");
		}
		try (ConfigurableApplicationContext after = start(new Killed(false, false))) {
			Awaitility.await().atMost(TIMEOUT).until(() -> "unknown".equals(state(after)));
			assertThat(messages(after)).isZero();
		}
	}

	@Test
	void doesNotSendAgainWhatHasAnUnknownOutcome() {
		try (ConfigurableApplicationContext before = start(new Killed(false, false))) {
			before.getBean(TwilioSimulator.class).inject(Fault.status(503).times(1));
			ship(before);
			Awaitility.await().atMost(TIMEOUT).until(() -> "unknown".equals(state(before)));
			Awaitility.await().atMost(TIMEOUT).until(() -> outstanding(before) == 0);
		}
		try (ConfigurableApplicationContext after = start(new Killed(false, false))) {
			assertThat(state(after)).isEqualTo("unknown");
			assertThat(messages(after)).isZero();
		}
	}

	private static void ship(ConfigurableApplicationContext context) {
		new TransactionTemplate(context.getBean(PlatformTransactionManager.class))
			.executeWithoutResult((status) -> context.publishEvent(new OrderShipped("order-60", CUSTOMER)));
	}

	private static String state(ConfigurableApplicationContext context) {
		return context.getBean(JdbcClient.class)
			.sql("select state from outgoing where id = 'order-60'")
			.query(String.class)
			.optional()
			.orElse(null);
	}

	private static long outstanding(ConfigurableApplicationContext context) {
		return context.getBean(JdbcClient.class)
			.sql("select count(*) from event_publication where completion_date is null")
			.query(Long.class)
			.single();
	}

	// Each start has a simulator of its own, so these are the messages since it.
	private static int messages(ConfigurableApplicationContext context) {
		return context.getBean(TwilioSimulator.class).messages().size();
	}

	private ConfigurableApplicationContext start(Killed killed) {
		SpringApplication application = new SpringApplication(OrderUpdatesApplication.class);
		application.addInitializers((context) -> {
			GenericApplicationContext beans = (GenericApplicationContext) context;
			beans.registerBean(Killed.class, () -> killed);
			beans.registerBean(Outgoing.class);
			beans.registerBean(OrderMessages.class);
		});
		return application.run(Stream
			// Events are published again before the web server listens.
			.of("twilio.messaging.webhook.public-url=http://localhost:9", "server.port=0",
					"spring.lifecycle.timeout-per-shutdown-phase=1s", "spring.datasource.url=" + this.database,
					"spring.modulith.events.jdbc.schema-initialization.enabled=true",
					"spring.modulith.events.republish-outstanding-events-on-restart=true")
			.map((property) -> "--" + property)
			.toArray(String[]::new));
	}

	/**
	 * Where the process ends.
	 */
	static class Killed {

		final CountDownLatch reached = new CountDownLatch(1);

		private final boolean beforeSending;

		private final boolean afterSending;

		Killed(boolean beforeSending, boolean afterSending) {
			this.beforeSending = beforeSending;
			this.afterSending = afterSending;
		}

		void beforeSending() {
			hang(this.beforeSending);
		}

		void afterSending() {
			hang(this.afterSending);
		}

		private void hang(boolean here) {
			if (here) {
				this.reached.countDown();
				try {
					new CountDownLatch(1).await();
				}
				catch (InterruptedException ex) {
					throw new IllegalStateException("The process ends", ex);
				}
			}
		}

	}

	record OrderShipped(String id, String customer) {

		@Override
		public String toString() {
			return "OrderShipped[id=" + this.id + "]";
		}

	}

	static class OrderMessages {

		private final MessagingOperations messaging;

		private final Outgoing outgoing;

		private final Killed killed;

		OrderMessages(MessagingOperations messaging, Outgoing outgoing, Killed killed) {
			this.messaging = messaging;
			this.outgoing = outgoing;
			this.killed = killed;
		}

		@ApplicationModuleListener
		void on(OrderShipped event) {
			this.killed.beforeSending();
			if (!this.outgoing.begin(event.id())) {
				return;
			}
			try {
				this.messaging.send(to(event.customer()).body("On its way").reference(event.id())).block();
				this.killed.afterSending();
				this.outgoing.end(event.id(), "sent");
			}
			catch (MessageNotSentException ex) {
				this.outgoing.forget(event.id());
				throw ex;
			}
			catch (MessageRejectedException | InvalidMessageException ex) {
				this.outgoing.end(event.id(), "rejected");
			}
			catch (MessageOutcomeUnknownException ex) {
				this.outgoing.end(event.id(), "unknown");
			}
		}

	}

	static class Outgoing {

		private final JdbcClient jdbc;

		private final TransactionTemplate transaction;

		Outgoing(JdbcClient jdbc, PlatformTransactionManager transactions) {
			this.jdbc = jdbc;
			this.transaction = new TransactionTemplate(transactions);
			this.transaction.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
			jdbc.sql("create table if not exists outgoing (id varchar(64) primary key, state varchar(16))").update();
		}

		// Committed before the request goes out; false if it was begun before.
		boolean begin(String id) {
			return Boolean.TRUE.equals(this.transaction.execute((status) -> {
				boolean again = this.jdbc.sql("update outgoing set state = 'unknown' where id = ? and state = 'begun'")
					.param(id)
					.update() > 0;
				boolean known = again || this.jdbc.sql("select count(*) from outgoing where id = ?")
					.param(id)
					.query(Long.class)
					.single() > 0;
				return !known && this.jdbc.sql("insert into outgoing values (?, 'begun')").param(id).update() > 0;
			}));
		}

		void end(String id, String state) {
			this.transaction.executeWithoutResult(
					(status) -> this.jdbc.sql("update outgoing set state = ? where id = ?").params(state, id).update());
		}

		void forget(String id) {
			this.transaction.executeWithoutResult(
					(status) -> this.jdbc.sql("delete from outgoing where id = ?").param(id).update());
		}

	}

}
