package io.github.twiliospring.messaging.outbox;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

import javax.sql.DataSource;

import com.github.kagkarlsson.scheduler.Clock;
import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerBuilder;
import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.exceptions.ExecutionException;
import com.github.kagkarlsson.scheduler.logging.LogLevel;
import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.ExecutionComplete;
import com.github.kagkarlsson.scheduler.task.ExecutionOperations;
import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Runs db-scheduler, which picks one instance of many when an entry is due, and finds out
 * which of them died. It does no more than wake the {@link Courier}.
 */
final class Relay {

	private static final Log logger = LogFactory.getLog(Relay.class);

	// What has another task's name isn't ours, and never deleted.
	private static final Duration NEVER = Duration.ofDays(36500);

	// More are picked when as many of the slots, or fewer, are in use.
	private static final double REFILL_BELOW = 0.9;

	private final DataSource dataSource;

	private final Supplier<Dialect> dialect;

	private final Courier courier;

	private final OutboxClock clock;

	private final Pace pace;

	private final Slots slots;

	private final RelayListener listener;

	private final Object lock = new Object();

	// Changed under the lock.
	private volatile @Nullable Scheduler scheduler;

	private volatile boolean stopping;

	/**
	 * Makes a relay.
	 * @param dataSource the database
	 * @param dialect the database's, asked for at the start
	 * @param courier takes entries further
	 * @param clock translates times
	 * @param pace how often and how many
	 * @param listener hears of polls and steps
	 */
	Relay(DataSource dataSource, Supplier<Dialect> dialect, Courier courier, OutboxClock clock, Pace pace,
			RelayListener listener) {
		this.dataSource = dataSource;
		this.dialect = dialect;
		this.courier = courier;
		this.clock = clock;
		this.pace = pace;
		this.slots = new Slots(pace.inFlight());
		this.listener = listener;
	}

	/**
	 * May be started from now on.
	 */
	void open() {
		this.stopping = false;
	}

	/**
	 * Begins to send, unless it does, or was stopped meanwhile: the database may have let
	 * whoever starts it wait.
	 */
	void start() {
		Dialect database = this.dialect.get();
		synchronized (this.lock) {
			if (!this.stopping && this.scheduler == null) {
				Scheduler created = scheduler(database);
				this.scheduler = created;
				created.start();
			}
		}
	}

	private Scheduler scheduler(Dialect database) {
		Task<Void> task = Tasks.custom(TaskSql.TASK, Void.class)
			.onDeadExecution(this::died)
			.onFailure((complete, operations) -> operations.reschedule(complete, later()))
			.execute((instance, context) -> step(instance));
		SchedulerBuilder builder = Scheduler.create(this.dataSource, List.of(task))
			.tableName(TaskSql.TABLE)
			// No host is looked up for it.
			.schedulerName(new SchedulerName.Fixed("outbox-" + UUID.randomUUID()))
			.jdbcCustomization(new DueExecutions(this.dataSource, database, this.slots, this.listener::polled))
			.enablePriority()
			.clock(new RealClock(this.clock))
			.threads(this.pace.inFlight())
			.executorService(threads(this.pace.inFlight()))
			.pollingInterval(this.pace.pollInterval())
			.heartbeatInterval(this.pace.heartbeat())
			.missedHeartbeatsLimit(Pace.MISSED_HEARTBEATS)
			.deleteUnresolvedAfter(NEVER)
			.shutdownMaxWait(this.pace.shutdownTimeout())
			// It would print what a database says.
			.failureLogging(LogLevel.OFF, false)
			.addSchedulerListener(this.listener);
		if (database.skipsLocked()) {
			// Picked are as many as can begin at once: what waited in a queue would keep
			// others, and what is of high priority, from going ahead.
			builder.pollUsingLockAndFetch(REFILL_BELOW, 1.0);
		}
		return builder.build();
	}

	/**
	 * Claims nothing new, and waits for what is on the wire.
	 */
	void stop() {
		this.stopping = true;
		Scheduler running;
		synchronized (this.lock) {
			running = this.scheduler;
			this.scheduler = null;
		}
		if (running != null) {
			running.stop();
		}
	}

