package io.github.twiliospring.messaging.outbox;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import io.github.twiliospring.messaging.MessagingTemplate;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.pool.ConnectionPoolConfiguration;
import io.r2dbc.spi.ConnectionFactories;
import io.r2dbc.spi.ConnectionFactory;
import org.junit.jupiter.api.AfterEach;
import reactor.core.publisher.Mono;

import org.springframework.r2dbc.connection.R2dbcTransactionManager;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.transaction.ReactiveTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.reactive.TransactionalOperator;
import org.springframework.transaction.support.DefaultTransactionDefinition;

import static io.github.twiliospring.messaging.message.OutboundMessage.to;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * An outbox that is written to by R2DBC, from a small pool.
 */
abstract class ReactiveFixture {

	static final Instant LATER = Instant.parse("2100-01-01T00:00:00Z");

	static final Duration TIMEOUT = Duration.ofSeconds(20);

	TestOutbox test;

	ConnectionPool connections;

	ReactiveMessagingOutbox outbox;

	void open(TestDatabase database) {
		open(database, 1);
	}

	void open(TestDatabase database, int size) {
		String url = database.create();
		this.connections = pool(url, size);
		open(database, url, new R2dbcTransactionManager(this.connections));
	}

	void open(TestDatabase database, String url, ReactiveTransactionManager transactionManager) {
		this.test = TestOutbox
			.of(url, MessagingTemplate.builder("AC0123456789abcdef0123456789abcdef", "secret").from(TestOutbox.FROM),
					(builder) -> builder.reactive(this.connections, transactionManager))
			.withSchema(database.platform());
		this.outbox = this.test.outbox.reactive();
	}

	static ConnectionPool pool(ConnectionFactory connections, int size) {
		return new ConnectionPool(ConnectionPoolConfiguration.builder(connections)
			.initialSize(0)
			.maxSize(size)
			.maxAcquireTime(TIMEOUT)
			.build());
	}

	static ConnectionPool pool(String url, int size) {
		return pool(ConnectionFactories.get(TestDatabase.reactive(url)), size);
	}

	@AfterEach
	void close() {
		this.connections.dispose();
		this.test.close();
	}

	TransactionalOperator transaction(int propagation, boolean readOnly) {
		DefaultTransactionDefinition definition = new DefaultTransactionDefinition(propagation);
		definition.setReadOnly(readOnly);
		return TransactionalOperator.create(new R2dbcTransactionManager(this.connections), definition);
	}

	TransactionalOperator transaction() {
		return transaction(TransactionDefinition.PROPAGATION_REQUIRED, false);
	}

	Mono<OutboxEntry> send(String key) {
		return this.outbox.sendAt(key, to("+15558675310").body("Message " + key), LATER);
	}

	void assertThatKeysAre(String... keys) {
		assertThat(this.test.database
			.sql("select message_key from twilio_outbox join twilio_outbox_tasks on task_instance = id")
			.query(String.class)
			.list()).containsExactlyInAnyOrder(keys);
		assertThat(List.of(this.test.rows("twilio_outbox"), this.test.rows("twilio_outbox_tasks")))
			.containsOnly(keys.length);
		assertThat(this.connections.getMetrics().orElseThrow().acquiredSize()).isZero();
	}

	static Mono<String> one(ConnectionFactory connections) {
		return DatabaseClient.create(connections).sql("select '1'").mapValue(String.class).one();
	}

}
