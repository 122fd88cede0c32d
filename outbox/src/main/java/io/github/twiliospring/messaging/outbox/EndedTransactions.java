package io.github.twiliospring.messaging.outbox;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import org.springframework.core.Ordered;
import org.springframework.transaction.ConfigurableTransactionManager;
import org.springframework.transaction.TransactionExecution;
import org.springframework.transaction.TransactionExecutionListener;
import org.springframework.transaction.TransactionManager;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionSynchronizationUtils;

/**
 * Knows the transactions that are over, and still tell those who wanted to hear of their
 * end, such as {@code @TransactionalEventListener} methods. They're shown as active, with
 * their connection, and nobody commits what is written in them any more.
 */
final class EndedTransactions implements TransactionExecutionListener {

	private final @Nullable Object resource;

	// By the holders of their connections, which are new in each: whether it was
	// committed.
	private final Map<Object, Boolean> ended = Collections.synchronizedMap(new WeakHashMap<>());

	/**
	 * Knows none.
	 * @param resource what a transaction's connection is bound to, or {@code null} where
	 * it's bound otherwise, and nothing is found out
	 */
	EndedTransactions(@Nullable Object resource) {
		this.resource = resource;
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
		Object connection = connection();
		return connection != null && this.ended.containsKey(connection);
	}

	private @Nullable Object connection() {
		return (this.resource != null) ? TransactionSynchronizationManager.getResource(this.resource) : null;
	}

	// What hears of the commit itself is asked too early: JPA writes while it commits.
	@Override
	public void afterBegin(TransactionExecution transaction, @Nullable Throwable failure) {
		Object connection = connection();
		if (failure == null && transaction.isNewTransaction() && connection != null
				&& TransactionSynchronizationManager.isSynchronizationActive()) {
			this.ended.remove(connection);
			TransactionSynchronizationManager.registerSynchronization(new End(connection));
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
		Object holder = connection();
		boolean autoCommit = connection.getAutoCommit();
		if (autoCommit) {
			connection.setAutoCommit(false);
		}
		else if (holder == null || !Boolean.TRUE.equals(this.ended.get(holder))) {
			// Spring leaves the work of some that failed where it is.
			connection.rollback();
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
		public void afterCommit() {
			EndedTransactions.this.ended.put(this.connection, true);
		}

		@Override
		public void afterCompletion(int status) {
			EndedTransactions.this.ended.putIfAbsent(this.connection, status == STATUS_COMMITTED);
		}

	}

}
