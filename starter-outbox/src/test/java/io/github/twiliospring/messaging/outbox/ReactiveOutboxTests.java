package io.github.twiliospring.messaging.outbox;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import com.github.kagkarlsson.scheduler.ScheduledExecution;
import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.jdbc.DefaultJdbcCustomization;
import com.github.kagkarlsson.scheduler.task.SchedulableInstance;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import io.github.twiliospring.messaging.simulator.SimulatedMessage;
import io.github.twiliospring.messaging.simulator.TwilioSimulator;
import io.github.twiliospring.messaging.simulator.fault.Fault;
import io.r2dbc.spi.ConnectionFactories;
import io.r2dbc.spi.ConnectionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.r2dbc.connection.R2dbcTransactionManager;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.transaction.reactive.TransactionalOperator;

import static io.github.twiliospring.messaging.message.OutboundMessage.to;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

/**
 * Entries that are written by R2DBC, and sent by a relay that reads the same database by
 * JDBC.
 */
class ReactiveOutboxTests {

	private static final String CUSTOMER = "+15558675310";

	private final TwilioSimulator simulator = TestOutbox.simulator();

	private TestOutbox test;

	private ConnectionFactory connections;

	private TransactionalOperator transaction;

	private ReactiveMessagingOutbox outbox;

	private void start(TestDatabase database) {
		start(database, database.create());
	}

	private void start(TestDatabase database, String url) {
		start(database, url, url);
	}

	private void start(TestDatabase database, String url, String reactiveUrl) {
		this.connections = ConnectionFactories.get(TestDatabase.reactive(reactiveUrl));
		R2dbcTransactionManager transactionManager = new R2dbcTransactionManager(this.connections);
		this.transaction = TransactionalOperator.create(transactionManager);
		this.test = TestOutbox
			.of(url, TestOutbox.template(this.simulator.baseUrl().toString()),
					(builder) -> builder.clock(this.simulator.clock())
						.unresolvedAfter(Duration.ofSeconds(1))
						.reactive(this.connections, transactionManager))
			.withSchema(database.platform());
		this.outbox = this.test.outbox.reactive();
	}

	@AfterEach
	void stop() {
		this.test.close();
		this.simulator.close();
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "MARIADB")
	void sendsWhatWasCommittedWithTheCallersDataAndNothingElse(TestDatabase database) {
		start(database);
		this.test.database.sql("create table orders (id varchar(20))").update();
		this.test.start();
		this.transaction
			.transactional(order("1").then(this.outbox.send("ship-1", to(CUSTOMER).body("On its way")))
				.doOnNext((entry) -> assertThat(entry.state()).isEqualTo(OutboxState.WAITING)))
			.block();
		assertThatIllegalArgumentException().isThrownBy(
				() -> this.transaction
					.transactional(order("2").then(this.outbox.send("ship-2", to(CUSTOMER).body("Never")))
						.then(Mono.error(new IllegalArgumentException("on purpose"))))
					.block());
		this.outbox.send("ship-3", to(CUSTOMER).body("Without a transaction")).block();
		this.test.awaitState("ship-1", OutboxState.SENT);
		this.test.awaitState("ship-3", OutboxState.SENT);
		assertThat(this.outbox.find("ship-2").block()).isNull();
		assertThat(this.test.database.sql("select id from orders").query(String.class).list()).containsExactly("1");
		assertThat(this.simulator.messages()).extracting(SimulatedMessage::body)
			.containsExactlyInAnyOrder("On its way", "Without a transaction");
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "MARIADB")
	void theSameKeyIsTheSameEntryAndAConflictLeavesTheTransactionAlone(TestDatabase database) {
		start(database);
		OutboxEntry written = this.outbox.send("key", to(CUSTOMER).body("Hello")).block();
		assertThat(written).isEqualTo(this.test.entry("key")).isEqualTo(this.outbox.find("key").block());
		this.transaction.transactional(this.outbox.send("key", to(CUSTOMER).body("Hello"))
			.then(this.outbox.send("key", to(CUSTOMER).body("Good-bye")).onErrorResume((ex) -> {
				assertThat(ex).isInstanceOf(OutboxKeyConflictException.class).hasMessageNotContaining("bye");
				return Mono.empty();
			}))
			.then(this.outbox.send("other", to(CUSTOMER).body("Hello, too")))).block();
		assertThat(this.test.entry("other").state()).isEqualTo(OutboxState.WAITING);
		assertThat(this.test.rows("twilio_outbox")).isEqualTo(2);
		assertThat(this.test.rows("twilio_outbox_tasks")).isEqualTo(2);
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "MARIADB")
	void cancelsMovesAndDecidesInTheCallersTransaction(TestDatabase database) {
		start(database);
		Instant tomorrow = this.simulator.clock().instant().plus(Duration.ofDays(1));
		assertThat(this.outbox
			.sendAll(Flux.range(0, 4)
				.map((number) -> OutboxRequest.of("entry-" + number, to(CUSTOMER).body("Number " + number))
					.at(tomorrow)))
			.block()).isEqualTo(4);
		assertThat(this.outbox.cancel("entry-0").block()).isTrue();
		assertThat(this.outbox.cancel("entry-0").block()).isFalse();
		assertThat(this.outbox.reschedule("entry-1", this.simulator.clock().instant()).block()).isTrue();
		assertThatIllegalArgumentException().isThrownBy(() -> this.transaction
			.transactional(this.outbox.cancel("entry-2").then(Mono.error(new IllegalArgumentException("on purpose"))))
			.block());
		this.simulator.inject(Fault.status(500).times(1).on("POST"));
		this.test.start();
		this.test.awaitState("entry-1", OutboxState.UNRESOLVED);
		assertThat(this.outbox.unresolved().map(OutboxEntry::key).collectList().block()).containsExactly("entry-1");
		assertThat(this.outbox.resolve("entry-1", Resolution.SEND_AGAIN).block()).isTrue();
		assertThat(this.outbox.resolve("entry-2", Resolution.DROP).block()).isFalse();
		this.test.awaitState("entry-1", OutboxState.SENT);
		this.simulator.clock().advance(Duration.ofHours(25));
		this.test.awaitState("entry-2", OutboxState.SENT);
		this.test.awaitState("entry-3", OutboxState.SENT);
		assertThat(this.test.entry("entry-0").state()).isEqualTo(OutboxState.CANCELED);
		assertThat(this.simulator.messages()).hasSize(3);
	}