	/**
	 * Looks for due entries at once.
	 */
	void wake() {
		Scheduler running = this.scheduler;
		if (running != null) {
			running.triggerCheckForDueExecutions();
		}
	}

	/**
	 * Sees to methods that hang, and says that it's well where it doesn't poll, since
	 * nothing more could begin.
	 */
	void observe() {
		this.courier.interruptLate();
		Scheduler running = this.scheduler;
		if (running != null && running.getCurrentlyExecuting().size() >= this.pace.inFlight()) {
			this.listener.polled();
		}
	}

	private CompletionHandler<Void> step(TaskInstance<Void> instance) {
		if (OutboxPriority.of(instance.getPriority()) == OutboxPriority.NORMAL) {
			return entry(instance);
		}
		if (!this.slots.take()) {
			return (complete, operations) -> operations.reschedule(complete, complete.getExecution().executionTime);
		}
		try {
			return entry(instance);
		}
		finally {
			if (this.slots.release()) {
				wake();
			}
		}
	}

	private CompletionHandler<Void> entry(TaskInstance<Void> instance) {
		Instant next;
		try {
			next = this.courier.step(instance.getId(), () -> this.stopping);
		}
		catch (RuntimeException ex) {
			logger.warn("An outbox entry couldn't be taken further, which is tried again: " + ex.getClass().getName());
			return (complete, operations) -> operations.reschedule(complete, later());
		}
		return (complete, operations) -> finish(complete, operations, next);
	}

	// The entry itself is left to the step of the one who gets this execution now: others
	// found the death out, too, and what they'd change might be that one's by then.
	// Whoever is thought dead may still be at it: its answer moves the entry on.
	private void died(ExecutionComplete complete, ExecutionOperations<Void> operations) {
		finish(complete, operations, this.clock.now());
		wake();
	}

	private void finish(ExecutionComplete complete, ExecutionOperations<Void> operations, @Nullable Instant next) {
		try {
			if (next == null) {
				operations.remove();
			}
			else {
				operations.reschedule(complete, this.clock.toReal(next));
			}
		}
		catch (ExecutionException ex) {
			logger.debug("An execution has passed to another instance");
		}
	}

	private Instant later() {
		return this.clock.real().plus(this.pace.afterFailure());
	}

	private static ExecutorService threads(int number) {
		AtomicInteger count = new AtomicInteger();
		return Executors.newFixedThreadPool(number, (work) -> {
			Thread thread = new Thread(work, "twilio-outbox-" + count.incrementAndGet());
			// Where the database fails as an entry is picked. The next poll finds it.
			thread.setUncaughtExceptionHandler((where, failure) -> logger
				.warn("An outbox entry couldn't be taken up, which is tried again: " + failure.getClass().getName()));
			return thread;
		});
	}

	/**
	 * How often and how many.
	 *
	 * @param inFlight most entries that an instance sends at a time
	 * @param pollInterval how often it looks for due entries
	 * @param heartbeat how often it says that it's alive
	 * @param shutdownTimeout how long what is on the wire is waited for
	 * @param afterFailure when it looks again at an entry at which the database failed
	 */
	record Pace(int inFlight, Duration pollInterval, Duration heartbeat, Duration shutdownTimeout,
			Duration afterFailure) {

		/** After as many heartbeats, an instance is dead. */
		static final int MISSED_HEARTBEATS = 4;

		/**
		 * After how long without a poll this instance is as good as dead.
		 */
		Duration longestSilence() {
			Duration longer = (this.heartbeat.compareTo(this.pollInterval) > 0) ? this.heartbeat : this.pollInterval;
			return longer.multipliedBy(MISSED_HEARTBEATS);
		}

	}

	/**
	 * db-scheduler's clock.
	 */
	private record RealClock(OutboxClock clock) implements Clock {

		@Override
		public Instant now() {
			return this.clock.real();
		}

	}

}
