package io.github.twiliospring.messaging.outbox;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import org.springframework.core.Ordered;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.ConfigurableTransactionManager;
import org.springframework.transaction.TransactionExecution;
import org.springframework.transaction.TransactionExecutionListener;
import org.springframework.transaction.TransactionManager;
import org.springframework.transaction.support.ResourceHolderSupport;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionSynchronizationUtils;

/**
 * Knows the transactions that are over, and still tell those who wanted to hear of their
 * end, such as {@code @TransactionalEventListener} methods. They're shown as active, with
 * their connection, and nobody commits what is written in them any more.
 */
final class EndedTransactions implements TransactionExecutionListener {

	private static final Duration LONGEST = Duration.ofSeconds(30);

	private final @Nullable Object resource;

	private final JdbcTemplate jdbc;

	// By the holders of their connections, which are new in each.
	private final Map<Object, Stage> stages = Collections.synchronizedMap(new WeakHashMap<>());

	/**
	 * Knows none.
	 * @param resource what a transaction's connection is bound to, or {@code null} where
	 * it's bound otherwise, and nothing is found out
	 * @param jdbc reaches that connection
	 */
	EndedTransactions(@Nullable Object resource, JdbcTemplate jdbc) {
		this.resource = resource;
		this.jdbc = jdbc;
	}

	/**
	 * Hears of a manager's transactions, where it tells.
	 */
	void listenTo(TransactionManager manager) {
		if (this.resource != null && manager instanceof ConfigurableTransactionManager teller) {
			// Not added to those that others may be going through just now.
			Collection<TransactionExecutionListener> listeners = new ArrayList<>(
					teller.getTransactionExecutionListeners());
			listeners.add(this);
			teller.setTransactionExecutionListeners(listeners);
		}
	}

	/**
	 * Whether the thread's transaction is over.
	 */
	boolean isCurrent() {
		Stage stage = stage();
		return stage == Stage.CLEAN || stage == Stage.UNDONE;
	}

	/**
	 * Takes note that something was written in the thread's transaction. Where it's just
	 * being committed nobody knows if that was in time: JPA's listeners are called before
	 * the commit, and Hibernate's after it.
	 */
	void written() {
		if (stage() == Stage.ENDING) {
			set(Stage.WRITTEN);
		}
	}

	private @Nullable Stage stage() {
		Object connection = connection();
		return (connection != null) ? this.stages.get(connection) : null;
	}

	private void set(Stage stage) {
		Object connection = connection();
		if (connection != null) {
			this.stages.put(connection, stage);
		}
	}

	private @Nullable Object connection() {
		return (this.resource != null) ? TransactionSynchronizationManager.getResource(this.resource) : null;
	}

	// What hears of the commit itself is asked too early: JPA writes while it commits.
	@Override
	public void afterBegin(TransactionExecution transaction, @Nullable Throwable failure) {
		Object connection = connection();
		// Whoever begins on a connection that is in another manager's transaction has
		// none of its own.
		if (failure == null && transaction.isNewTransaction() && connection != null
				&& TransactionSynchronizationManager.isSynchronizationActive()
				&& this.stages.put(connection, Stage.OPEN) != Stage.OPEN) {
			TransactionSynchronizationManager.registerSynchronization(new End(connection));
		}
	}

	@Override
	public void beforeRollback(TransactionExecution transaction) {
		if (transaction.isNewTransaction()) {
			set(Stage.ROLLED_BACK);
		}
	}

	/**
	 * Does something whose commit is heard of by those whom it registers, and not by
	 * those of the transaction that is over.
	 */
	<T> T apart(Supplier<T> work) {
		List<TransactionSynchronization> others = null;
		if (TransactionSynchronizationManager.isSynchronizationActive()) {
			others = TransactionSynchronizationManager.getSynchronizations();
			TransactionSynchronizationManager.clearSynchronization();
		}
		TransactionSynchronizationManager.initSynchronization();
		boolean done = false;
		try {
			T result = work.get();
			done = true;
			return result;
		}
		finally {
			complete(done);
			if (others != null) {
				TransactionSynchronizationManager.initSynchronization();
				others.forEach(TransactionSynchronizationManager::registerSynchronization);
			}
		}
	}

