package io.github.twiliospring.messaging.outbox;

import java.util.Date;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;

import com.zaxxer.hikari.HikariDataSource;
import io.github.twiliospring.messaging.MessagingTemplate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.ResourceHolderSupport;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

import static io.github.twiliospring.messaging.message.OutboundMessage.to;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

/**
 * What others do once a transaction is over, on the connection that the outbox uses, too.
 */
class AfterTransactionWorkTests {

	private static final String CUSTOMER = "+15558675310";

	private HikariDataSource dataSource;

	private JdbcTemplate jdbc;

	private PlatformTransactionManager another;

	private TransactionTemplate transaction;

	private JdbcMessagingOutbox outbox;

	private void open(TestDatabase database, boolean autoCommit) {
		String url = database.create();
		try (HikariDataSource plain = TestDatabase.pool(url, true)) {
			TestOutbox.createSchema(plain, database.platform());
			new JdbcTemplate(plain).execute("create table letters (id varchar(20) primary key)");
		}
		this.dataSource = TestDatabase.pool(url, autoCommit);
		// Whoever needs a second one waits in vain.
		this.dataSource.setMaximumPoolSize(1);
		this.dataSource.setConnectionTimeout(5_000);
		this.jdbc = new JdbcTemplate(this.dataSource);
		JdbcTransactionManager manager = new JdbcTransactionManager(this.dataSource);
		this.another = new JdbcTransactionManager(this.dataSource);
		DefaultListableBeanFactory beans = new DefaultListableBeanFactory();
		beans.registerSingleton("one", manager);
		beans.registerSingleton("another", this.another);
		this.transaction = new TransactionTemplate(manager);
		this.outbox = JdbcMessagingOutbox.builder(this.dataSource, manager,
				MessagingTemplate.builder("AC0123456789abcdef0123456789abcdef", "secret").from(TestOutbox.FROM).build())
			.beanFactory(beans)
			.build();
		this.outbox.afterSingletonsInstantiated();
	}

	@AfterEach
	void close() {
		this.dataSource.close();
	}

	@ParameterizedTest
	@EnumSource
	void whatAListenerWroteAfterARollBackStaysWhereItSendsAMessage(TestDatabase database) {
		open(database, true);
		assertThatIllegalStateException().isThrownBy(() -> this.transaction.executeWithoutResult((status) -> {
			letter("undone");
			afterwards(() -> {
			}, (end) -> {
				letter("first");
				send("first");
				letter("second");
				send("second");
			});
			throw new IllegalStateException("no doctor");
		}));
		assertThat(letters()).containsExactlyInAnyOrder("first", "second");
		assertThat(keys()).containsExactlyInAnyOrder("first", "second");
	}

	@ParameterizedTest
	@EnumSource
	void whatAListenerWroteAfterACommitStaysWhereItsMessageIsRefused(TestDatabase database) {
		open(database, true);
		send("taken");
		this.transaction.executeWithoutResult((status) -> afterwards(() -> {
			letter("first");
			assertThatExceptionOfType(OutboxKeyConflictException.class).isThrownBy(
					() -> this.outbox.sendAll(Stream.of(OutboxRequest.of("taken", to(CUSTOMER).body("Another")))));
			send("second");
		}, (end) -> {
		}));
		assertThat(letters()).containsExactly("first");
		assertThat(keys()).containsExactlyInAnyOrder("taken", "second");
	}

	// Of one listener, of which another that sends knows nothing.
	@ParameterizedTest
	@CsvSource({ "H2, true", "H2, false", "POSTGRESQL, true", "POSTGRESQL, false", "MARIADB, true", "MARIADB, false" })
	void aStatementThatFailsAfterACommitLeavesNoMessageUnsent(TestDatabase database, boolean autoCommit) {
		open(database, autoCommit);
		this.transaction.executeWithoutResult((status) -> {
			letter("first");
			afterwards(() -> assertThatExceptionOfType(DataAccessException.class).isThrownBy(() -> letter("first")),
					(end) -> send("key"));
		});
		assertThat(letters()).containsExactly("first");
		assertThat(keys()).containsExactly("key");
	}

