package io.github.twiliospring.messaging.outbox;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.BadSqlGrammarException;

/**
 * Looks after the outbox now and then: starts the relay, takes the database's time over,
 * wakes entries that should have been woken, or whose time came by a jump of the clock,
 * and deletes what ended long ago. Every instance does it; nothing goes wrong if several
 * do at once.
 */
final class Watch {

	private static final Log logger = LogFactory.getLog(Watch.class);

	private static final Duration LONGEST_INTERVAL = Duration.ofMinutes(1);

	// With default settings, the longest.
	private static final int POLLS = 60;

	private static final Duration JUMP = Duration.ofSeconds(1);

	private static final int PORTION = 500;

	private final OutboxTable table;

	private final Statements statements;

	private final Wakeups wakeups;

	private final Relay relay;

	private final OutboxClock clock;

	private final Duration retention;

	private final Runnable check;

	private Duration interval = LONGEST_INTERVAL;

	private boolean checked;

	private Duration ahead = Duration.ZERO;

	// The nanoseconds of the system, or null before the relay was started.
	private volatile @Nullable Long lastLook;

	private String lastFailure = "";

	private @Nullable ScheduledExecutorService thread;

	/**
	 * Makes a watch.
	 * @param table the rows
	 * @param statements in transactions of their own
	 * @param wakeups when entries are woken
	 * @param relay is told of what's due
	 * @param clock what decides it
	 * @param retention how long an entry that has ended is kept
	 * @param check what is to be found out once the databases can be reached
	 */
	Watch(OutboxTable table, Statements statements, Wakeups wakeups, Relay relay, OutboxClock clock, Duration retention,
			Runnable check) {
		this.table = table;
		this.statements = statements;
		this.wakeups = wakeups;
		this.relay = relay;
		this.clock = clock;
		this.retention = retention;
		this.check = check;
	}

	/**
	 * Starts the relay once the database's time is known, since a clock that is wrong
	 * would take others for dead; and looks after the outbox from then on.
	 */
	void start(Duration pollInterval) {
		this.lastLook = null;
		this.checked = false;
		Duration polls = pollInterval.multipliedBy(POLLS);
		this.interval = (polls.compareTo(LONGEST_INTERVAL) < 0) ? polls : LONGEST_INTERVAL;
		ScheduledExecutorService started = Executors.newSingleThreadScheduledExecutor((work) -> {
			Thread created = new Thread(work, "twilio-outbox-watch");
			created.setDaemon(true);
			return created;
		});
		started.scheduleWithFixedDelay(this::tick, 0, pollInterval.toMillis(), TimeUnit.MILLISECONDS);
		this.thread = started;
	}

	// Not interrupted: a statement may be on its way.
	void stop() {
		ScheduledExecutorService running = this.thread;
		if (running == null) {
			return;
		}
		running.shutdown();
		try {
			if (!running.awaitTermination(5, TimeUnit.SECONDS)) {
				logger.debug("The outbox's watch still looks after something");
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		this.thread = null;
	}

	private void tick() {
		this.relay.observe();
		try {
			Long last = this.lastLook;
			if (last == null) {
				this.ahead = this.clock.ahead();
				synchronize();
				look(this.interval);
				this.relay.start();
				this.lastLook = System.nanoTime();
				check();
			}
			else if (hasJumped()) {
				look(Duration.ZERO);
			}
			else if (System.nanoTime() - last >= this.interval.toNanos()) {
				this.lastLook = System.nanoTime();
				synchronize();
				look(this.interval);
				check();
			}
			this.lastFailure = "";
		}
		catch (BadSqlGrammarException ex) {
			warn("The outbox's tables can't be read, and nothing is sent until they can: " + Transactions.NO_TABLES);
		}
		// An error, too, would be the last that is ever done here.
		catch (RuntimeException | Error ex) {
			warn("The outbox couldn't be looked after, which is tried again: " + ex.getClass().getName());
		}
	}

	private void check() {
		if (this.checked) {
			return;
		}
		try {
			this.check.run();
		}
		catch (IllegalStateException ex) {
			logger.error(ex.getMessage());
		}
		this.checked = true;
	}

	// Once, not as often as it's tried.
	private void warn(String failure) {
		if (!failure.equals(this.lastFailure)) {
			logger.warn(failure);
			this.lastFailure = failure;
		}
	}

	// db-scheduler waits by real time, which knows nothing of a jump in a test.
	private boolean hasJumped() {
		Duration now = this.clock.ahead();
		boolean jumped = now.minus(this.ahead).abs().compareTo(JUMP) >= 0;
		if (jumped) {
			this.ahead = now;
		}
		return jumped;
	}

	private void synchronize() {
		this.clock.synchronize(this.table::time);
	}

	// What should have been woken longer ago than the grace wasn't.
	private void look(Duration grace) {
		wakeOverdue(this.clock.now().minus(grace));
		Instant before = this.clock.now().minus(this.retention);
		// Not in the transaction, whose isolation may be one that locks what is read.
		List<String> ended = this.table.ended(before, PORTION);
		while (!ended.isEmpty()) {
			delete(ended);
			ended = (ended.size() == PORTION) ? this.table.ended(before, PORTION) : List.of();
		}
	}

	private void delete(List<String> ids) {
		this.statements.inTransaction(() -> {
			this.table.delete(ids);
			return true;
		});
	}

	private void wakeOverdue(Instant before) {
		List<OutboxTable.Overdue> overdue;
		do {
			// What only waits for its turn isn't overdue: it would lose its place.
			overdue = this.table.overdue(before, this.clock.real(), PORTION);
			Instant now = this.clock.now();
			for (OutboxTable.Overdue entry : overdue) {
				this.statements.inTransaction(() -> {
					this.wakeups.move(entry.id(), entry.priority(), now);
					return true;
				});
			}
			if (!overdue.isEmpty()) {
				this.relay.wake();
			}
		}
		while (overdue.size() == PORTION);
	}

}
