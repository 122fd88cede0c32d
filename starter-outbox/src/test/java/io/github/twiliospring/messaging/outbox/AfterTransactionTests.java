package io.github.twiliospring.messaging.outbox;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.github.twiliospring.messaging.simulator.SimulatedMessage;
import io.github.twiliospring.messaging.simulator.TwilioSimulator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionExecution;
import org.springframework.transaction.TransactionExecutionListener;
import org.springframework.transaction.UnexpectedRollbackException;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

import static io.github.twiliospring.messaging.message.OutboundMessage.to;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

/**
 * What is called once a transaction is over, as {@code @TransactionalEventListener}
 * methods are. Spring shows it to them as active, and commits nothing more.
 */
class AfterTransactionTests {

	private static final String CUSTOMER = "+15558675310";

	private static final Instant LATER = Instant.parse("2100-01-01T00:00:00Z");

	private final TwilioSimulator simulator = TestOutbox.simulator();

	private HikariDataSource dataSource;

	private TransactionTemplate transaction;

	private JdbcMessagingOutbox outbox;

	private void open(TestDatabase database, boolean autoCommit) {
		open(database, autoCommit, 10);
	}

	private void open(TestDatabase database, boolean autoCommit, int connections) {
		String url = database.create();
		try (HikariDataSource plain = TestDatabase.pool(url, true)) {
			TestOutbox.createSchema(plain, database.platform());
		}
		HikariConfig pool = new HikariConfig();
		pool.setJdbcUrl(url);
		pool.setAutoCommit(autoCommit);
		pool.setMaximumPoolSize(connections);
		this.dataSource = new HikariDataSource(pool);
		JdbcTransactionManager transactionManager = new JdbcTransactionManager(this.dataSource);
		this.transaction = new TransactionTemplate(transactionManager);
		this.outbox = JdbcMessagingOutbox
			.builder(this.dataSource, transactionManager,
					TestOutbox.template(this.simulator.baseUrl().toString()).build())
			// Whoever isn't woken after the commit looks again in five minutes.
			.pollInterval(Duration.ofMinutes(5))
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
	@CsvSource({ "H2, true", "H2, false", "POSTGRESQL, true", "POSTGRESQL, false", "MARIADB, true", "MARIADB, false" })
	void whatIsSentAfterACommitOrARollBackIsSent(TestDatabase database, boolean autoCommit) {
		open(database, autoCommit);
		this.outbox.start();
		// What is there when it begins is found without being woken for it.
		send("first");
		awaitSent("first");
		this.transaction.executeWithoutResult((status) -> {
			send("in");
			afterwards(() -> send("after-commit"), (end) -> send("after-completion"));
		});
		assertThatIllegalStateException().isThrownBy(() -> this.transaction.executeWithoutResult((status) -> {
			send("rolled-back");
			afterwards(() -> {
			}, (end) -> send("after-roll-back"));
			throw new IllegalStateException("no doctor");
		}));
		awaitSent("after-roll-back");
		awaitSent("after-completion");
		awaitSent("after-commit");
		awaitSent("in");
		assertThat(this.simulator.messages()).extracting(SimulatedMessage::body)
			.containsExactlyInAnyOrder("first", "in", "after-commit", "after-completion", "after-roll-back");
	}

	@ParameterizedTest
	@EnumSource
	void whatIsChangedAfterACommitIsChanged(TestDatabase database) {
		open(database, false);
		for (String key : new String[] { "canceled", "moved" }) {
			this.outbox.sendAt(key, to(CUSTOMER).body(key).build(), LATER);
		}
		this.transaction.executeWithoutResult((status) -> afterwards(() -> {
			assertThat(this.outbox.cancel("canceled")).isTrue();
			assertThat(this.outbox.reschedule("moved", LATER.plusSeconds(1))).isTrue();
		}, (end) -> {
		}));
		assertThat(this.outbox.find("canceled").orElseThrow().state()).isEqualTo(OutboxState.CANCELED);
		assertThat(this.outbox.find("moved").orElseThrow().sendAt()).isEqualTo(LATER.plusSeconds(1));
	}

	// Each would wait for a second connection, of which there's none.
	@ParameterizedTest
	@EnumSource
	void aPoolOfOneConnectionIsEnough(TestDatabase database) {
		open(database, true, 1);
		this.transaction.executeWithoutResult(
				(status) -> afterwards(() -> send("after-commit"), (end) -> send("after-completion")));
		assertThat(this.outbox.find("after-commit")).isPresent();
		assertThat(this.outbox.find("after-completion")).isPresent();
	}

	// A transaction of its own amid the end of another one is like any other.
	@ParameterizedTest
	@EnumSource
	void aTransactionThatBeginsAfterAnotherIsItsEntrysOwn(TestDatabase database) {
		open(database, false);
		TransactionTemplate own = new TransactionTemplate(this.transaction.getTransactionManager());
		own.setPropagationBehavior(TransactionTemplate.PROPAGATION_REQUIRES_NEW);
		this.transaction.executeWithoutResult((status) -> afterwards(() -> {
			own.executeWithoutResult((inner) -> {
				send("dropped");
				inner.setRollbackOnly();
			});
			own.executeWithoutResult((inner) -> send("kept"));
			send("after-both");
		}, (end) -> {
		}));
		assertThat(this.outbox.find("dropped")).isEmpty();
		assertThat(this.outbox.find("kept")).isPresent();
		assertThat(this.outbox.find("after-both")).isPresent();
	}

	@Test
	void whatIsSentBeforeACommitThatFailsIsNeverSent() {
		open(TestDatabase.H2, false);
		JdbcTransactionManager manager = manager();
		List<TransactionExecutionListener> listeners = new ArrayList<>(manager.getTransactionExecutionListeners());
		listeners.add(new TransactionExecutionListener() {

			@Override
			public void beforeCommit(TransactionExecution execution) {
				send("before-commit");
				throw new IllegalStateException("no doctor");
			}

		});
		manager.setTransactionExecutionListeners(listeners);
		assertThatIllegalStateException()
			.isThrownBy(() -> this.transaction.executeWithoutResult((status) -> send("in")));
		assertThat(this.outbox.find("in")).isEmpty();
		assertThat(this.outbox.find("before-commit")).isEmpty();
	}

	// Within a transaction of the outbox's manager, which goes on.
	@Test
	void whatIsSentAfterAnotherManagersCommitBelongsToTheOpenOne() {
		open(TestDatabase.H2, false);
		TransactionTemplate other = new TransactionTemplate(
				new JdbcTransactionManager(new SingleConnectionDataSource("jdbc:h2:mem:other", true)));
		for (boolean rolledBack : new boolean[] { true, false }) {
			this.transaction.executeWithoutResult((outer) -> {
				send("outer-" + rolledBack);
				other.executeWithoutResult((inner) -> afterwards(() -> {
				}, (end) -> send("after-other-" + rolledBack)));
				if (rolledBack) {
					outer.setRollbackOnly();
				}
			});
		}
		assertThat(this.outbox.find("outer-true")).isEmpty();
		assertThat(this.outbox.find("after-other-true")).isEmpty();
		assertThat(this.outbox.find("outer-false")).isPresent();
	}

	@Test
	void whatATransactionLeftUndoneIsNotCommittedWithWhatFollows() {
		open(TestDatabase.H2, false);
		assertThatExceptionOfType(UnexpectedRollbackException.class)
			.isThrownBy(() -> this.transaction.executeWithoutResult((status) -> {
				send("undone");
				TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {

					@Override
					public void beforeCommit(boolean readOnly) {
						throw new UnexpectedRollbackException("an inner one was rolled back");
					}

				});
				afterwards(() -> {
				}, (end) -> send("letter"));
			}));
		assertThat(this.outbox.find("undone")).isEmpty();
		assertThat(this.outbox.find("letter")).isPresent();
	}

