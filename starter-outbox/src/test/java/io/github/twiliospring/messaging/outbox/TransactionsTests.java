package io.github.twiliospring.messaging.outbox;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.github.twiliospring.messaging.MessagingTemplate;
import io.github.twiliospring.messaging.message.MessageStatus;
import io.github.twiliospring.messaging.message.OutboundMessage;
import io.github.twiliospring.messaging.simulator.MessageMatcher;
import io.github.twiliospring.messaging.simulator.TwilioSimulator;
import io.github.twiliospring.messaging.simulator.fault.Fault;
import io.github.twiliospring.messaging.webhook.StatusUpdate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.dao.InvalidDataAccessResourceUsageException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.IllegalTransactionStateException;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

import static io.github.twiliospring.messaging.message.OutboundMessage.to;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

/**
 * The caller's transactions, of every kind: an entry is part of one, or is refused.
 */
@ExtendWith(OutputCaptureExtension.class)
class TransactionsTests {

	private static final String CUSTOMER = "+15558675310";

	private static final Duration LONG = Duration.ofMinutes(5);

	private final TwilioSimulator simulator = TestOutbox.simulator();

	private HikariDataSource dataSource;

	private PlatformTransactionManager transactionManager;

	private JdbcClient database;

	private JdbcMessagingOutbox outbox;

	private void open(TestDatabase database, boolean autoCommit, Duration pollInterval) {
		String url = database.create();
		try (HikariDataSource plain = TestDatabase.pool(url, true)) {
			TestOutbox.createSchema(plain, database.platform());
		}
		this.dataSource = TestDatabase.pool(url, autoCommit);
		this.transactionManager = new JdbcTransactionManager(this.dataSource);
		this.database = JdbcClient.create(this.dataSource);
		this.outbox = outbox(this.dataSource, this.transactionManager, pollInterval);
		this.outbox.start();
	}

	private JdbcMessagingOutbox outbox(DataSource dataSource, PlatformTransactionManager transactionManager,
			Duration pollInterval) {
		return JdbcMessagingOutbox
			.builder(dataSource, transactionManager, TestOutbox.template(this.simulator.baseUrl().toString()).build())
			.clock(this.simulator.clock())
			.pollInterval(pollInterval)
			.heartbeat(Duration.ofMillis(250))
			.unresolvedAfter(Duration.ofSeconds(2))
			.pauses(Duration.ofMillis(100), Duration.ofSeconds(1))
			.build();
	}

	@AfterEach
	void close() {
		if (this.outbox != null) {
			this.outbox.stop();
			this.dataSource.close();
		}
		this.simulator.close();
	}

	@ParameterizedTest
	@EnumSource
	void everythingIsCommittedWhereConnectionsComeWithoutAutoCommit(TestDatabase database) {
		open(database, false, Duration.ofMillis(100));
		this.simulator.inject(Fault.status(429).times(1).on("POST"));
		this.outbox.send("again", message("Tried again"));
		String sid = awaitState("again", OutboxState.SENT).messageSid();
		this.outbox.settle(StatusUpdate.of(Map.of("MessageSid", List.of(sid), "AccountSid",
				List.of(this.simulator.accountSid()), "MessageStatus", List.of("delivered")), Map.of()));
		assertThat(this.outbox.find("again").orElseThrow().lastStatus()).isEqualTo(MessageStatus.DELIVERED);
		this.simulator.inject(Fault.resetAfter().times(1).on("POST"));
		this.outbox.send("unknown", message("Looked for"));
		awaitState("unknown", OutboxState.SENT);
		Instant tomorrow = Instant.now().plus(Duration.ofDays(1));
		this.outbox.sendAt("sooner", message("Sooner"), tomorrow);
		this.outbox.sendAt("canceled", message("Canceled"), tomorrow);
		assertThat(this.outbox.reschedule("sooner", Instant.now())).isTrue();
		assertThat(this.outbox.cancel("canceled")).isTrue();
		awaitState("sooner", OutboxState.SENT);
		await().atMost(TestOutbox.TIMEOUT).until(() -> count("twilio_outbox_tasks"), (tasks) -> tasks == 0);
		assertThat(this.simulator.messages()).hasSize(3);
		this.simulator.clock().advance(Duration.ofDays(31));
		await().atMost(TestOutbox.TIMEOUT).until(() -> count("twilio_outbox"), (rows) -> rows == 0);
	}

