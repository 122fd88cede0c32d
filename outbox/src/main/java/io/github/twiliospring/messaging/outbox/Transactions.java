package io.github.twiliospring.messaging.outbox;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;

import javax.sql.DataSource;

import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Schedulers;

import org.springframework.beans.BeanWrapperImpl;
import org.springframework.core.retry.RetryPolicy;
import org.springframework.core.retry.RetryTemplate;
import org.springframework.dao.CannotAcquireLockException;
import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.InvalidDataAccessResourceUsageException;
import org.springframework.jdbc.BadSqlGrammarException;
import org.springframework.jdbc.UncategorizedSQLException;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.transaction.IllegalTransactionStateException;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.support.ResourceTransactionManager;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionSynchronizationUtils;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The transactions that entries are written in: the caller's, or one of their own. A
 * caller's in which an entry couldn't be written, or that it wouldn't be part of, is
 * refused.
 */
final class Transactions {

	/** What to do where the tables aren't those that are needed. */
	static final String NO_TABLES = "run the file schema-*.sql of twilio-messaging-outbox that belongs to the database,"
			+ " or set twilio.messaging.outbox.jdbc.initialize-schema=always";

	private static final String READ_ONLY = "The outbox can't write in a read-only transaction";

	private static final String ANOTHERS = "The outbox can't join the transaction that is active: it's another transaction"
			+ " manager's, and what is rolled back there would be sent all the same. Use the outbox's manager"
			+ " (twilio.messaging.outbox.jdbc.transaction-manager), or none";

	// ER_CHECKREAD, by innodb_snapshot_isolation, which has no SQL state of its own.
	private static final int MARIADB_SNAPSHOT = 1020;

	// ER_LOCK_WAIT_TIMEOUT, which has none either.
	private static final int MARIADB_LOCK_WAIT = 1205;

	// lock_not_available, by lock_timeout.
	private static final String POSTGRESQL_LOCK_WAIT = "55P03";

	// Whoever waited for a lock in vain has waited long enough.
	private static final Duration PATIENCE = Duration.ofSeconds(5);

	private static final Duration PAUSE = Duration.ofMillis(20);

	private final RetryTemplate repeating = new RetryTemplate(RetryPolicy.builder()
		.includes(ConcurrencyFailureException.class)
		.maxRetries(4)
		.timeout(PATIENCE)
		.delay(PAUSE)
		.jitter(PAUSE)
		.multiplier(2)
		.build());

	private final PlatformTransactionManager transactionManager;

	private final TransactionTemplate joining;

	private final TransactionTemplate own;

	private final JdbcTemplate jdbc;

	// What a transaction's connection is bound to, or null where it's bound otherwise.
	private final @Nullable Object resource;

	private final EndedTransactions ended;

	/**
	 * Looks after transactions.
	 * @param dataSource the database
	 * @param transactionManager the one of the transactions that entries are written in
	 */
	Transactions(DataSource dataSource, PlatformTransactionManager transactionManager) {
		this.transactionManager = transactionManager;
		this.joining = new TransactionTemplate(transactionManager);
		// One that began for a connection which another manager has bound would roll back
		// what that one's transaction did.
		this.joining.setPropagationBehavior(TransactionDefinition.PROPAGATION_MANDATORY);
		this.own = new TransactionTemplate(transactionManager);
		this.jdbc = new JdbcTemplate(dataSource);
		this.resource = (transactionManager instanceof ResourceTransactionManager) ? resource(dataSource) : null;
		this.ended = new EndedTransactions(this.resource, this.jdbc);
		this.ended.listenTo(transactionManager);
	}

	/**
	 * Hears of the ends of other managers' transactions, too, on connections of the same
	 * {@code DataSource}.
	 * @param all the application's managers, perhaps with the outbox's own
	 */
	void listenTo(Collection<? extends PlatformTransactionManager> all) {
		all.stream()
			.filter((manager) -> manager != this.transactionManager && this.resource != null
					&& this.resource.equals(managed(manager)))
			.forEach(this.ended::listenTo);
	}

	/**
	 * Refuses a manager that manages another database, as far as it can be seen.
	 * @throws IllegalArgumentException if it does
	 */
	static void check(DataSource dataSource, PlatformTransactionManager transactionManager) {
		Object managed = managed(transactionManager);
		if (managed != null && !managed.equals(resource(dataSource))) {
			throw new IllegalArgumentException("The outbox's transaction manager manages another DataSource than the"
					+ " outbox's: entries wouldn't be part of its transactions");
		}
	}

	private static @Nullable Object managed(PlatformTransactionManager transactionManager) {
		if (!(transactionManager instanceof ResourceTransactionManager)) {
			return null;
		}
		// JPA's has one, too, which isn't known here.
		BeanWrapperImpl manager = new BeanWrapperImpl(transactionManager);
		Object managed = manager.isReadableProperty("dataSource") ? manager.getPropertyValue("dataSource") : null;
		return (managed instanceof DataSource dataSource) ? resource(dataSource) : null;
	}