	@Test
	void aSavepointAmidTheEndChangesNothing() {
		open(TestDatabase.H2, false);
		TransactionTemplate nested = new TransactionTemplate(manager());
		nested.setPropagationBehavior(TransactionTemplate.PROPAGATION_NESTED);
		this.transaction.executeWithoutResult((status) -> afterwards(() -> {
			nested.executeWithoutResult((inner) -> {
			});
			send("after-savepoint");
		}, (end) -> {
		}));
		assertThat(this.outbox.find("after-savepoint")).isPresent();
	}

	@Test
	void nothingOfItStaysWithTheThread() {
		open(TestDatabase.H2, false);
		this.outbox = JdbcMessagingOutbox
			.builder(new TransactionAwareDataSourceProxy(this.dataSource), manager(),
					TestOutbox.template(this.simulator.baseUrl().toString()).build())
			.build();
		this.transaction.executeWithoutResult(
				(status) -> afterwards(() -> send("after-commit"), (end) -> send("after-completion")));
		assertThat(TransactionSynchronizationManager.getResourceMap()).isEmpty();
		assertThat(TransactionSynchronizationManager.isSynchronizationActive()).isFalse();
		send("later");
		assertThat(this.outbox.find("later")).isPresent();
	}

	private JdbcTransactionManager manager() {
		return (JdbcTransactionManager) Objects.requireNonNull(this.transaction.getTransactionManager());
	}

	private void send(String key) {
		this.outbox.send(key, to(CUSTOMER).body(key));
	}

	private void awaitSent(String key) {
		await(key).atMost(Duration.ofSeconds(30))
			.until(() -> this.outbox.find(key).map(OutboxEntry::state).orElse(null),
					(state) -> state == OutboxState.SENT);
	}

	private static void afterwards(Runnable commit, Consumer<Integer> completion) {
		TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {

			@Override
			public void afterCommit() {
				commit.run();
			}

			@Override
			public void afterCompletion(int status) {
				completion.accept(status);
			}

		});
	}

}
