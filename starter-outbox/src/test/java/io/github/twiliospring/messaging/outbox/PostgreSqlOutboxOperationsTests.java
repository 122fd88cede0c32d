package io.github.twiliospring.messaging.outbox;

import java.time.Duration;
import java.util.List;

import io.github.twiliospring.messaging.simulator.TwilioSimulator;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What is learnt of an outbox in PostgreSQL, also while it's away.
 */
class PostgreSqlOutboxOperationsTests extends OutboxOperationsContract {

	private final String url = TestPostgres.database();

	@Override
	String jdbcUrl() {
		return this.url;
	}

	@Override
	String platform() {
		return "postgresql";
	}

	@Test
	void gaugesAreNoNumbersAndNoScrapeHangsWhileTheDatabaseIsAway() {
		MeterRegistry meters = new SimpleMeterRegistry();
		try (TwilioSimulator simulator = TestOutbox.simulator();
				TestOutbox test = TestOutbox
					.of(jdbcUrl(), TestOutbox.template(simulator.baseUrl().toString()), (builder) -> builder)
					.withSchema(platform())) {
			test.start();
			TestPostgres.close(this.url);
			new OutboxMetrics(test.outbox.monitor()).bindTo(meters);
			long begun = System.nanoTime();
			assertThat(values(meters)).hasSize(OutboxState.values().length + 1).containsOnly(Double.NaN);
			// The pool waits for thirty seconds, and each gauge asks.
			assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(25));
			await().atMost(TestOutbox.TIMEOUT).until(() -> !test.outbox.monitor().isRelaying());
			TestPostgres.open(this.url);
			await().atMost(TestOutbox.TIMEOUT).until(test.outbox.monitor()::isRelaying);
			await().atMost(TestOutbox.TIMEOUT)
				.untilAsserted(() -> assertThat(values(meters)).doesNotContain(Double.NaN));
		}
	}

	private static List<Double> values(MeterRegistry meters) {
		return meters.getMeters()
			.stream()
			.filter((meter) -> !meter.getId().getName().endsWith("sends"))
			.map((meter) -> meter.measure().iterator().next().getValue())
			.toList();
	}

}
