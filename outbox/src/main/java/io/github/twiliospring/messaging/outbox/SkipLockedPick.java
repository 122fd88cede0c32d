package io.github.twiliospring.messaging.outbox;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import javax.sql.DataSource;

import com.github.kagkarlsson.scheduler.jdbc.JdbcTaskRepositoryContext;
import com.github.kagkarlsson.scheduler.task.Execution;

import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.jdbc.core.namedparam.SqlParameterSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Picks what is due in MariaDB and MySQL, which have no statement that changes rows and
 * returns them. What a caller's transaction holds, or another instance, is passed over.
 */
final class SkipLockedPick {

	// Numbers as %s: %d would write them in the digits of the machine's locale.
	private static final String DUE = " from " + TaskSql.TABLE
			+ " where picked = 0 and priority = %s and execution_time <= :now";

	private static final String ANY = "(select 1" + DUE + " limit 1)";

	private static final String PROBE = ANY.formatted(OutboxPriority.HIGH.ordinal()) + " union all "
			+ ANY.formatted(OutboxPriority.NORMAL.ordinal());

	private static final String LOCK = "select *" + DUE
			+ " order by execution_time limit :limit for update skip locked";

	private static final String PICK = "update " + TaskSql.TABLE
			+ " set picked = 1, picked_by = :by, last_heartbeat = :now, version = version + 1"
			+ " where task_name = :name and task_instance = :id";

	private final NamedParameterJdbcTemplate jdbc;

	private final TransactionTemplate transaction;

	private final Dialect dialect;

	/**
	 * Picks in a database.
	 * @param dataSource the database
	 * @param dialect how it writes times
	 */
	SkipLockedPick(DataSource dataSource, Dialect dialect) {
		this.jdbc = new NamedParameterJdbcTemplate(dataSource);
		this.transaction = new TransactionTemplate(new JdbcTransactionManager(dataSource));
		// In the default one, gaps would be locked, too.
		this.transaction.setIsolationLevel(TransactionDefinition.ISOLATION_READ_COMMITTED);
		this.dialect = dialect;
	}

	/**
	 * Picks.
	 * @param context whose scheduler picks
	 * @param now what is due
	 * @param high how many of high priority at most
	 * @param limit how many at most
	 * @return those of high priority first
	 */
	List<Execution> pick(JdbcTaskRepositoryContext context, Instant now, int high, int limit) {
		String scheduler = context.schedulerName.getName();
		MapSqlParameterSource values = new MapSqlParameterSource("now", this.dialect.time(now)).addValue("by",
				scheduler);
		if (this.jdbc.queryForList(PROBE, values, Integer.class).isEmpty()) {
			return List.of();
		}
		return this.transaction.execute((status) -> {
			List<Execution> due = new ArrayList<>(lock(context, values, OutboxPriority.HIGH, high));
			due.addAll(lock(context, values, OutboxPriority.NORMAL, limit - due.size()));
			this.jdbc.batchUpdate(PICK,
					due.stream().map((execution) -> values(values, execution)).toArray(SqlParameterSource[]::new));
			return due.stream().map((execution) -> execution.updateToPicked(scheduler, now)).toList();
		});
	}

	private List<Execution> lock(JdbcTaskRepositoryContext context, MapSqlParameterSource values,
			OutboxPriority priority, int limit) {
		return (limit > 0) ? this.jdbc.query(LOCK.formatted(priority.ordinal()), values.addValue("limit", limit),
				context.resultSetMapper.get()::map) : List.of();
	}

	private static SqlParameterSource values(MapSqlParameterSource values, Execution execution) {
		return new MapSqlParameterSource(values.getValues()).addValue("name", execution.taskInstance.getTaskName())
			.addValue("id", execution.taskInstance.getId());
	}

}
