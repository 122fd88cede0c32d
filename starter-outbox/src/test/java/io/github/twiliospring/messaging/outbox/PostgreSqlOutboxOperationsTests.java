package io.github.twiliospring.messaging.outbox;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

import io.github.twiliospring.messaging.simulator.TwilioSimulator;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What is learnt of an outbox in PostgreSQL, also while it's away.
 */
class PostgreSqlOutboxOperationsTests extends OutboxOperationsContract {

	private static EmbeddedPostgres postgres;

	private final String name = "operations_" + UUID.randomUUID().toString().replace("-", "");

	PostgreSqlOutboxOperationsTests() {
		JdbcClient.create(postgres.getPostgresDatabase()).sql("create database " + this.name).update();
	}

	@BeforeAll
	static void startPostgres() throws IOException {
		postgres = EmbeddedPostgres.start();
	}

	@AfterAll
	static void stopPostgres() throws IOException {
		postgres.close();
	}

	@Override
	String jdbcUrl() {
		return postgres.getJdbcUrl("postgres", this.name);
	}

	@Override
	String platform() {
		return "postgresql";
	}

	@Test
	void gaugesAreNoNumbersAndNoScrapeHangsWhileTheDatabaseIsAway() {
		JdbcClient server = JdbcClient.create(postgres.getPostgresDatabase());
		MeterRegistry meters = new SimpleMeterRegistry();
		try (TwilioSimulator simulator = TestOutbox.simulator();
				TestOutbox test = TestOutbox
					.of(jdbcUrl(), TestOutbox.template(simulator.baseUrl().toString()), (builder) -> builder)
					.withSchema(platform())) {
			test.start();
			server.sql("alter database " + this.name + " with allow_connections false").update();
			server.sql("select pg_terminate_backend(pid) from pg_stat_activity where datname = ?")
				.param(this.name)
				.query(Boolean.class)
				.list();
			new OutboxMetrics(test.outbox.monitor()).bindTo(meters);
			long begun = System.nanoTime();
			assertThat(values(meters)).hasSize(OutboxState.values().length + 1).containsOnly(Double.NaN);
			// The pool waits for thirty seconds, and each gauge asks.
			assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(10));
			await().atMost(TestOutbox.TIMEOUT).until(() -> !test.outbox.monitor().isRelaying());
			server.sql("alter database " + this.name + " with allow_connections true").update();
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
