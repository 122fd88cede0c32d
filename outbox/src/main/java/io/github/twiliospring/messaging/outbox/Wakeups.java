package io.github.twiliospring.messaging.outbox;

import java.time.Instant;
import java.util.List;

import javax.sql.DataSource;

import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.exceptions.DbSchedulerException;
import com.github.kagkarlsson.scheduler.exceptions.TaskInstanceException;
import com.github.kagkarlsson.scheduler.jdbc.DefaultJdbcCustomization;
import com.github.kagkarlsson.scheduler.jdbc.JdbcCustomization;
import com.github.kagkarlsson.scheduler.task.SchedulableInstance;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.TaskInstanceId;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * When db-scheduler wakes us for which entry. Writes in the caller's transaction. That
 * one isn't woken is made good by {@link Watch}, so that nothing here fails a change of
 * the entry itself.
 */
final class Wakeups {

	/** db-scheduler's table, which no other use of it knows. */
	static final String TABLE = "twilio_outbox_tasks";

	/** The name of all executions. */
	static final String TASK = "twilio-outbox-entry";

	private static final Log logger = LogFactory.getLog(Wakeups.class);

	private final SchedulerClient client;

	private final OutboxClock clock;

	private final Relay relay;

	/**
	 * Writes wake-ups.
	 * @param dataSource the database
	 * @param clock translates times
	 * @param relay is woken after the commit of what is due at once
	 */
	Wakeups(DataSource dataSource, OutboxClock clock, Relay relay) {
		this.client = SchedulerClient.Builder.create(new TransactionAwareDataSourceProxy(dataSource))
			.tableName(TABLE)
			.jdbcCustomization(columns())
			.enablePriority()
			.build();
		this.clock = clock;
		this.relay = relay;
	}

	/**
	 * How the columns of both databases are read and written: as times with zone. Chosen
	 * without asking the database, which may be away when the application starts.
	 */
	static JdbcCustomization columns() {
		return new DefaultJdbcCustomization(false);
	}

	/**
	 * Plans the first wake-up of new entries.
	 * @param rows the entries
	 */
	void plan(List<NewRow> rows) {
		if (rows.size() == 1) {
			this.client.scheduleIfNotExists(first(rows.get(0)));
		}
		else if (!rows.isEmpty()) {
			this.client.scheduleBatch(rows.stream().<SchedulableInstance<?>>map(this::first).toList());
		}
		Instant now = this.clock.now();
		if (rows.stream().anyMatch((row) -> !row.sendAt().isAfter(now))) {
			wakeAfterCommit();
		}
	}

	private SchedulableInstance<Void> first(NewRow row) {
		return SchedulableInstance.of(instance(row.id(), row.request().priority()), this.clock.toReal(row.sendAt()));
	}

	private static TaskInstance<Void> instance(String id, OutboxPriority priority) {
		return new TaskInstance<>(TASK, id, () -> null, priority.ordinal());
	}

	/**
	 * Takes over when an entry wants to be looked at.
	 * @param row the entry, as it stands now
	 */
	void follow(Row row) {
		Instant next = row.nextAt();
		if (next == null) {
			forget(row.id());
			return;
		}
		move(row.id(), row.priority(), next);
		if (!next.isAfter(this.clock.now())) {
			wakeAfterCommit();
		}
	}

	/**
	 * Wakes an entry at another time than was planned.
	 */
	void move(String id, OutboxPriority priority, Instant due) {
		TaskInstance<Void> instance = instance(id, priority);
		Instant time = this.clock.toReal(due);
		try {
			if (this.client.getScheduledExecution(instance).isEmpty()) {
				this.client.scheduleIfNotExists(instance, time);
			}
			else {
				this.client.reschedule(instance, time);
			}
		}
		catch (TaskInstanceException ex) {
			// Somebody is at it just now, and finds what we wrote; or the watch does.
			logger.debug("An entry couldn't be woken: " + ex.getClass().getSimpleName());
		}
	}

	private void forget(String id) {
		TaskInstanceId instance = TaskInstanceId.of(TASK, id);
		try {
			if (this.client.getScheduledExecution(instance).filter((found) -> !found.isPicked()).isPresent()) {
				this.client.cancel(instance);
			}
		}
		catch (DbSchedulerException ex) {
			// It's woken once more, and finds its end.
			logger.debug("An entry is still to be woken: " + ex.getClass().getSimpleName());
		}
	}

	// Before the commit nobody would find anything. Once for each transaction.
	private void wakeAfterCommit() {
		WakeAfterCommit wake = new WakeAfterCommit(this.relay);
		if (!TransactionSynchronizationManager.getSynchronizations().contains(wake)) {
			TransactionSynchronizationManager.registerSynchronization(wake);
		}
	}

	/**
	 * Wakes the relay. All for one relay are equal.
	 */
	private record WakeAfterCommit(Relay relay) implements TransactionSynchronization {

		@Override
		public void afterCommit() {
			this.relay.wake();
		}

	}

}
