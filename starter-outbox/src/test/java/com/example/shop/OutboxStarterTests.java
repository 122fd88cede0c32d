package com.example.shop;

import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import io.github.twiliospring.messaging.message.MessageStatus;
import io.github.twiliospring.messaging.outbox.MessagingOutbox;
import io.github.twiliospring.messaging.outbox.OutboxEntry;
import io.github.twiliospring.messaging.outbox.OutboxState;
import io.github.twiliospring.messaging.outbox.OutboxUpdate;
import io.github.twiliospring.messaging.simulator.MessageMatcher;
import io.github.twiliospring.messaging.simulator.SimulatedMessage;
import io.github.twiliospring.messaging.simulator.TwilioSimulator;
import io.github.twiliospring.messaging.simulator.boot.EnableTwilioSimulator;
import io.github.twiliospring.messaging.simulator.fault.Fault;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

import static io.github.twiliospring.messaging.message.OutboundMessage.to;
import static io.github.twiliospring.messaging.outbox.OutboxState.EXPIRED;
import static io.github.twiliospring.messaging.outbox.OutboxState.REJECTED;
import static io.github.twiliospring.messaging.outbox.OutboxState.UNRESOLVED;
import static java.time.Duration.ofDays;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

/**
 * An application that has nothing but the starter and a database.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = { "twilio.messaging.from=+15017122661", "twilio.messaging.outbox.relay.poll-interval=200ms" })
@EnableTwilioSimulator
class OutboxStarterTests {

	private static final Duration TIMEOUT = Duration.ofMinutes(1);

	@Autowired
	TwilioSimulator simulator;

	@Autowired
	MessagingOutbox outbox;

	@Autowired
	Orders orders;

	@Autowired
	Updates updates;

	@Test
	void sendsWithTheTransactionAndFollowsTheStatus() {
		this.orders.ship(new Order("1", "+15558675310", this.simulator.clock().instant()));
		await().atMost(TIMEOUT).until(() -> state("ship-1") == OutboxState.SENT);
		this.simulator.clock().advance(Duration.ofMinutes(1));
		await().atMost(TIMEOUT)
			.until(() -> this.outbox.find("ship-1").orElseThrow().lastStatus() == MessageStatus.DELIVERED);
		this.simulator.clock().advance(Duration.ofDays(60));
		await().atMost(TIMEOUT).until(() -> state("review-1") == OutboxState.SENT);
		assertThat(this.simulator.messages().stream().filter(MessageMatcher.sentTo("+15558675310")::matches))
			.hasSize(2);
	}

	@Test
	void sendsNothingWhereTheTransactionFails() {
		assertThatIllegalStateException().isThrownBy(
				() -> this.orders.shipAndFail(new Order("2", "+15558675312", this.simulator.clock().instant())));
		assertThat(this.outbox.find("ship-2")).isEmpty();
	}

	@Test
	void aStatusCallbackSettlesWhatTheAnswerDidnt() {
		this.simulator.inject(Fault.resetAfter().times(1).on("POST"));
		this.simulator.inject(Fault.status(503).on("GET"));
		this.orders.ship(new Order("3", "+15558675313", this.simulator.clock().instant()));
		SimulatedMessage message = this.simulator.awaitMessage(MessageMatcher.sentTo("+15558675313"), TIMEOUT);
		this.simulator.clock().advance(Duration.ofMinutes(1));
		await().atMost(TIMEOUT).until(() -> state("ship-3") == OutboxState.SENT);
		assertThat(this.outbox.find("ship-3").orElseThrow().messageSid()).isEqualTo(message.sid());
	}

	@Test
	void methodsHearOfWhatWasRejected() {
		this.simulator.inject(Fault.status(400).times(1).on("POST"));
		this.orders.ship(new Order("4", "+15558675314", this.simulator.clock().instant()));
		await().atMost(TIMEOUT).until(() -> this.updates.heard.contains("ship-4"));
	}

	private OutboxState state(String key) {
		return this.outbox.find(key).map(OutboxEntry::state).orElse(null);
	}

	@SpringBootApplication
	@Import({ OrderRepository.class, Orders.class, Updates.class })
	static class Shop {

	}

	@Component
	static class Orders {

		private final OrderRepository orders;

		private final MessagingOutbox outbox;

		Orders(OrderRepository orders, MessagingOutbox outbox) {
			this.orders = orders;
			this.outbox = outbox;
		}

		// @formatter:off
		@Transactional
		public void ship(Order order) {
		    orders.save(order);
		    outbox.send("ship-" + order.id(), to(order.phone()).body("On its way"));
		    outbox.sendAt("review-" + order.id(), to(order.phone()).body("How was it?"),
		            order.due().plus(ofDays(60)));
		}
		// @formatter:on

		@Transactional
		public void shipAndFail(Order order) {
			ship(order);
			throw new IllegalStateException("no stock");
		}

	}

	record Order(String id, String phone, Instant due) {

	}

	@Repository
	static class OrderRepository {

		private final JdbcClient database;

		OrderRepository(JdbcClient database) {
			this.database = database;
		}

		void save(Order order) {
			this.database.sql("insert into orders (id) values (?)").param(order.id()).update();
		}

	}

	@Component
	static class Updates {

		final Set<String> heard = ConcurrentHashMap.newKeySet();

		// @formatter:off
		@OutboxUpdate({UNRESOLVED, REJECTED, EXPIRED})
		void tell(OutboxEntry entry) {
		    heard.add(entry.key());
		}
		// @formatter:on

	}

}
