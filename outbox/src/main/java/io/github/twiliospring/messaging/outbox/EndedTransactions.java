package io.github.twiliospring.messaging.outbox;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

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

	// Of this thread.
	private final ThreadLocal<@Nullable Ended> latest = new ThreadLocal<>();

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
		if (connection == null) {
			return false;
		}
		for (Ended ended = this.latest.get(); ended != null; ended = ended.outer()) {
			if (ended.connection() == connection) {
				return true;
			}
		}
		// So are those that couldn't even try to commit, when they tell of it.
		return TransactionSynchronizationManager.isActualTransactionActive()
				&& !TransactionSynchronizationManager.isSynchronizationActive();
	}

	private @Nullable Object connection() {
		return (this.resource != null) ? TransactionSynchronizationManager.getResource(this.resource) : null;
	}

	@Override
	public void beforeCommit(TransactionExecution transaction) {
		ending(transaction);
	}

	@Override
	public void beforeRollback(TransactionExecution transaction) {
		ending(transaction);
	}

	// To a savepoint, it's none that ends.
	private void ending(TransactionExecution transaction) {
		Object connection = connection();
		if (transaction.isNewTransaction() && connection != null) {
			this.latest.set(new Ended(connection, this.latest.get()));
		}
	}

	@Override
	public void afterCommit(TransactionExecution transaction, @Nullable Throwable failure) {
		told();
	}

	@Override
	public void afterRollback(TransactionExecution transaction, @Nullable Throwable failure) {
		told();
	}

	private void told() {
		Ended ended = this.latest.get();
		if (ended != null && ended.connection() == connection()) {
			if (ended.outer() != null) {
				this.latest.set(ended.outer());
			}
			else {
				this.latest.remove();
			}
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
		try {
			T result = work.get();
			TransactionSynchronizationUtils.triggerAfterCommit();
			return result;
		}
		finally {
			TransactionSynchronizationManager.clearSynchronization();
			if (others != null) {
				TransactionSynchronizationManager.initSynchronization();
				others.forEach(TransactionSynchronizationManager::registerSynchronization);
			}
		}
	}

	/**
	 * Does something in the connection of a transaction that is over, and commits it.
	 */
	static <T> T committed(Connection connection, Supplier<T> work) throws SQLException {
		boolean autoCommit = connection.getAutoCommit();
		if (autoCommit) {
			connection.setAutoCommit(false);
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
	 * A transaction that is over.
	 *
	 * @param connection the holder of its connection
	 * @param outer the one amid whose end it was begun, or another that is over
	 */
	private record Ended(Object connection, @Nullable Ended outer) {

	}

}