	@ParameterizedTest
	@CsvSource({ "POSTGRESQL, &options=-c%20lock_timeout=100",
			"MARIADB, &sessionVariables=innodb_lock_wait_timeout=1" })
	void whoWaitsTooLongForAKeyGetsAConcurrencyFailure(TestDatabase database, String option) {
		open(database, true, LONG);
		try (HikariDataSource impatient = TestDatabase.pool(this.dataSource.getJdbcUrl() + option, true)) {
			JdbcMessagingOutbox other = outbox(impatient, new JdbcTransactionManager(impatient), LONG);
			transaction(TransactionDefinition.PROPAGATION_REQUIRED).executeWithoutResult((status) -> {
				this.outbox.send("key", message("First"));
				CompletableFuture
					.runAsync(() -> assertThatExceptionOfType(ConcurrencyFailureException.class)
						.isThrownBy(() -> other.send("key", message("Second"))))
					.join();
			});
		}
	}

	@ParameterizedTest
	@EnumSource
	void theRelayIsWokenAfterTheCommitAndNotBefore(TestDatabase database) {
		// Woken before, it would look again in five minutes.
		open(database, true, LONG);
		awaitRelay();
		transaction(TransactionDefinition.PROPAGATION_REQUIRED)
			.executeWithoutResult((status) -> this.outbox.send("joined", message("Joined")));
		awaitState("joined", OutboxState.SENT);
		this.outbox.send("own", message("Own"));
		awaitState("own", OutboxState.SENT);
	}

	@ParameterizedTest
	@EnumSource
	void anEntryGoesWithTheInnerTransactionThatItWasWrittenIn(TestDatabase database) {
		open(database, true, LONG);
		awaitRelay();
		TransactionTemplate outer = transaction(TransactionDefinition.PROPAGATION_REQUIRED);
		for (int propagation : List.of(TransactionDefinition.PROPAGATION_REQUIRES_NEW,
				TransactionDefinition.PROPAGATION_NOT_SUPPORTED)) {
			outer.executeWithoutResult((status) -> {
				this.outbox.send("outer-" + propagation, message("Outer"));
				transaction(propagation).executeWithoutResult(
						(inner) -> this.outbox.send("inner-" + propagation, message("Inner " + propagation)));
				status.setRollbackOnly();
			});
			assertThat(this.outbox.find("outer-" + propagation)).isEmpty();
			awaitState("inner-" + propagation, OutboxState.SENT);
		}
		outer.executeWithoutResult((status) -> {
			this.outbox.send("kept", message("Kept"));
			for (int propagation : List.of(TransactionDefinition.PROPAGATION_REQUIRES_NEW,
					TransactionDefinition.PROPAGATION_NESTED)) {
				transaction(propagation).executeWithoutResult((inner) -> {
					this.outbox.send("dropped-" + propagation, message("Dropped"));
					inner.setRollbackOnly();
				});
				assertThat(this.outbox.find("dropped-" + propagation)).isEmpty();
			}
		});
		awaitState("kept", OutboxState.SENT);
		assertThat(this.simulator.messages()).hasSize(3);
		assertThat(this.simulator.messages()).noneMatch(MessageMatcher.body("Dropped")::matches);
	}

	@ParameterizedTest
	@EnumSource
	void aReadOnlyTransactionIsRefusedAndGoesOn(TestDatabase database) {
		open(database, true, LONG);
		TransactionTemplate readOnly = transaction(TransactionDefinition.PROPAGATION_REQUIRED);
		readOnly.setReadOnly(true);
		readOnly.executeWithoutResult((status) -> {
			assertThatExceptionOfType(IllegalTransactionStateException.class)
				.isThrownBy(() -> this.outbox.send("read-only", message("Read")))
				.withMessage("The outbox can't write in a read-only transaction");
			assertThatExceptionOfType(IllegalTransactionStateException.class)
				.isThrownBy(() -> this.outbox.cancel("read-only"));
			assertThat(this.outbox.find("read-only")).isEmpty();
		});
	}

