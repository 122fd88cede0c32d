package io.github.twiliospring.messaging.outbox;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.github.twiliospring.messaging.MessagingTemplate;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.pool.ConnectionPoolConfiguration;
import io.r2dbc.spi.ConnectionFactories;
import io.r2dbc.spi.ConnectionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import org.springframework.dao.DataAccessException;
import org.springframework.r2dbc.connection.R2dbcTransactionManager;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.transaction.ReactiveTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.reactive.TransactionalOperator;
import org.springframework.transaction.support.DefaultTransactionDefinition;

import static io.github.twiliospring.messaging.message.OutboundMessage.to;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

/**
 * The reactive transactions of callers, of every kind, on a pool with one connection: an
 * entry is part of one, or is refused, and it never comes without its wake-up.
 */
class ReactiveTransactionsTests {

	private static final Instant LATER = Instant.parse("2100-01-01T00:00:00Z");

	private static final Duration TIMEOUT = Duration.ofSeconds(20);

	private TestOutbox test;

	private ConnectionPool connections;

	private ReactiveMessagingOutbox outbox;

	private void open(TestDatabase database) {
		open(database, 1);
	}

	private void open(TestDatabase database, int size) {
		String url = database.create();
		this.connections = pool(url, size);
		open(database, url, new R2dbcTransactionManager(this.connections));
	}

	private void open(TestDatabase database, String url, ReactiveTransactionManager transactionManager) {
		this.test = TestOutbox
			.of(url, MessagingTemplate.builder("AC0123456789abcdef0123456789abcdef", "secret").from(TestOutbox.FROM),
					(builder) -> builder.reactive(this.connections, transactionManager))
			.withSchema(database.platform());
		this.outbox = this.test.outbox.reactive();
	}

	private static ConnectionPool pool(ConnectionFactory connections, int size) {
		return new ConnectionPool(ConnectionPoolConfiguration.builder(connections)
			.initialSize(0)
			.maxSize(size)
			.maxAcquireTime(TIMEOUT)
			.build());
	}

	private static ConnectionPool pool(String url, int size) {
		return pool(ConnectionFactories.get(TestDatabase.reactive(url)), size);
	}

	@AfterEach
	void close() {
		this.connections.dispose();
		this.test.close();
	}

	private TransactionalOperator transaction(int propagation, boolean readOnly) {
		DefaultTransactionDefinition definition = new DefaultTransactionDefinition(propagation);
		definition.setReadOnly(readOnly);
		return TransactionalOperator.create(new R2dbcTransactionManager(this.connections), definition);
	}

	private TransactionalOperator transaction() {
		return transaction(TransactionDefinition.PROPAGATION_REQUIRED, false);
	}

	private Mono<OutboxEntry> send(String key) {
		return this.outbox.sendAt(key, to("+15558675310").body("Message " + key), LATER);
	}

