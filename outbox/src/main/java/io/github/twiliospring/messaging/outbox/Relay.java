package io.github.twiliospring.messaging.outbox;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

import javax.sql.DataSource;

import com.github.kagkarlsson.scheduler.Clock;
import com.github.kagkarlsson.scheduler.Scheduler;
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

	private final DataSource dataSource;

	private final Courier courier;

	private final OutboxClock clock;

	private final Pace pace;

	private volatile @Nullable Scheduler scheduler;

	private volatile boolean stopping;

	/**
	 * Makes a relay.
	 * @param dataSource the database
	 * @param courier takes entries further
	 * @param clock translates times
	 * @param pace how often and how many
	 */
	Relay(DataSource dataSource, Courier courier, OutboxClock clock, Pace pace) {
		this.dataSource = dataSource;
		this.courier = courier;
		this.clock = clock;
		this.pace = pace;
	}

	void start() {
		this.stopping = false;
		Task<Void> task = Tasks.custom(Wakeups.TASK, Void.class)
			.onDeadExecution(this::died)
			.onFailure((complete, operations) -> operations.reschedule(complete, later()))
			.execute((instance, context) -> step(instance));
		Scheduler created = Scheduler.create(this.dataSource, List.of(task))
			.tableName(Wakeups.TABLE)
			// No host is looked up for it.
			.schedulerName(new SchedulerName.Fixed("outbox-" + UUID.randomUUID()))
			.jdbcCustomization(Wakeups.columns())
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
			.build();
		created.start();
		this.scheduler = created;
	}

	/**
	 * Claims nothing new, and waits for what is on the wire.
	 */
	void stop() {
		this.stopping = true;
		Scheduler running = this.scheduler;
		if (running != null) {
			running.stop();
			this.scheduler = null;
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

	private CompletionHandler<Void> step(TaskInstance<Void> instance) {
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
