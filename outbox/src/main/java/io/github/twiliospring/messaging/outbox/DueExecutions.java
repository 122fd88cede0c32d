package io.github.twiliospring.messaging.outbox;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;

import javax.sql.DataSource;

import com.github.kagkarlsson.scheduler.jdbc.DefaultJdbcCustomization;
import com.github.kagkarlsson.scheduler.jdbc.JdbcTaskRepositoryContext;
import com.github.kagkarlsson.scheduler.task.Execution;
import org.jspecify.annotations.Nullable;

/**
 * Which due executions db-scheduler takes: those of high priority first, as long as there
 * are slots for them, then the others, each by time. On PostgreSQL they're found and
 * picked in one statement, on MariaDB and MySQL by {@link SkipLockedPick}; each walks an
 * index from its beginning, however many entries wait. Elsewhere they're found by a query
 * and picked one by one.
 */
final class DueExecutions extends DefaultJdbcCustomization {

	// Numbers as %s: %d would write them in the digits of the machine's locale.
	private static final String HALF = "select * from (select task_name, task_instance from " + TaskSql.TABLE
			+ " where not picked and priority = %s and execution_time <= ? order by execution_time limit %s"
			+ " for update skip locked) of_priority_%1$s";

	private static final String PICK = "with due as materialized (" + "%s union all %s limit %s), taken as (update "
			+ TaskSql.TABLE + " task set picked = true, picked_by = ?, last_heartbeat = ?, version = version + 1"
			+ " from due where task.task_name = due.task_name and task.task_instance = due.task_instance"
			+ " returning task.*) select * from taken order by priority desc, execution_time";

	private final Dialect dialect;

	private final SkipLockedPick skipLocked;

	private final Slots slots;

	private final Runnable polled;

	/**
	 * Makes it.
	 * @param dataSource the database
	 * @param dialect the database's
	 * @param slots how many more of high priority there may be
	 * @param polled hears that the database has answered, which db-scheduler tells only
	 * where something was due
	 */
	DueExecutions(DataSource dataSource, Dialect dialect, Slots slots, Runnable polled) {
		super(false);
		this.dialect = dialect;
		this.skipLocked = new SkipLockedPick(dataSource, dialect);
		this.slots = slots;
		this.polled = polled;
	}

	@Override
	public void setInstant(PreparedStatement statement, int index, @Nullable Instant value) throws SQLException {
		statement.setObject(index, (value != null) ? this.dialect.time(value) : null);
	}

	@Override
	public @Nullable Instant getInstant(ResultSet row, String column) throws SQLException {
		return this.dialect.instant(row::getObject, column);
	}

	@Override
	public String getQueryLimitPart(int limit) {
		return this.dialect.first(limit);
	}

	@Override
	public boolean supportsSingleStatementLockAndFetch() {
		return this.dialect.skipsLocked();
	}

	@Override
	public List<Execution> lockAndFetchSingleStatement(JdbcTaskRepositoryContext context, Instant now, int limit,
			boolean orderByPriority) {
		int most = Math.min(limit, this.slots.free());
		List<Execution> due = (this.dialect == Dialect.POSTGRESQL) ? pick(context, now, most, limit)
				: this.skipLocked.pick(context, now, most, limit);
		if (due.stream().filter(DueExecutions::isHigh).count() < most) {
			this.slots.suffice();
		}
		this.polled.run();
		return due;
	}

	private List<Execution> pick(JdbcTaskRepositoryContext context, Instant now, int most, int limit) {
		String high = HALF.formatted(OutboxPriority.HIGH.ordinal(), most);
		String normal = HALF.formatted(OutboxPriority.NORMAL.ordinal(), limit);
		return context.jdbcRunner.query(PICK.formatted(high, normal, limit), (statement) -> {
			setInstant(statement, 1, now);
			setInstant(statement, 2, now);
			statement.setString(3, context.schedulerName.getName());
			setInstant(statement, 4, now);
		}, context.resultSetMapper.get());
	}

	private static boolean isHigh(Execution execution) {
		return OutboxPriority.of(execution.taskInstance.getPriority()) == OutboxPriority.HIGH;
	}

	@Override
	public String createSelectDueQuery(String tableName, int limit, String andCondition, boolean orderByPriority) {
		String priorities = " and priority = " + OutboxPriority.NORMAL.ordinal();
		if (this.slots.free() > 0) {
			priorities = "";
			// Whoever gets none says so.
			this.slots.suffice();
		}
		return "select * from " + tableName + " where picked = ? and execution_time <= ? " + andCondition + priorities
				+ " order by priority desc, execution_time" + getQueryLimitPart(limit);
	}

}
