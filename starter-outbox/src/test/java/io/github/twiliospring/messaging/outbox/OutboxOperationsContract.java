package io.github.twiliospring.messaging.outbox;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

import io.github.twiliospring.messaging.simulator.MessageMatcher;
import io.github.twiliospring.messaging.simulator.TwilioSimulator;
import io.github.twiliospring.messaging.simulator.fault.Fault;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.support.DefaultListableBeanFactory;

import static io.github.twiliospring.messaging.message.OutboundMessage.to;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * What an operator and a test learn of an outbox, in every database.
 */
abstract class OutboxOperationsContract {

	private static final String CUSTOMER = "+15558675310";

	private final Updates updates = new Updates();

	private TwilioSimulator simulator;

	private TestOutbox test;

	/**
	 * A database without tables.
	 */
	abstract String jdbcUrl();

	abstract String platform();

	@BeforeEach
	void start() {
		this.simulator = TestOutbox.simulator();
		this.test = create().withSchema(platform());
	}

	@AfterEach
	void stop() {
		this.test.close();
		this.simulator.close();
	}

	private TestOutbox create() {
		DefaultListableBeanFactory beans = new DefaultListableBeanFactory();
		beans.registerSingleton("updates", this.updates);
		return TestOutbox.of(jdbcUrl(), TestOutbox.template(this.simulator.baseUrl().toString()),
				(builder) -> builder.clock(this.simulator.clock())
					.beanFactory(beans)
					.unresolvedAfter(Duration.ofSeconds(1)));
	}

	@Test
	void countsEntriesByStateAndTellsHowLateTheOldestIs() {
		assertThat(reader(10).read()).satisfies((status) -> {
			assertThat(status.entries()).containsOnlyKeys(OutboxState.values())
				.allSatisfy((state, count) -> assertThat(count).isZero());
			assertThat(status.lag()).isZero();
		});
		Instant now = this.simulator.clock().instant();
		insert("late", now);
		insert("later", now.plusSeconds(3600));
		insert("canceled", now.plusSeconds(3600));
		this.test.outbox.cancel("canceled");
		this.simulator.clock().advance(Duration.ofSeconds(90));
		assertThat(reader(10).read()).satisfies((status) -> {
			assertThat(status.entries()).containsEntry(OutboxState.WAITING, 2L)
				.containsEntry(OutboxState.CANCELED, 1L)
				.containsEntry(OutboxState.SENT, 0L);
			assertThat(status.lag()).isBetween(Duration.ofSeconds(89), Duration.ofSeconds(120));
		});
	}

	@Test
	void countsNoFurtherThanItsBound() {
		Instant tomorrow = this.simulator.clock().instant().plus(Duration.ofDays(1));
		this.test.outbox.sendAll(IntStream.range(0, 600)
			.mapToObj((i) -> OutboxRequest.of("many-" + i, to(CUSTOMER).body("Number " + i)).at(tomorrow)));
		assertThat(reader(500).read().entries()).containsEntry(OutboxState.WAITING, 500L);
		assertThat(reader(1000).read().entries()).containsEntry(OutboxState.WAITING, 600L);
	}

	@Test
	void metersTellEntriesLagAndOutcomes() {
		MeterRegistry meters = new SimpleMeterRegistry();
		new OutboxMetrics(this.test.outbox.monitor()).bindTo(meters);
		this.simulator.inject(Fault.status(429).retryAfter("0").times(1).on("POST"));
		this.test.outbox.send("ship-1", to(CUSTOMER).body("On its way"));
		this.test.start();
		this.test.outbox.awaitEnded("ship-1", TestOutbox.TIMEOUT);
		this.simulator.inject(Fault.status(400).times(1).on("POST"));
		this.test.outbox.send("ship-2", to(CUSTOMER).body("On its way, too"));
		this.test.outbox.awaitEnded("ship-2", TestOutbox.TIMEOUT);
		for (String outcome : Set.of("accepted", "not_sent", "rejected")) {
			assertThat(sends(meters, outcome)).as(outcome).isEqualTo(1);
		}
		assertThat(sends(meters, "unknown")).isZero();
		Gauge sent = meters.get("twilio.messaging.outbox.entries").tag("twilio.messaging.outbox.state", "sent").gauge();
		await().atMost(TestOutbox.TIMEOUT).until(sent::value, (value) -> value == 1);
		assertThat(meters.get("twilio.messaging.outbox.lag").timeGauge().value()).isNotNegative();
	}

	private static double sends(MeterRegistry meters, String outcome) {
		return meters.get("twilio.messaging.outbox.sends")
			.tag("twilio.messaging.outcome", outcome)
			.functionCounter()
			.count();
	}

