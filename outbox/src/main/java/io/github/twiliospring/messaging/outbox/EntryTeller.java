package io.github.twiliospring.messaging.outbox;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Tells the application of an entry's state, and remembers that it has heard. Methods
 * that hang have at most a quarter of what an instance does at a time, and an end.
 */
final class EntryTeller {

	private static final Log logger = LogFactory.getLog(EntryTeller.class);

	private final Transitions transitions;

	private final Statements statements;

	private final OutboxUpdates updates;

	private final OutboxSettings settings;

	private final OutboxClock clock;

	private final Duration handlerLimit;

	private final Semaphore places;

	private final Set<Telling> running = ConcurrentHashMap.newKeySet();

	/**
	 * Makes a teller.
	 * @param transitions changes rows
	 * @param statements in transactions of their own
	 * @param updates hear of states
	 * @param settings after which pause it's tried again where that failed
	 * @param clock decides what is due
	 * @param handlerLimit how long methods may run
	 * @param inFlight how many entries the instance sees to at a time
	 */
	EntryTeller(Transitions transitions, Statements statements, OutboxUpdates updates, OutboxSettings settings,
			OutboxClock clock, Duration handlerLimit, int inFlight) {
		this.transitions = transitions;
		this.statements = statements;
		this.updates = updates;
		this.settings = settings;
		this.clock = clock;
		this.handlerLimit = handlerLimit;
		this.places = new Semaphore(Math.max(1, inFlight / 4));
	}

	/**
	 * Tells it, now or later.
	 * @param row an entry whose state the application has still to hear of
	 */
	void tell(Row row) {
		if (!this.places.tryAcquire()) {
			later(row, this.settings.firstPause());
			return;
		}
		Telling telling = new Telling(Thread.currentThread(), System.nanoTime());
		this.running.add(telling);
		boolean told;
		try {
			told = this.updates.tell(row.toEntry());
		}
		finally {
			telling.end();
			this.running.remove(telling);
			this.places.release();
		}
		if (told) {
			this.statements.write(this.transitions.told(row));
		}
		else {
			later(row, this.settings.longestPause());
		}
	}

	private void later(Row row, Duration pause) {
		this.statements.write(this.transitions.postpone(row, this.clock.now().plus(pause), null));
	}

	/**
	 * Interrupts methods that have run for too long.
	 */
	void interruptLate() {
		for (Telling telling : this.running) {
			if (System.nanoTime() - telling.begun >= this.handlerLimit.toNanos() && telling.interrupt()) {
				logger.warn("An @OutboxUpdate method is interrupted, since it has run for " + this.handlerLimit
						+ "; it's called again");
			}
		}
	}

	/**
	 * A call of the application's methods. It's interrupted once, and not after its end.
	 */
	private static final class Telling {

		private final Thread thread;

		private final long begun;

		// Guarded by this.
		private boolean over;

		private boolean interrupted;

		Telling(Thread thread, long begun) {
			this.thread = thread;
			this.begun = begun;
		}

		synchronized boolean interrupt() {
			if (this.over || this.interrupted) {
				return false;
			}
			this.interrupted = true;
			this.thread.interrupt();
			return true;
		}

		synchronized void end() {
			this.over = true;
			if (this.interrupted) {
				// It was meant for the method alone.
				Thread.interrupted();
			}
		}

	}

}
