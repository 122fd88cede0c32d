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

	/**
	 * Writes wake-ups.
	 * @param dataSource the database
	 * @param clock translates times
	 */
	Wakeups(DataSource dataSource, OutboxClock clock) {
		this.client = SchedulerClient.Builder.create(new TransactionAwareDataSourceProxy(dataSource))
			.tableName(TABLE)
			.jdbcCustomization(columns())
			.build();
		this.clock = clock;
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
	 * @param entries their ids and times
	 */
	void plan(List<SchedulableInstance<?>> entries) {
		// A batch even of one: what inserts one alone reads on in a transaction that has
		// failed, and hides why it did.
		if (!entries.isEmpty()) {
			this.client.scheduleBatch(entries);
		}
	}

	/**
	 * A wake-up to be planned.
	 */
	SchedulableInstance<?> of(String id, Instant due) {
		return SchedulableInstance.of(new TaskInstance<>(TASK, id), this.clock.toReal(due));
	}

	/**
	 * Wakes an entry at another time than was planned.
	 */
	void move(String id, Instant due) {
		TaskInstance<Void> instance = new TaskInstance<>(TASK, id);
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

	/**
	 * Forgets an entry that has ended.
	 */
	void forget(String id) {
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

}