	@Test
	void theSameKeysInAnotherOrderAreNoDeadlock() {
		start(TestDatabase.POSTGRESQL);
		List<OutboxRequest> requests = IntStream.range(0, 500)
			.mapToObj((number) -> OutboxRequest.of("entry-" + number, to(CUSTOMER).body("Number " + number))
				.at(Instant.parse("2100-01-01T00:00:00Z")))
			.collect(Collectors.toCollection(ArrayList::new));
		Mono<Long> forwards = this.outbox.sendAll(Flux.fromIterable(List.copyOf(requests)));
		Collections.reverse(requests);
		Mono<Long> backwards = this.outbox.sendAll(Flux.fromIterable(requests));
		assertThat(Flux.merge(forwards, backwards).reduce(0L, Long::sum).block()).isEqualTo(500);
		assertThat(this.test.rows("twilio_outbox_tasks")).isEqualTo(500);
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "MARIADB")
	void aWakeUpIsTheRowThatDbSchedulerWritesItself(TestDatabase database) {
		start(database);
		Instant due = Instant.parse("2027-01-01T00:00:00Z");
		this.outbox.send(OutboxRequest.of("ours", to(CUSTOMER).body("Hello")).at(due).priority(OutboxPriority.HIGH))
			.block();
		SchedulerClient client = SchedulerClient.Builder.create(this.test.dataSource)
			.tableName(TaskSql.TABLE)
			.jdbcCustomization(new DefaultJdbcCustomization(false))
			.enablePriority()
			.build();
		client.scheduleIfNotExists(
				SchedulableInstance.of(new TaskInstance<>(TaskSql.TASK, "theirs", () -> null, 1), due));
		List<Map<String, Object>> rows = this.test.database.sql("select * from twilio_outbox_tasks")
			.query()
			.listOfRows();
		assertThat(rows).hasSize(2).allSatisfy((row) -> row.keySet().removeIf("task_instance"::equalsIgnoreCase));
		assertThat(rows.get(0)).isEqualTo(rows.get(1));
		String id = this.test.database.sql("select id from twilio_outbox").query(String.class).single();
		assertThat(client.getScheduledExecution(new TaskInstance<>(TaskSql.TASK, id))).get()
			.extracting(ScheduledExecution::getExecutionTime)
			.isEqualTo(due);
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "MARIADB")
	void oneWakeUpForeverSoManyEntriesOfATransaction(TestDatabase database) {
		start(database);
		this.test.start();
		this.transaction
			.transactional(Flux.fromStream(IntStream.range(0, 20).boxed())
				.concatMap((number) -> this.outbox.send("many-" + number, to(CUSTOMER).body("Number " + number)))
				.then())
			.block();
		IntStream.range(0, 20).forEach((number) -> this.test.awaitState("many-" + number, OutboxState.SENT));
		assertThat(this.simulator.messages()).hasSize(20);
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "MARIADB")
	void anotherDatabaseBehindTheTwoIsRefused(TestDatabase database) {
		String reactiveUrl = database.create();
		start(database, database.create(), reactiveUrl);
		DatabaseClient other = DatabaseClient.create(this.connections);
		other.sql("create table twilio_outbox_tasks (task_name varchar(100), task_instance varchar(100))")
			.then()
			.block();
		this.test.start();
		await().atMost(TestOutbox.TIMEOUT)
			.untilAsserted(() -> assertThatIllegalStateException()
				.isThrownBy(() -> this.outbox.send("key", to(CUSTOMER).body("Hello")).block())
				.withMessageContaining("different databases")
				.withMessageContaining("spring.datasource.url"));
		assertThat(this.test.rows("twilio_outbox_tasks")).isZero();
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "MARIADB")
	void aBlockingTransactionOnTheThreadIsRefused(TestDatabase database) {
		start(database);
		this.test.transaction.executeWithoutResult((status) -> assertThatIllegalStateException()
			.isThrownBy(() -> this.outbox.send("key", to(CUSTOMER).body("Hello")).block())
			.withMessageContaining("blocking transaction"));
		assertThat(this.test.rows("twilio_outbox")).isZero();
	}

	private Mono<Long> order(String id) {
		return DatabaseClient.create(this.connections)
			.sql("insert into orders (id) values (:id)")
			.bind("id", id)
			.fetch()
			.rowsUpdated();
	}

}