	private void assertThatKeysAre(String... keys) {
		assertThat(this.test.database
			.sql("select message_key from twilio_outbox join twilio_outbox_tasks on task_instance = id")
			.query(String.class)
			.list()).containsExactlyInAnyOrder(keys);
		assertThat(List.of(this.test.rows("twilio_outbox"), this.test.rows("twilio_outbox_tasks")))
			.containsOnly(keys.length);
		assertThat(this.connections.getMetrics().orElseThrow().acquiredSize()).isZero();
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "MARIADB")
	void aReadOnlyTransactionIsRefusedAndGoesOn(TestDatabase database) {
		open(database);
		assertThat(transaction(TransactionDefinition.PROPAGATION_REQUIRED, true)
			.transactional(send("key").map(OutboxEntry::key).onErrorResume((ex) -> {
				assertThat(ex).isInstanceOf(IllegalStateException.class).hasMessageContaining("read-only");
				return one(this.connections);
			}))
			.block(TIMEOUT)).isEqualTo("1");
		assertThatKeysAre();
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "MARIADB")
	void aTransactionOfAnotherManagerIsRefusedAndGoesOn(TestDatabase database) {
		open(database);
		ConnectionFactory other = ConnectionFactories.get(TestDatabase.reactive(database.create()));
		assertThat(TransactionalOperator.create(new R2dbcTransactionManager(other))
			.transactional(send("key").map(OutboxEntry::key).onErrorResume((ex) -> {
				assertThat(ex).isInstanceOf(IllegalStateException.class).hasMessageContaining("another transaction");
				return one(other);
			}))
			.block(TIMEOUT)).isEqualTo("1");
		assertThatKeysAre();
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "MARIADB")
	void aManagerOfAnotherConnectionFactoryIsRefused(TestDatabase database) {
		String url = database.create();
		this.connections = pool(url, 1);
		ReactiveTransactionManager other = new R2dbcTransactionManager(
				ConnectionFactories.get(TestDatabase.reactive(url)));
		open(database, url, other);
		for (Mono<?> call : List.of(send("key"), TransactionalOperator.create(other).transactional(send("key")),
				this.outbox.cancel("key"))) {
			assertThatIllegalStateException().isThrownBy(() -> call.block(TIMEOUT))
				.withMessageContaining("another ConnectionFactory");
		}
		assertThatKeysAre();
	}

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

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "MARIADB")
	void whatIsRolledBackToASavepointIsntThere(TestDatabase database) {
		open(database);
		TransactionalOperator nested = transaction(TransactionDefinition.PROPAGATION_NESTED, false);
		transaction().transactional(send("before")
			.then(nested.transactional(send("within").then(Mono.error(new IllegalArgumentException("on purpose"))))
				.onErrorResume(IllegalArgumentException.class, (ex) -> Mono.empty()))
			.then(nested.transactional(send("another")))
			.then(send("after"))).block(TIMEOUT);
		assertThatKeysAre("before", "another", "after");
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "MARIADB")
	void withoutATransactionEveryKindOfScopeWritesBothRowsOrNone(TestDatabase database) {
		open(database);
		transaction(TransactionDefinition.PROPAGATION_SUPPORTS, false).transactional(send("supports")).block(TIMEOUT);
		transaction(TransactionDefinition.PROPAGATION_NOT_SUPPORTED, false).transactional(send("none")).block(TIMEOUT);
		this.test.database.sql("alter table twilio_outbox_tasks rename to away").update();
		assertThatExceptionOfType(DataAccessException.class).isThrownBy(() -> send("key").block(TIMEOUT))
			.withMessageContaining("schema-*.sql");
		this.test.database.sql("alter table away rename to twilio_outbox_tasks").update();
		assertThatKeysAre("supports", "none");
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "MARIADB")
	void oneKeyFromManySubscribersIsOneEntry(TestDatabase database) {
		open(database, 8);
		assertThat(Flux.range(0, 32).flatMap((number) -> send("key"), 32).collectList().block(TIMEOUT)).hasSize(32)
			.extracting(OutboxEntry::key)
			.containsOnly("key");
		assertThatKeysAre("key");
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "MARIADB")
	void whereOneOfManyConflictsThePortionIsRolledBack(TestDatabase database) {
		open(database);
		send("key-7").block(TIMEOUT);
		Flux<OutboxRequest> requests = Flux.range(0, 10)
			.map((number) -> OutboxRequest.of("key-" + number, to("+15558675310").body("Another")).at(LATER));
		assertThatExceptionOfType(OutboxKeyConflictException.class)
			.isThrownBy(() -> this.outbox.sendAll(requests).block(TIMEOUT));
		assertThatKeysAre("key-7");
		Flux<OutboxRequest> twice = Flux.just("a", "b", "a", "key-7")
			.map((key) -> OutboxRequest.of(key, to("+15558675310").body("Message " + key)).at(LATER));
		assertThat(this.outbox.sendAll(twice).block(TIMEOUT)).isEqualTo(2);
		assertThatKeysAre("a", "b", "key-7");
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "MARIADB")
	void aSubscriberWhoCancelsLeavesBothRowsOrNoneAndAPoolThatWorks(TestDatabase database) {
		open(database);
		long seed = Long.getLong("seed", System.nanoTime());
		System.out.println("seed " + seed);
		Random random = new Random(seed);
		for (int i = 0; i < 300; i++) {
			Mono<?> call = (i % 2 == 0) ? send("alone-" + i) : this.outbox.sendAll(Flux.just("all-a-" + i, "all-b-" + i)
				.map((key) -> OutboxRequest.of(key, to("+15558675310").body("Hello")).at(LATER)));
			call.timeout(Duration.ofNanos(random.nextInt(3_000_000))).onErrorComplete().block(TIMEOUT);
		}
		await().atMost(TIMEOUT).until(() -> this.connections.getMetrics().orElseThrow().acquiredSize() == 0);
		send("last").block(TIMEOUT);
		assertThat(this.test.rows("twilio_outbox where id not in (select task_instance from twilio_outbox_tasks)"))
			.isZero();
		assertThat(this.test.rows("twilio_outbox_tasks")).isEqualTo(this.test.rows("twilio_outbox"));
		assertThat(this.test.rows("twilio_outbox where message_key like 'all-a-%'"))
			.isEqualTo(this.test.rows("twilio_outbox where message_key like 'all-b-%'"));
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

	private static Mono<String> one(ConnectionFactory connections) {
		return DatabaseClient.create(connections).sql("select '1'").mapValue(String.class).one();
	}

}
