package io.github.twiliospring.messaging.outbox;

import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.Temporal;
import java.util.Objects;

import javax.sql.DataSource;

import org.jspecify.annotations.Nullable;

import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.jdbc.support.JdbcUtils;
import org.springframework.jdbc.support.MetaDataAccessException;

/**
 * What databases do in ways of their own.
 */
enum Dialect {

	/** A duplicate key ends the caller's transaction there. */
	POSTGRESQL,

	/**
	 * MariaDB and MySQL: times have no zone, and a transaction doesn't see what was
	 * committed after its first look.
	 */
	MYSQL,

	/** Never run. */
	SQLSERVER,

	/** H2, and what nobody knows. */
	OTHER;

	/**
	 * The dialect of a product.
	 * @param product its name, which drivers of both kinds tell
	 */
	static Dialect of(String product) {
		return switch (product) {
			case "PostgreSQL" -> POSTGRESQL;
			case "MariaDB", "MySQL" -> MYSQL;
			case "Microsoft SQL Server" -> SQLSERVER;
			default -> OTHER;
		};
	}

	/**
	 * Asks the database.
	 * @param dataSource the database
	 */
	static Dialect of(DataSource dataSource) {
		try {
			return of(JdbcUtils.extractDatabaseMetaData(dataSource, DatabaseMetaData::getDatabaseProductName));
		}
		catch (MetaDataAccessException ex) {
			throw new DataAccessResourceFailureException("The outbox can't find out which database it's in", ex);
		}
	}

	/**
	 * The form that times have as parameters. Where columns have no zone they hold UTC,
	 * and no driver or session converts a date and time without one.
	 */
	Class<? extends Temporal> timeType() {
		return (this == MYSQL) ? LocalDateTime.class : OffsetDateTime.class;
	}

	Temporal time(Instant instant) {
		OffsetDateTime time = instant.atOffset(ZoneOffset.UTC);
		return (this == MYSQL) ? time.toLocalDateTime() : time;
	}

	@Nullable Instant instant(Columns row, String column) throws SQLException {
		if (this == MYSQL) {
			LocalDateTime time = row.get(column, LocalDateTime.class);
			return (time != null) ? time.toInstant(ZoneOffset.UTC) : null;
		}
		OffsetDateTime time = row.get(column, OffsetDateTime.class);
		return (time != null) ? time.toInstant() : null;
	}

	/**
	 * The same of a column that is never null.
	 */
	Instant time(Columns row, String column) throws SQLException {
		return Objects.requireNonNull(instant(row, column), column);
	}

	/**
	 * What ends a query for the first rows, behind its order.
	 */
	String first(int rows) {
		return (this == MYSQL) ? " limit " + rows : " offset 0 rows fetch next " + rows + " rows only";
	}

	/**
	 * The database's clock, as {@code now_at}.
	 */
	String clock() {
		return switch (this) {
			case MYSQL -> "select utc_timestamp(6) as now_at";
			case SQLSERVER -> "select sysdatetimeoffset() as now_at";
			default -> "select current_timestamp as now_at";
		};
	}

	/**
	 * Waits for whoever is changing an entry.
	 */
	Sql lock(String id) {
		return Sql
			.of((this == SQLSERVER) ? "select id from twilio_outbox with (updlock) where id = :id"
					: "select id from twilio_outbox where id = :id for update")
			.with("id", id);
	}

	/**
	 * What ends the condition of a change that has to be on the disk once its commit is
	 * told, also where the server is set to tell it before. On its own disk: whoever set
	 * it so waits for no standby.
	 */
	String durably() {
		return (this == POSTGRESQL) ? " and (coalesce(current_setting('synchronous_commit', true), 'on') <> 'off'"
				+ " or set_config('synchronous_commit', 'local', true) = 'local')" : "";
	}

	/**
	 * What ends an insert of an entry whose key may be taken, or of a wake-up that may be
	 * there. MySQL's {@code insert ignore} would hide other errors, too, and MariaDB's
	 * driver writes each error to the log.
	 */
	String ifThere() {
		return switch (this) {
			case POSTGRESQL -> " on conflict do nothing";
			case MYSQL -> " on duplicate key update version = version";
			default -> "";
		};
	}

	/**
	 * Whether the number of rows that such an insert returns says if there was one.
	 */
	boolean countsInserted() {
		return this != MYSQL;
	}

	/**
	 * Whether a statement that finds nothing, or leaves what it finds as it is, locks
	 * others out until the end of its transaction: whoever may wait has a look first.
	 */
	boolean locksInVain() {
		return this == MYSQL;
	}

	/**
	 * Whether a poll can pass over what is locked.
	 */
	boolean skipsLocked() {
		return this == POSTGRESQL || this == MYSQL;
	}

	/**
	 * Whether entries and their wake-ups can be inserted by one statement.
	 */
	boolean insertsPlanned() {
		return this == POSTGRESQL;
	}

	/**
	 * The entry whose key was taken just now, which may have been committed after the
	 * transaction's first look. It locks the gaps beside it, too: so it's only asked for
	 * where a look has found nothing.
	 */
	Sql taken(String key) {
		return Sql.of(EntrySql.ROWS + "message_key = :key" + (this == MYSQL ? " lock in share mode" : ""))
			.with("key", key);
	}

}
