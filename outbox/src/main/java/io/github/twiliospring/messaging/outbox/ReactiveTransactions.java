package io.github.twiliospring.messaging.outbox;

import java.util.concurrent.atomic.AtomicBoolean;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.r2dbc.connection.R2dbcTransactionManager;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.transaction.NoTransactionException;
import org.springframework.transaction.ReactiveTransactionManager;
import org.springframework.transaction.reactive.TransactionSynchronization;
import org.springframework.transaction.reactive.TransactionSynchronizationManager;
import org.springframework.transaction.reactive.TransactionalOperator;

/**
 * The reactive transactions that entries are written in: the caller's, or one of their
 * own. A caller's that an entry wouldn't be part of is refused.
 */
final class ReactiveTransactions {

	private static final Log logger = LogFactory.getLog(ReactiveTransactions.class);

	private final TransactionalOperator joining;

	private final DatabaseClient database;

	private final WakeAfterCommit wake;

	// Why it can join no transaction, or null.
	private final @Nullable String refusal;

	private volatile @Nullable Boolean autoCommit;

	/**
	 * Looks after transactions.
	 * @param database the database
	 * @param transactionManager the one of the callers' transactions
	 * @param relay wakes the relay
	 */
	ReactiveTransactions(DatabaseClient database, ReactiveTransactionManager transactionManager, Runnable relay) {
		this.joining = TransactionalOperator.create(transactionManager);
		this.database = database;
		this.wake = new WakeAfterCommit(relay);
		this.refusal = (transactionManager instanceof R2dbcTransactionManager manager && manager
			.getConnectionFactory() != database.getConnectionFactory())
					? "The outbox's ReactiveTransactionManager manages connections of another ConnectionFactory than"
							+ " the outbox's: make the two primary that belong together"
					: null;
	}

	/**
	 * Writes in the caller's transaction, or in one of its own. It fails with an
	 * {@link IllegalStateException} if the caller's isn't one that can be joined.
	 */
	<T> Mono<T> write(Mono<T> work) {
		return hasCallers().flatMap((callers) -> callers ? join(true, work) : toItsEnd(join(false, work)));
	}

	/**
	 * The same where nothing but the first statement changes anything: alone it commits
	 * by itself, which saves two of three round trips.
	 */
	<T> Mono<T> writeAtOnce(Mono<T> work) {
		return hasCallers().flatMap((callers) -> callers ? join(true, work)
				: toItsEnd(hasAutoCommit().flatMap((commits) -> commits ? work : join(false, work))));
	}

	// A pool may lose the connection of a transaction that is canceled on its way
	// (spring-framework#32115).
	private static <T> Mono<T> toItsEnd(Mono<T> work) {
		return Mono.deferContextual((context) -> {
			AtomicBoolean givenUp = new AtomicBoolean();
			// Materialized, since Reactor logs an error that comes after a cancel.
			return Mono
				.fromFuture(() -> work.contextWrite(context)
					.doOnError((failure) -> tell(failure, givenUp.get()))
					.materialize()
					.toFuture(), true)
				.<T>dematerialize()
				.doOnCancel(() -> givenUp.set(true));
		});
	}

	private static void tell(Throwable failure, boolean givenUp) {
		if (givenUp) {
			logger.warn("A call of the reactive outbox failed after its caller had given it up: "
					+ failure.getClass().getName());
		}
	}

	private <T> Mono<T> join(boolean callers, Mono<T> work) {
		return this.joining.execute((status) -> (callers && status.isNewTransaction())
				? refused("The outbox can't join the transaction that is active: it's another transaction manager's,"
						+ " and what is rolled back there would be sent all the same")
				: work)
			.singleOrEmpty();
	}

	private Mono<Boolean> hasCallers() {
		if (this.refusal != null) {
			return refused(this.refusal);
		}
		if (org.springframework.transaction.support.TransactionSynchronizationManager.isActualTransactionActive()) {
			return refused("The reactive outbox can't join the blocking transaction that is active on this thread: what"
					+ " is rolled back there would be sent all the same. Use the methods of MessagingOutbox itself");
		}
		// Asked before it's joined, so that it goes on.
		return current().flatMap((transaction) -> transaction.isCurrentTransactionReadOnly()
				? ReactiveTransactions.<Boolean>refused("The outbox can't write in a read-only transaction")
				: Mono.just(true))
			.defaultIfEmpty(false);
	}

	private static <T> Mono<T> refused(String reason) {
		return Mono.error(() -> new IllegalStateException(reason));
	}

	private Mono<Boolean> hasAutoCommit() {
		Boolean known = this.autoCommit;
		return (known != null) ? Mono.just(known)
				: this.database.inConnection((connection) -> Mono.fromSupplier(connection::isAutoCommit))
					.doOnNext((commits) -> this.autoCommit = commits);
	}

	/**
	 * Wakes the relay once that is committed which was written before.
	 */
	Mono<Void> wakeAfterCommit() {
		return current().doOnNext((transaction) -> {
			if (!transaction.getSynchronizations().contains(this.wake)) {
				transaction.registerSynchronization(this.wake);
			}
		}).hasElement().doOnNext((later) -> {
			if (!later) {
				this.wake.relay().run();
			}
		}).then();
	}

	private static Mono<TransactionSynchronizationManager> current() {
		return TransactionSynchronizationManager.forCurrentTransaction()
			.onErrorResume(NoTransactionException.class, (ex) -> Mono.empty())
			.filter(TransactionSynchronizationManager::isActualTransactionActive);
	}

	/**
	 * Wakes the relay. All for one relay are equal.
	 */
	private record WakeAfterCommit(Runnable relay) implements TransactionSynchronization {

		@Override
		public Mono<Void> afterCommit() {
			return Mono.fromRunnable(this.relay);
		}

	}

}