	@Test
	void theRelayIsAliveWhileItPollsAndDeadWithoutItsTables() {
		OutboxMonitor monitor = this.test.outbox.monitor();
		assertThat(monitor.isRelaying()).isFalse();
		this.test.start();
		await().atMost(TestOutbox.TIMEOUT).until(monitor::isRelaying);
		this.test.database.sql("alter table twilio_outbox_tasks rename to away").update();
		await().atMost(TestOutbox.TIMEOUT).until(() -> !monitor.isRelaying());
		this.test.database.sql("alter table away rename to twilio_outbox_tasks").update();
		await().atMost(TestOutbox.TIMEOUT).until(monitor::isRelaying);
		this.test.outbox.stop();
		assertThat(monitor.isRelaying()).isFalse();
	}

	@Test
	void awaitEndedReturnsOnceTheMethodsHaveHeardOfIt() {
		this.test.start();
		this.simulator.inject(Fault.status(400).times(1).on("POST"));
		this.test.outbox.send("ship-1", to(CUSTOMER).body("On its way"));
		assertThat(this.test.outbox.awaitEnded("ship-1", TestOutbox.TIMEOUT).state()).isEqualTo(OutboxState.REJECTED);
		assertThat(this.updates.heard).containsEntry("ship-1", OutboxState.REJECTED);
		this.simulator.inject(Fault.status(500).times(1).on("POST"));
		this.test.outbox.send("ship-2", to(CUSTOMER).body("On its way, too"));
		assertThat(this.test.outbox.awaitEnded("ship-2", TestOutbox.TIMEOUT).state()).isEqualTo(OutboxState.UNRESOLVED);
		assertThat(this.updates.heard).containsEntry("ship-2", OutboxState.UNRESOLVED);
	}

	@Test
	void awaitEndedNoticesWhatAnotherInstanceSends() {
		try (TestOutbox other = create()) {
			other.start();
			this.test.outbox.send("ship-1", to(CUSTOMER).body("On its way"));
			assertThat(this.test.outbox.awaitEnded("ship-1", TestOutbox.TIMEOUT).state()).isEqualTo(OutboxState.SENT);
		}
		assertThat(this.simulator.messages()).singleElement().matches(MessageMatcher.body("On its way")::matches);
	}

	@Test
	void awaitEndedSaysWhereAnEntryStandsThatHasNotEnded() {
		Duration timeout = Duration.ofMillis(10);
		assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> this.test.outbox.awaitEnded("ship-1", timeout))
			.withMessage("There's no entry 'ship-1' after PT0.01S");
		this.test.transaction.executeWithoutResult((status) -> {
			this.test.outbox.send("ship-1", to(CUSTOMER).body("On its way"));
			assertThatExceptionOfType(AssertionError.class)
				.isThrownBy(() -> this.test.outbox.awaitEnded("ship-1", timeout))
				.withMessageContaining("before it's committed");
		});
		assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> this.test.outbox.awaitEnded("ship-1", timeout))
			.withMessageContaining("it's WAITING")
			.withMessageContaining("attempts 0")
			.withMessageNotContainingAny("5558675", "On its way");
		this.updates.failing = true;
		this.test.outbox.cancel("ship-1");
		this.test.start();
		this.simulator.inject(Fault.status(400).times(1).on("POST"));
		this.test.outbox.send("ship-2", to(CUSTOMER).body("Not on its way"));
		this.test.awaitState("ship-2", OutboxState.REJECTED);
		assertThatExceptionOfType(AssertionError.class)
			.isThrownBy(() -> this.test.outbox.awaitEnded("ship-2", Duration.ofSeconds(2)))
			.withMessage("The entry 'ship-2' is REJECTED, but after PT2S a method that hears of it hasn't succeeded");
		this.updates.failing = false;
		assertThat(this.test.outbox.awaitEnded("ship-2", TestOutbox.TIMEOUT).problem()).isEqualTo("HTTP 400");
	}

	private void insert(String key, Instant when) {
		this.test.outbox.sendAt(key, to(CUSTOMER).body("Message " + key), when);
	}

	private StatusReader reader(int most) {
		return new StatusReader(this.test.dataSource, () -> Dialect.of(this.test.dataSource),
				new OutboxClock(this.simulator.clock(), Clock.systemUTC()), most);
	}

	static class Updates {

		final Map<String, OutboxState> heard = new ConcurrentHashMap<>();

		volatile boolean failing;

		@OutboxUpdate({ OutboxState.UNRESOLVED, OutboxState.REJECTED })
		void tell(OutboxEntry entry) {
			if (this.failing) {
				throw new IllegalStateException("not now");
			}
			this.heard.put(entry.key(), entry.state());
		}

	}

}
