package io.github.twiliospring.messaging.outbox;

import java.time.Duration;

import com.zaxxer.hikari.HikariDataSource;
import io.github.twiliospring.messaging.simulator.TwilioSimulator;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.pool.ConnectionPoolConfiguration;
import io.r2dbc.spi.ConnectionFactories;
import io.r2dbc.spi.ConnectionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.r2dbc.connection.R2dbcTransactionManager;

import static io.github.twiliospring.messaging.message.OutboundMessage.to;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

/**
 * Finding out whether JDBC and R2DBC lead to one database, where R2DBC leads nowhere at
 * the start.
 */
class ReactiveDatabaseCheckTests {

	private final TwilioSimulator simulator = TestOutbox.simulator();

	private TestOutbox test;

	private void open(ConnectionFactory connections) {
		this.test = TestOutbox
			.of(TestDatabase.POSTGRESQL.create(), TestOutbox.template(this.simulator.baseUrl().toString()),
					(builder) -> builder.clock(this.simulator.clock())
						.reactive(connections, new R2dbcTransactionManager(connections)))
			.withSchema("postgresql");
	}

	@AfterEach
	void close() {
		this.test.close();
		this.simulator.close();
	}

	@Test
	void anotherDatabaseThatIsAwayAtTheStartIsFoundOutLater() {
		String other = TestDatabase.POSTGRESQL.create();
		try (HikariDataSource pool = TestDatabase.pool(other, true)) {
			TestOutbox.createSchema(pool, "postgresql");
		}
		TestPostgres.close(other);
		open(ConnectionFactories.get(TestDatabase.reactive(other)));
		this.test.start();
		this.test.outbox.send("key", to("+15558675310").body("Hello"));
		this.test.awaitState("key", OutboxState.SENT);
		TestPostgres.open(other);
		await().atMost(TestOutbox.TIMEOUT)
			.untilAsserted(() -> assertThatIllegalStateException()
				.isThrownBy(() -> this.test.outbox.reactive().cancel("key").block())
				.withMessageContaining("different databases"));
	}

	@Test
	void aPoolWithoutAConnectionDoesntKeepTheWatchFromItsWork() {
		String other = TestDatabase.POSTGRESQL.create();
		ConnectionPool pool = new ConnectionPool(
				ConnectionPoolConfiguration.builder(ConnectionFactories.get(TestDatabase.reactive(other)))
					.maxSize(1)
					.build());
		pool.create().block();
		open(pool);
		this.test.start();
		this.test.outbox.sendAt("key", to("+15558675310").body("Hello"),
				this.simulator.clock().instant().plus(Duration.ofDays(1)));
		// Only the watch notices that the clock has jumped.
		this.simulator.clock().advance(Duration.ofHours(25));
		this.test.awaitState("key", OutboxState.SENT);
		pool.dispose();
	}

}
