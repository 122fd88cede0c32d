package io.github.twiliospring.messaging.outbox;

import java.time.Instant;

/**
 * Rows of db-scheduler's table, in the form that it writes itself. They say when an entry
 * has to be looked at; what is picked belongs to whoever picked it.
 */
final class TaskSql {

	/** db-scheduler's table, which no other use of it knows. */
	static final String TABLE = "twilio_outbox_tasks";

	/** The name of all executions. */
	static final String TASK = "twilio-outbox-entry";

	private static final String PROBE = "twilio-outbox-probe";

	private static final String PROBED = " where task_name = '" + PROBE + "' and task_instance = :id";

	/** Whether somebody is at an entry, or will be as soon as it's its turn. */
	static final String WOKEN = "exists (select 1 from " + TABLE + " where task_name = '" + TASK
			+ "' and task_instance = twilio_outbox.id and (picked or execution_time <= :now))";

	private static final String INTO = "insert into " + TABLE
			+ " (task_name, task_instance, execution_time, picked, version, priority) ";

	/**
	 * The first wake-ups of what {@code entry} names, where the entries' clock is ahead
	 * by so many microseconds.
	 */
	static final String INSERT_OF_ENTRY = INTO + "select '" + TASK
			+ "', id, send_at - :ahead * interval '1 microsecond', false, 1, priority from entry returning task_instance";

	private static final String ONE = " where task_name = '" + TASK + "' and task_instance = :id and picked = :picked";

	private TaskSql() {
	}

	/**
	 * An entry's first wake-up.
	 * @param id the entry
	 * @param priority its priority
	 * @param due when, by real time
	 * @param dialect where a duplicate would end the transaction, it's no error
	 */
	static Sql insert(String id, OutboxPriority priority, Instant due, Dialect dialect) {
		return Sql.of(INTO + "values ('" + TASK + "', :id, :due, :picked, 1, :priority)" + dialect.ifThere())
			.with("id", id)
			.with("due", due)
			.with("picked", false)
			.with("priority", priority.ordinal());
	}

	/**
	 * Another time, unless somebody is at the entry just now.
	 */
	static Sql move(String id, Instant due) {
		return Sql.of("update " + TABLE + " set execution_time = :due, version = version + 1" + ONE)
			.with("id", id)
			.with("picked", false)
			.with("due", due);
	}

	/**
	 * Never again, unless somebody is at the entry just now, who finds its end.
	 */
	static Sql forget(String id) {
		return Sql.of("delete from " + TABLE + ONE).with("id", id).with("picked", false);
	}

	/**
	 * A row that says which database it's in, and is never due.
	 */
	static Sql probe(String id) {
		return Sql.of(INTO + "values ('" + PROBE + "', :id, :due, :picked, 1, 0)")
			.with("id", id)
			.with("picked", false)
			.with("due", Instant.parse("9999-01-01T00:00:00Z"));
	}

	static Sql findProbe(String id) {
		return Sql.of("select task_instance from " + TABLE + PROBED).with("id", id);
	}

	static Sql forgetProbe(String id) {
		return Sql.of("delete from " + TABLE + PROBED).with("id", id);
	}

	/**
	 * Whether somebody is at an entry just now.
	 */
	static Sql picked(String id) {
		return Sql.of("select picked from " + TABLE + " where task_name = '" + TASK + "' and task_instance = :id")
			.with("id", id);
	}

	/**
	 * Whether there's a wake-up.
	 */
	static Sql find(String id) {
		return Sql
			.of("select task_instance from " + TABLE + " where task_name = '" + TASK + "' and task_instance = :id")
			.with("id", id);
	}

}
