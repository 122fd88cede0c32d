package io.github.twiliospring.messaging.outbox;

import java.net.URI;
import java.time.Instant;
import java.util.List;

import io.github.twiliospring.messaging.MessagingTemplate;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactories;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.ConnectionFactoryMetadata;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.dao.InvalidDataAccessResourceUsageException;
import org.springframework.r2dbc.connection.R2dbcTransactionManager;

import static io.github.twiliospring.messaging.message.OutboundMessage.to;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Databases that entries can't be written to by R2DBC: whoever tries is told what to do,
 * and nothing is lost.
 */
class ReactiveOutboxRefusalTests {

	private TestOutbox test;

	private void open(TestDatabase database, String url, ConnectionFactory connections) {
		this.test = TestOutbox
			.of(url, MessagingTemplate.builder("AC0123456789abcdef0123456789abcdef", "secret")
				.baseUrl(URI.create("http://localhost:1"))
				.from(TestOutbox.FROM),
					(builder) -> builder.reactive(connections, new R2dbcTransactionManager(connections)))
			.withSchema(database.platform());
	}

	@AfterEach
	void close() {
		if (this.test != null) {
			this.test.close();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "MariaDB", "MySQL" })
	void mariaDbAndMySqlRefuseAndSayWhatToCallInstead(String product) {
		open(TestDatabase.MARIADB, TestDatabase.MARIADB.create(), new Named(product));
		ReactiveMessagingOutbox outbox = this.test.outbox.reactive();
		for (Publisher<?> call : List.of(outbox.send("key", to("+15558675310").body("Hello")),
				outbox.sendAll(Flux.just(OutboxRequest.of("key", to("+15558675310").body("Hello")))),
				outbox.cancel("key"), outbox.reschedule("key", Instant.now()),
				outbox.resolve("key", Resolution.DROP))) {
			assertThatIllegalStateException().isThrownBy(() -> Flux.from(call).blockLast())
				.withMessageContaining("MariaDB and MySQL")
				.withMessageContaining(
						"Mono.fromCallable(() -> outbox.send(key, message)).subscribeOn(Schedulers.boundedElastic())");
		}
		assertThat(this.test.rows("twilio_outbox")).isZero();
		this.test.start();
		this.test.outbox.send("key", to("+15558675310").body("Hello"));
		assertThat(this.test.rows("twilio_outbox")).isEqualTo(1);
	}

	@ParameterizedTest
	@EnumSource(names = { "H2", "POSTGRESQL" })
	void anOlderTableAndOneThatIsMissingAreToldWithWhatToRun(TestDatabase database) {
		String url = database.create();
		open(database, url, ConnectionFactories.get(TestDatabase.reactive(url)));
		this.test.database.sql("alter table twilio_outbox drop column priority").update();
		assertThatIsToldWhatToRun(this.test.outbox.reactive().send("key", to("+15558675310").body("Hello")));
		assertThatExceptionOfType(InvalidDataAccessResourceUsageException.class)
			.isThrownBy(() -> this.test.outbox.send("key", to("+15558675310").body("Hello")))
			.withMessageContaining("schema-*.sql");
		assertThat(this.test.rows("twilio_outbox")).isZero();
		this.test.database.sql("drop table twilio_outbox").update();
		assertThatIsToldWhatToRun(this.test.outbox.reactive().find("key"));
		assertThatIsToldWhatToRun(this.test.outbox.reactive().unresolved().next());
		assertThatIsToldWhatToRun(this.test.outbox.reactive().cancel("key"));
	}

	private static void assertThatIsToldWhatToRun(Mono<?> call) {
		assertThatExceptionOfType(InvalidDataAccessResourceUsageException.class).isThrownBy(call::block)
			.withMessageContaining("another version's")
			.withMessageContaining("schema-*.sql")
			.withMessageContaining("twilio.messaging.outbox.jdbc.initialize-schema=always");
	}

	/**
	 * A driver of which only its database's name is asked for.
	 */
	private record Named(String product) implements ConnectionFactory {

		@Override
		public Publisher<? extends Connection> create() {
			return Mono.error(new AssertionError("It was asked for a connection"));
		}

		@Override
		public ConnectionFactoryMetadata getMetadata() {
			return this::product;
		}

	}

}