	private static void complete(boolean done) {
		TransactionSynchronizationUtils.triggerBeforeCompletion();
		try {
			if (done) {
				TransactionSynchronizationUtils.triggerAfterCommit();
			}
		}
		finally {
			List<TransactionSynchronization> own = TransactionSynchronizationManager.getSynchronizations();
			TransactionSynchronizationManager.clearSynchronization();
			TransactionSynchronizationUtils.invokeAfterCompletion(own,
					done ? TransactionSynchronization.STATUS_COMMITTED : TransactionSynchronization.STATUS_ROLLED_BACK);
		}
	}

	/**
	 * Does something in the connection of the transaction that is over, and commits it.
	 */
	<T> T committed(Connection connection, Supplier<T> work) throws SQLException {
		forgetDeadline();
		boolean autoCommit = connection.getAutoCommit();
		if (autoCommit) {
			connection.setAutoCommit(false);
		}
		else {
			leave(connection);
		}
		boolean done = false;
		try {
			T result = work.get();
			connection.commit();
			done = true;
			return result;
		}
		finally {
			if (!done) {
				connection.rollback();
			}
			if (autoCommit) {
				connection.setAutoCommit(true);
			}
		}
	}

	// Which was the other's, and would refuse each statement once it has passed.
	private void forgetDeadline() {
		if (connection() instanceof ResourceHolderSupport holder && holder.hasTimeout()) {
			holder.setTimeoutInMillis(LONGEST.toMillis());
		}
	}

	// What others wrote there since is theirs, and doesn't go with what fails here.
	private void leave(Connection connection) throws SQLException {
		if (stage() != Stage.CLEAN) {
			connection.rollback();
			set(Stage.CLEAN);
			return;
		}
		try {
			connection.commit();
		}
		catch (SQLException ex) {
			// PostgreSQL goes on after no statement that failed.
			connection.rollback();
		}
	}

	private void commit() {
		this.jdbc.execute((ConnectionCallback<Boolean>) (connection) -> {
			boolean autoCommit = connection.getAutoCommit();
			if (!autoCommit) {
				connection.commit();
			}
			return autoCommit;
		});
	}

	/**
	 * How far the end of a transaction is.
	 */
	private enum Stage {

		/** Hasn't begun. */
		OPEN,

		/** Begins. */
		ENDING,

		/** Begins, and something was written since. */
		WRITTEN,

		/** It's being rolled back. */
		ROLLED_BACK,

		/** Over: nothing of it is left in its connection. */
		CLEAN,

		/** Over: Spring leaves the work of some that failed where it is. */
		UNDONE

	}

	/**
	 * The end of a transaction, of which this hears before anybody else.
	 */
	private final class End implements TransactionSynchronization {

		private final Object connection;

		End(Object connection) {
			this.connection = connection;
		}

		@Override
		public int getOrder() {
			return Ordered.HIGHEST_PRECEDENCE;
		}

		@Override
		public void beforeCompletion() {
			put(Stage.ENDING);
		}

		@Override
		public void afterCommit() {
			boolean written = EndedTransactions.this.stages.get(this.connection) == Stage.WRITTEN;
			put(Stage.CLEAN);
			if (written) {
				commit();
			}
		}

		@Override
		public void afterCompletion(int status) {
			Stage stage = EndedTransactions.this.stages.get(this.connection);
			boolean rolledBack = status == STATUS_ROLLED_BACK && stage == Stage.ROLLED_BACK;
			put((stage == Stage.CLEAN || status == STATUS_COMMITTED || rolledBack) ? Stage.CLEAN : Stage.UNDONE);
		}

		private void put(Stage stage) {
			EndedTransactions.this.stages.put(this.connection, stage);
		}

	}

}
