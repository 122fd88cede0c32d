package io.github.twiliospring.messaging.outbox;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.r2dbc.spi.ConnectionFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import org.springframework.dao.DataAccessException;
import org.springframework.r2dbc.connection.R2dbcTransactionManager;
import org.springframework.r2dbc.core.DatabaseClient;

import static io.github.twiliospring.messaging.message.OutboundMessage.to;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

/**
 * What only PostgreSQL shows of reactive transactions: what it's asked, and what becomes
 * of a statement whose connection dies.
 */
class PostgreSqlReactiveTests extends ReactiveFixture {

	@Test
	void theBlockingOutboxWritesNothingOnAnEventLoop() {
		open(TestDatabase.POSTGRESQL);
		OutboxRequest request = OutboxRequest.of("key", to("+15558675310").body("Hello")).at(LATER);
		for (Runnable call : List.<Runnable>of(() -> this.test.outbox.send(request),
				() -> this.test.outbox.sendAll(Stream.of(request)), () -> this.test.outbox.cancel("key"))) {
			assertThatIllegalStateException()
				.isThrownBy(() -> transaction().transactional(one(this.connections).doOnNext((value) -> call.run()))
					.block(TIMEOUT))
				.withMessageContaining("MessagingOutbox.reactive()");
		}
		assertThatKeysAre();
	}

	@Test
	void aConnectionThatDiesAmidTheStatementLeavesNothing() {
		open(TestDatabase.POSTGRESQL);
		for (Mono<?> call : List.of(send("key"), transaction().transactional(send("before").then(send("key"))),
				this.outbox.sendAll(Flux.just("before", "key")
					.map((key) -> OutboxRequest.of(key, to("+15558675310").body("Message " + key)).at(LATER))))) {
			this.test.transaction.executeWithoutResult((status) -> {
				this.test.outbox.sendAt("key", to("+15558675310").body("Message key"), LATER);
				// A blocking transaction is active on this thread.
				Mono<?> waiting = call.subscribeOn(Schedulers.boundedElastic()).cache();
				Disposable subscription = waiting.subscribe((value) -> {
				}, (ex) -> {
				});
				// From another transaction: this one sees the same activity always.
				await().atMost(TIMEOUT)
					.until(() -> CompletableFuture.supplyAsync(() -> this.test.rows(
							"pg_stat_activity where case when wait_event = 'transactionid' and datname = current_database()"
									+ " then pg_terminate_backend(pid) else false end"))
						.get() > 0);
				assertThatExceptionOfType(DataAccessException.class).isThrownBy(() -> waiting.block(TIMEOUT));
				assertThat(subscription.isDisposed()).isTrue();
				status.setRollbackOnly();
			});
			assertThatKeysAre();
		}
		send("key").block(TIMEOUT);
		assertThatKeysAre("key");
	}

	@ParameterizedTest
	@ValueSource(strings = { "preparedStatementCacheQueries=0", "forceBinary=true", "preferAttachedBuffers=true",
			"timeZone=Asia/Kathmandu" })
	void nothingDiffersByWhatTheDriverIsSetTo(String option) {
		String url = TestDatabase.POSTGRESQL.create();
		this.connections = pool(ConnectionFactories.get(TestDatabase.reactive(url) + "?" + option), 1);
		open(TestDatabase.POSTGRESQL, url, new R2dbcTransactionManager(this.connections));
		String body = "It's {\"quoted\"}, \\ NULL ? $1 \ud83d\ude00";
		List<OutboxRequest> requests = Stream
			.of("key", "Key", "key ", "{\"NULL\",\\}", "NULL", "\ud83d\ude00".repeat(50))
			.map((key) -> OutboxRequest.of(key, to("+15558675310").body(body)).at(LATER).giveUpAfter(TIMEOUT))
			.toList();
		OutboxEntry alone = this.outbox.send(requests.get(0)).block(TIMEOUT);
		assertThat(this.outbox.sendAll(Flux.fromIterable(requests)).block(TIMEOUT)).isEqualTo(5);
		assertThat(alone).isEqualTo(this.test.entry("key"));
		for (OutboxRequest request : requests) {
			// By JDBC, which takes it for the same.
			assertThat(this.test.outbox.send(request)).isEqualTo(this.outbox.find(request.key()).block(TIMEOUT));
		}
		assertThatKeysAre(requests.stream().map(OutboxRequest::key).toArray(String[]::new));
	}

	@Test
	void whereTheCallersCommitFailsNothingIsThere() {
		open(TestDatabase.POSTGRESQL);
		this.test.database.sql("create table customers (id int primary key)").update();
		this.test.database.sql("create table orders (id int references customers deferrable initially deferred)")
			.update();
		Mono<?> order = DatabaseClient.create(this.connections).sql("insert into orders values (1)").then();
		assertThatExceptionOfType(DataAccessException.class)
			.isThrownBy(() -> transaction().transactional(order.then(send("key"))).block(TIMEOUT));
		assertThatKeysAre();
		send("next").block(TIMEOUT);
		assertThatKeysAre("next");
	}

	@Test
	void postgreSqlIsAskedOnceForAnEntryAndOnceForManyEntries() {
		open(TestDatabase.POSTGRESQL);
		send("first").block(TIMEOUT);
		assertThat(statements(send("alone"))).singleElement().asString().startsWith("with entry as");
		assertThat(statements(transaction().transactional(send("joined").then(send("too"))))).hasSize(4)
			.endsWith("COMMIT")
			.filteredOn((statement) -> statement.startsWith("with entry as"))
			.hasSize(2);
		assertThat(statements(this.outbox.sendAll(Flux.fromStream(IntStream.range(0, 1200).boxed())
			.map((number) -> OutboxRequest.of("many-" + number, to("+15558675310").body("Hello")).at(LATER)))))
			.filteredOn((statement) -> statement.startsWith("with entry as"))
			.hasSize(3);
		assertThat(this.test.rows("twilio_outbox")).isEqualTo(1204);
	}

	private static List<String> statements(Mono<?> call) {
		Logger logger = (Logger) LoggerFactory.getLogger("io.r2dbc.postgresql.QUERY");
		ListAppender<ILoggingEvent> appender = new ListAppender<>();
		appender.start();
		logger.addAppender(appender);
		logger.setLevel(Level.DEBUG);
		logger.setAdditive(false);
		try {
			call.block(TIMEOUT);
		}
		finally {
			logger.setLevel(null);
			logger.setAdditive(true);
			logger.detachAppender(appender);
		}
		return appender.list.stream()
			.map((event) -> event.getFormattedMessage().replaceFirst("^.*Executing query: ", ""))
			.toList();
	}

}