	@ParameterizedTest
	@EnumSource
	void anotherManagersTransactionIsRefusedSinceItsRollBackWouldntCount(TestDatabase database) {
		open(database, true, LONG);
		try (HikariDataSource billing = TestDatabase.pool(TestDatabase.H2.create(), true)) {
			TransactionTemplate others = new TransactionTemplate(new DataSourceTransactionManager(billing));
			others.executeWithoutResult((status) -> {
				assertThatExceptionOfType(IllegalTransactionStateException.class)
					.isThrownBy(() -> this.outbox.send("lost", message("Lost")))
					.withMessageContaining("another transaction manager's");
				assertThat(this.outbox.find("lost")).isEmpty();
				transaction(TransactionDefinition.PROPAGATION_REQUIRED)
					.executeWithoutResult((own) -> this.outbox.send("own", message("Own")));
			});
			awaitState("own", OutboxState.SENT);
			assertThatIllegalArgumentException()
				.isThrownBy(() -> JdbcMessagingOutbox.builder(billing, this.transactionManager,
						MessagingTemplate.builder("AC0123456789abcdef0123456789abcdef", "secret").build()))
				.withMessageContaining("another DataSource");
			// What a manager doesn't tell is seen when it has begun a transaction.
			JdbcMessagingOutbox apart = outbox(this.dataSource, new SilentManager(billing), LONG);
			assertThatExceptionOfType(IllegalTransactionStateException.class)
				.isThrownBy(() -> apart.send("lost", message("Lost")))
				.withMessageContaining("doesn't manage connections of the outbox's DataSource");
			assertThat(this.outbox.find("lost")).isEmpty();
		}
	}

	@Test
	void aReadOnlyTransactionOfAnotherManagerAroundOursDoesNoHarm() {
		open(TestDatabase.POSTGRESQL, true, LONG);
		try (HikariDataSource reports = TestDatabase.pool(TestDatabase.H2.create(), true)) {
			TransactionTemplate others = new TransactionTemplate(new DataSourceTransactionManager(reports));
			others.setReadOnly(true);
			others.executeWithoutResult((status) -> transaction(TransactionDefinition.PROPAGATION_REQUIRED)
				.executeWithoutResult((own) -> this.outbox.send("own", message("Own"))));
			awaitState("own", OutboxState.SENT);
		}
	}

	@ParameterizedTest
	@EnumSource
	void whoeverHasNoTablesIsToldHowToGetThem(TestDatabase database, CapturedOutput output) {
		open(database, true, Duration.ofMillis(100));
		for (String table : List.of("twilio_outbox_tasks", "twilio_outbox")) {
			this.database.sql("drop table " + table).update();
			for (Runnable call : calls(table)) {
				assertThatExceptionOfType(InvalidDataAccessResourceUsageException.class).isThrownBy(call::run)
					.withMessageContaining("schema-*.sql")
					.withMessageContaining("twilio.messaging.outbox.jdbc.initialize-schema=always");
			}
		}
		this.outbox.stop();
		this.outbox.start();
		await().atMost(TestOutbox.TIMEOUT)
			.until(() -> output.getAll()
				.contains("The outbox's tables can't be read, and nothing is sent until they can: run the file"));
	}

	private List<Runnable> calls(String table) {
		Runnable send = () -> this.outbox.send("missing", message("Missing"));
		Runnable sendAll = () -> this.outbox.sendAll(Stream.of(OutboxRequest.of("missing", message("Missing"))));
		return table.endsWith("tasks") ? List.of(send, sendAll)
				: List.of(send, sendAll, () -> this.outbox.find("missing"), () -> this.outbox.unresolved(),
						() -> this.outbox.cancel("missing"), () -> this.outbox.reschedule("missing", Instant.now()),
						() -> this.outbox.resolve("missing", Resolution.DROP));
	}

	private static OutboundMessage message(String body) {
		return to(CUSTOMER).body(body).build();
	}

	private TransactionTemplate transaction(int propagation) {
		TransactionTemplate transaction = new TransactionTemplate(this.transactionManager);
		transaction.setPropagationBehavior(propagation);
		return transaction;
	}

	// What is there when it begins is found without being woken for it.
	private void awaitRelay() {
		this.outbox.send("first", message("First"));
		awaitState("first", OutboxState.SENT);
		this.simulator.reset();
	}

	private OutboxEntry awaitState(String key, OutboxState state) {
		await().atMost(Duration.ofSeconds(30))
			.until(() -> this.outbox.find(key).map(OutboxEntry::state).orElse(null), (found) -> found == state);
		return this.outbox.find(key).orElseThrow();
	}

	private int count(String table) {
		return this.database.sql("select count(*) from " + table).query(Integer.class).single();
	}

}