	private static Object resource(DataSource dataSource) {
		DataSource target = dataSource;
		while (target instanceof TransactionAwareDataSourceProxy proxy && proxy.getTargetDataSource() != null) {
			target = proxy.getTargetDataSource();
		}
		return TransactionSynchronizationUtils.unwrapResourceIfNecessary(target);
	}

	/**
	 * Writes in the caller's transaction, or in one of its own, which is repeated where
	 * it's the victim of a concurrent one. A caller's that is over, as where it tells
	 * those who wanted to hear of its end, is none.
	 * @param work whatever it is, which may be done again
	 * @throws IllegalTransactionStateException if the caller's isn't one that can be
	 * joined
	 * @throws IllegalStateException on an event loop, whose transaction would be a
	 * reactive one
	 * @throws DataAccessException if the database fails
	 */
	<T> T write(Supplier<T> work) {
		if (Schedulers.isInNonBlockingThread()) {
			throw new IllegalStateException(
					"MessagingOutbox waits for the database, and this thread is an event loop's or"
							+ " another that must not: use MessagingOutbox.reactive(), which joins reactive transactions, too, or"
							+ " call it on Schedulers.boundedElastic()");
		}
		if (this.ended.isCurrent()) {
			return this.repeating.<T>invoke(() -> afterwards(work));
		}
		return TransactionSynchronizationManager.isActualTransactionActive() ? join(work)
				: this.repeating.<T>invoke(() -> write(this.own, work));
	}

	private <T> T join(Supplier<T> work) {
		// Without synchronization: whoever wanted to hear of its end is being told.
		boolean over = !TransactionSynchronizationManager.isSynchronizationActive();
		try {
			this.joining.executeWithoutResult((status) -> {
			});
		}
		catch (IllegalTransactionStateException ex) {
			if (over) {
				return this.repeating.<T>invoke(() -> write(this.own, work));
			}
			throw new IllegalTransactionStateException(ANOTHERS, ex);
		}
		return write(this.joining, () -> {
			T result = work.get();
			this.ended.written();
			return result;
		});
	}

	// Not in a second connection, which whoever has one may wait for in vain.
	private <T> T afterwards(Supplier<T> work) {
		return translated(() -> this.ended.apart(() -> {
			if (isReadOnly()) {
				throw new IllegalTransactionStateException(READ_ONLY);
			}
			return Objects.requireNonNull(
					this.jdbc.execute((ConnectionCallback<T>) (connection) -> this.ended.committed(connection, work)));
		}));
	}

	private <T> T write(TransactionTemplate transaction, Supplier<T> work) {
		return translated(() -> {
			List<T> results = new ArrayList<>();
			String refusal = transaction.execute((status) -> {
				String problem = refusal(status);
				if (problem.isEmpty()) {
					results.add(work.get());
				}
				return problem;
			});
			if (results.isEmpty()) {
				// Not before, since that would end the caller's transaction, too.
				throw new IllegalTransactionStateException(String.valueOf(refusal));
			}
			return results.get(0);
		});
	}

	/**
	 * Reads, in the caller's transaction where there's one.
	 * @throws DataAccessException if the database fails
	 */
	<T> T read(Supplier<T> work) {
		return translated(work);
	}

	private String refusal(TransactionStatus status) {
		if (this.resource != null && !TransactionSynchronizationManager.hasResource(this.resource)) {
			status.setRollbackOnly();
			return "The outbox can't join a transaction of its transaction manager, which doesn't manage connections of"
					+ " the outbox's DataSource (twilio.messaging.outbox.jdbc.data-source)";
		}
		return (!status.isNewTransaction() && isReadOnly()) ? READ_ONLY : "";
	}

	private boolean isReadOnly() {
		if (!TransactionSynchronizationManager.isCurrentTransactionReadOnly()) {
			return false;
		}
		// It may be said of another manager's, around ours. H2's connections don't know.
		return Boolean.TRUE
			.equals(this.jdbc.execute((ConnectionCallback<Boolean>) (connection) -> connection.isReadOnly()
					|| connection.getMetaData().getDatabaseProductName().equals("H2")));
	}

	private <T> T translated(Supplier<T> work) {
		try {
			return work.get();
		}
		catch (BadSqlGrammarException ex) {
			throw noTables(ex);
		}
		catch (UncategorizedSQLException ex) {
			throw failure(ex);
		}
	}

	// What Spring knows no better name for.
	private static DataAccessException failure(UncategorizedSQLException ex) {
		SQLException cause = ex.getSQLException();
		if (cause != null && cause.getErrorCode() == MARIADB_SNAPSHOT) {
			return new ConcurrencyFailureException(
					"Another transaction has changed what this one sees as it was before: repeat it", ex);
		}
		if (cause != null
				&& (cause.getErrorCode() == MARIADB_LOCK_WAIT || POSTGRESQL_LOCK_WAIT.equals(cause.getSQLState()))) {
			return new CannotAcquireLockException(
					"Another transaction holds the entry for longer than the database waits for a lock", ex);
		}
		return ex;
	}

	/**
	 * What a caller gets where the database doesn't understand a statement.
	 */
	static DataAccessException noTables(DataAccessException ex) {
		return new InvalidDataAccessResourceUsageException(
				"The outbox's tables aren't there, or are another version's: " + NO_TABLES, ex);
	}

}
