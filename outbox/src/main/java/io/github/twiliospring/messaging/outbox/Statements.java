package io.github.twiliospring.messaging.outbox;

import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;

import javax.sql.DataSource;

import org.jspecify.annotations.Nullable;

import org.springframework.core.retry.RetryPolicy;
import org.springframework.core.retry.RetryTemplate;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.InvalidDataAccessApiUsageException;
import org.springframework.dao.InvalidDataAccessResourceUsageException;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The relay's changes. Each is a transaction of its own: a single statement by
 * auto-commit, where the pool's connections have it, which saves two of three round
 * trips.
 */
final class Statements {

	// An answer is worth waiting for a database that's away: while it is, nothing else
	// could be sent.
	private static final Duration PATIENCE = Duration.ofMinutes(5);

	private static final Duration FIRST_PAUSE = Duration.ofMillis(50);

	private static final Duration LONGEST_PAUSE = Duration.ofSeconds(3);

	private static final List<Class<? extends DataAccessException>> HOPELESS = List.of(
			DataIntegrityViolationException.class, InvalidDataAccessResourceUsageException.class,
			InvalidDataAccessApiUsageException.class);

	private final OutboxTable table;

	private final TransactionTemplate transaction;

	private final RetryTemplate patient;

	private final JdbcTemplate connections;

	// Several threads may ask for it at once: none waits for another's connection.
	private volatile @Nullable Boolean autoCommit;

	/**
	 * Makes them.
	 * @param dataSource the database
	 * @param table the rows in it
	 * @param transactionManager begins transactions
	 */
	Statements(DataSource dataSource, OutboxTable table, PlatformTransactionManager transactionManager) {
		this.table = table;
		this.connections = new JdbcTemplate(dataSource);
		this.transaction = new TransactionTemplate(transactionManager);
		this.transaction.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
		this.patient = new RetryTemplate(RetryPolicy.builder()
			.maxRetries(Long.MAX_VALUE)
			.timeout(PATIENCE)
			.delay(FIRST_PAUSE)
			.multiplier(2)
			.maxDelay(LONGEST_PAUSE)
			.predicate(Statements::mayPass)
			.build());
	}

	private static boolean mayPass(Throwable failure) {
		return failure instanceof TransactionException || (failure instanceof DataAccessException
				&& HOPELESS.stream().noneMatch((type) -> type.isInstance(failure)));
	}

	/**
	 * Changes something.
	 * @param change the statement
	 * @return whether anything was changed
	 */
	boolean write(Sql change) {
		return hasAutoCommit() ? this.table.change(change) : inTransaction(() -> this.table.change(change));
	}

	/**
	 * Changes something in the database's own way.
	 * @param change the statement
	 * @return whether anything was changed
	 */
	boolean write(Function<Dialect, Sql> change) {
		return write(change.apply(this.table.dialect()));
	}

	private boolean hasAutoCommit() {
		Boolean known = this.autoCommit;
		if (known == null) {
			known = this.connections.execute((ConnectionCallback<Boolean>) Connection::getAutoCommit);
			this.autoCommit = known;
		}
		return Boolean.TRUE.equals(known);
	}

	/**
	 * Changes something that is known here alone, for as long as that may still succeed.
	 * @param change the statement
	 * @return whether anything was changed
	 */
	boolean writePersistently(Sql change) {
		return persistently(() -> write(change));
	}

	/**
	 * The same, once a lock is held.
	 * @param lock waits for the lock
	 * @param change the statement
	 * @return whether anything was changed
	 */
	boolean writePersistently(Function<Dialect, Sql> lock, Sql change) {
		return persistently(() -> inTransaction(() -> {
			this.table.exists(lock.apply(this.table.dialect()));
			return this.table.change(change);
		}));
	}

	private boolean persistently(Supplier<Boolean> work) {
		return Boolean.TRUE.equals(this.patient.<Boolean>invoke(work));
	}

	/**
	 * Does what takes several statements.
	 * @param work whatever it is
	 * @return what it returns
	 */
	<T> T inTransaction(Supplier<T> work) {
		return Objects.requireNonNull(this.transaction.execute((status) -> work.get()));
	}

}