	// As its status says, it was committed.
	@ParameterizedTest
	@EnumSource
	void aFailureAfterACommitLeavesNoMessageUnsent(TestDatabase database) {
		open(database, false);
		assertThatIllegalStateException()
			.isThrownBy(() -> this.transaction.executeWithoutResult((status) -> afterwards(() -> {
				send("before");
				throw new IllegalStateException("no doctor");
			}, (end) -> send("after"))));
		assertThat(keys()).containsExactlyInAnyOrder("before", "after");
	}

	@ParameterizedTest
	@CsvSource({ "H2, true", "H2, false", "POSTGRESQL, true", "POSTGRESQL, false", "MARIADB, true", "MARIADB, false" })
	void aMessageThatCantBeWrittenLeavesAConnectionThatWorks(TestDatabase database, boolean autoCommit) {
		open(database, autoCommit);
		rename("twilio_outbox_tasks", "away");
		this.transaction.executeWithoutResult((status) -> afterwards(
				() -> assertThatExceptionOfType(DataAccessException.class).isThrownBy(() -> send("lost")), (end) -> {
				}));
		rename("away", "twilio_outbox_tasks");
		assertThat(keys()).isEmpty();
		assertThat(TransactionSynchronizationManager.getResourceMap()).isEmpty();
		this.transaction.executeWithoutResult((status) -> send("kept"));
		assertThat(keys()).containsExactly("kept");
	}

	@ParameterizedTest
	@EnumSource
	void anotherManagerOfTheSameDatabaseIsLikeTheOutboxsOwn(TestDatabase database) {
		open(database, false);
		TransactionTemplate others = new TransactionTemplate(this.another);
		others.executeWithoutResult((status) -> {
			send("undone");
			status.setRollbackOnly();
		});
		others.executeWithoutResult((status) -> {
			send("in");
			afterwards(() -> send("after-commit"), (end) -> send("after-completion"));
		});
		assertThat(keys()).containsExactlyInAnyOrder("in", "after-commit", "after-completion");
	}

	@ParameterizedTest
	@EnumSource
	void theTimeLimitOfATransactionThatIsOverDoesntCount(TestDatabase database) {
		open(database, false);
		this.transaction.setTimeout(1);
		this.transaction.executeWithoutResult((status) -> afterwards(() -> {
			awaitDeadline();
			send("after-commit");
		}, (end) -> send("after-completion")));
		assertThat(keys()).containsExactlyInAnyOrder("after-commit", "after-completion");
	}

	private void awaitDeadline() {
		ResourceHolderSupport holder = (ResourceHolderSupport) TransactionSynchronizationManager
			.getResource(this.dataSource);
		await().until(() -> Objects.requireNonNull(holder.getDeadline()).before(new Date()));
	}

	// An event's listener is called where the transaction of another database is over.
	@ParameterizedTest
	@EnumSource
	void whatIsSentAfterATransactionOfAnotherDatabaseHasOneOfItsOwn(TestDatabase database) {
		open(database, false);
		TransactionTemplate others = new TransactionTemplate(
				new JdbcTransactionManager(new SingleConnectionDataSource("jdbc:h2:mem:", true)));
		others.executeWithoutResult((status) -> afterwards(() -> {
		}, (end) -> {
			send("first");
			send("second");
		}));
		assertThat(keys()).containsExactlyInAnyOrder("first", "second");
	}

	private void send(String key) {
		this.outbox.send(key, to(CUSTOMER).body(key));
	}

	private void rename(String table, String name) {
		this.transaction
			.executeWithoutResult((status) -> this.jdbc.execute("alter table " + table + " rename to " + name));
	}

	private void letter(String id) {
		this.jdbc.update("insert into letters values (?)", id);
	}

	private List<String> letters() {
		return this.jdbc.queryForList("select id from letters", String.class);
	}

	private List<String> keys() {
		return this.jdbc.queryForList("select message_key from twilio_outbox", String.class);
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
