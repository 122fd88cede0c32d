package io.github.twiliospring.messaging.outbox;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Who waits for an entry's end: woken by each step of this instance, and looking now and
 * then for what another one did.
 */
final class OutboxWaiters {

	private static final long LOOK_NANOS = Duration.ofMillis(250).toNanos();

	private final Function<String, Optional<Row>> reader;

	private final AtomicInteger waiting = new AtomicInteger();

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition changed = this.lock.newCondition();

	// Guarded by the lock.
	private long changes;

	/**
	 * Has nobody waiting.
	 * @param reader reads what is committed
	 */
	OutboxWaiters(Function<String, Optional<Row>> reader) {
		this.reader = reader;
	}

	OutboxEntry awaitEnded(String key, Duration timeout) {
		long begun = System.nanoTime();
		long most = nanos(timeout);
		this.waiting.incrementAndGet();
		try {
			while (true) {
				long seen = changes();
				Row row = this.reader.apply(key).orElse(null);
				if (row != null && isSettled(row)) {
					return row.toEntry();
				}
				long left = most - (System.nanoTime() - begun);
				if (left <= 0) {
					throw new AssertionError(failure(key, row, timeout));
				}
				sleep(seen, Math.min(left, LOOK_NANOS));
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException("Interrupted while waiting", ex);
		}
		finally {
			this.waiting.decrementAndGet();
		}
	}

	/**
	 * An entry may have ended.
	 */
	void changed() {
		if (this.waiting.get() == 0) {
			return;
		}
		this.lock.lock();
		try {
			this.changes++;
			this.changed.signalAll();
		}
		finally {
			this.lock.unlock();
		}
	}

	private long changes() {
		this.lock.lock();
		try {
			return this.changes;
		}
		finally {
			this.lock.unlock();
		}
	}

	private void sleep(long seen, long nanos) throws InterruptedException {
		this.lock.lock();
		try {
			long left = nanos;
			while (this.changes == seen && left > 0) {
				left = this.changed.awaitNanos(left);
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	// Nothing more happens to it by itself, and whoever hears of it has.
	private static boolean isSettled(Row row) {
		return (row.state().isEnded() || row.state() == OutboxState.UNRESOLVED) && !row.untold();
	}

	private static String failure(String key, @Nullable Row row, Duration timeout) {
		if (row == null) {
			return "There's no entry '" + key + "' after " + timeout
					+ (TransactionSynchronizationManager.isActualTransactionActive()
							? ". What the transaction of whoever waits has written isn't there before it's committed"
							: "");
		}
		if (row.untold()) {
			return "The entry '" + key + "' is " + row.state() + ", but after " + timeout
					+ " a method that hears of it hasn't succeeded";
		}
		return "The entry '" + key + "' hasn't ended after " + timeout + ": it's " + row.state() + ", to be sent at "
				+ row.sendAt() + ", next looked at at " + row.nextAt() + ", attempts " + row.attempts()
				+ ((row.problem() != null) ? ", last problem: " + row.problem() : "");
	}

	private static long nanos(Duration timeout) {
		try {
			return timeout.toNanos();
		}
		catch (ArithmeticException ex) {
			return Long.MAX_VALUE;
		}
	}

}
