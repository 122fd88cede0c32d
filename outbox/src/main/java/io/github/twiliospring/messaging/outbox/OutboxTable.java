package io.github.twiliospring.messaging.outbox;

import java.sql.DatabaseMetaData;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import javax.sql.DataSource;

import org.jspecify.annotations.Nullable;

import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.jdbc.core.namedparam.SqlParameterSource;
import org.springframework.jdbc.support.JdbcUtils;
import org.springframework.jdbc.support.MetaDataAccessException;
import org.springframework.util.function.SingletonSupplier;

/**
 * The rows. Every change of a state is one statement, which names the states that it
 * leads away from: that's what claims an entry, and what ends it. Callers hold the
 * transaction.
 */
final class OutboxTable {

	private static final String INSERT = """
			insert into twilio_outbox (id, message_key, state, version, content, fingerprint, content_check,
			 requested_at, send_at, give_up_after, on_unresolved, next_at, attempts, untold, created_at)
			values (:id, :key, 'waiting', 1, :content, :fingerprint, :check, :requestedAt, :sendAt, :giveUpAfter,
			 :onUnresolved, :sendAt, 0, false, :now)""";

	private static final String WAITING = "state = 'waiting'";

	private static final String UNRESOLVED = "state = 'unresolved'";

	private static final int LIST_LIMIT = 1000;

	private final NamedParameterJdbcTemplate jdbc;

	// A duplicate key there ends the caller's transaction.
	private final SingletonSupplier<Boolean> ignoresConflicts;

	private final String ended;

	/**
	 * Reads and writes rows.
	 * @param dataSource the database
	 * @param keepContent whether an entry that has ended keeps its content
	 */
	OutboxTable(DataSource dataSource, boolean keepContent) {
		this.jdbc = new NamedParameterJdbcTemplate(dataSource);
		this.ignoresConflicts = SingletonSupplier.of(() -> isPostgreSql(dataSource));
		this.ended = "version = version + 1, ended_at = :now, next_at = :tellAt, untold = :untold, content = "
				+ (keepContent ? "content" : "null");
	}

	private static boolean isPostgreSql(DataSource dataSource) {
		try {
			return "PostgreSQL"
				.equals(JdbcUtils.extractDatabaseMetaData(dataSource, DatabaseMetaData::getDatabaseProductName));
		}
		catch (MetaDataAccessException ex) {
			throw new DataAccessResourceFailureException("The outbox can't find out which database it's in", ex);
		}
	}

	/**
	 * Inserts rows whose keys aren't there.
	 * @return the ids of those that were inserted
	 */
	Set<String> insert(List<NewRow> rows) {
		boolean ignore = this.ignoresConflicts.obtain();
		if (rows.size() == 1 || !ignore) {
			Set<String> inserted = new HashSet<>();
			rows.stream().filter((row) -> insert(row, ignore)).forEach((row) -> inserted.add(row.id()));
			return inserted;
		}
		this.jdbc.batchUpdate(INSERT + " on conflict (message_key) do nothing",
				rows.stream().map(NewRow::parameters).toArray(SqlParameterSource[]::new));
		// A driver that rewrites batches doesn't count.
		return new HashSet<>(texts("select id from twilio_outbox where id in (:ids)",
				new MapSqlParameterSource("ids", rows.stream().map(NewRow::id).toList())));
	}

	private boolean insert(NewRow row, boolean ignore) {
		if (ignore) {
			return this.jdbc.update(INSERT + " on conflict (message_key) do nothing", row.parameters()) > 0;
		}
		try {
			return this.jdbc.update(INSERT, row.parameters()) > 0;
		}
		catch (DuplicateKeyException ex) {
			return false;
		}
	}

	Optional<Row> findById(String id) {
		return find("id = :value", id);
	}

	Optional<Row> findByKey(String key) {
		return find("message_key = :value", key);
	}

	Optional<Row> findBySendId(String sendId) {
		return find("send_id = :value", sendId);
	}

	private Optional<Row> find(String where, String value) {
		return this.jdbc
			.query("select * from twilio_outbox where " + where, new MapSqlParameterSource("value", value), Row::of)
			.stream()
			.findFirst();
	}

	List<Row> unresolved() {
		return this.jdbc.query("select * from twilio_outbox where " + UNRESOLVED + " order by created_at fetch first "
				+ LIST_LIMIT + " rows only", Row::of);
	}

	/**
	 * The ids of entries that should have been looked at.
	 */
	List<String> overdue(Instant before, int limit) {
		return texts("select id from twilio_outbox where next_at <= :before order by next_at fetch first " + limit
				+ " rows only", new MapSqlParameterSource("before", time(before)));
	}

	boolean claim(Row row, String sendId, Instant now, Instant nextAt) {
		return update(
				"state = 'sending', version = version + 1, send_id = :sendId, attempted_at = :now,"
						+ " attempts = attempts + 1, next_at = :nextAt, problem = null",
				"id = :id and version = :version and " + WAITING,
				parameters(now).addValue("id", row.id())
					.addValue("version", row.version())
					.addValue("sendId", sendId)
					.addValue("nextAt", time(nextAt)));
	}

	/**
	 * Hands back what was claimed and surely not sent, whatever was thought of it
	 * meanwhile.
	 */
	boolean unclaim(String id, String sendId, Instant now) {
		// The claim's commit may still be under way: the row's lock waits for it.
		texts("select id from twilio_outbox where id = :id for update", new MapSqlParameterSource("id", id));
		return update(
				"state = 'waiting', version = version + 1, attempts = attempts - 1, next_at = :now, untold = false",
				"id = :id and send_id = :sendId and state in ('sending', 'unknown', 'unresolved')",
				parameters(now).addValue("id", id).addValue("sendId", sendId));
	}

	/**
	 * The message of a send exists, whatever was thought of it before.
	 */
	boolean sent(String sendId, Proof proof, Instant now, boolean tell) {
		return update(
				"state = 'sent', message_sid = coalesce(:sid, message_sid), last_status = :status,"
						+ " status_rank = :rank, error_code = :errorCode, problem = null, " + this.ended,
				"send_id = :sendId and state in ('waiting', 'sending', 'unknown', 'unresolved')",
				ending(now, tell).addValue("sendId", sendId)
					.addValue("sid", proof.messageSid())
					.addValue("status", proof.status())
					.addValue("rank", proof.rank())
					.addValue("errorCode", proof.errorCode()));
	}

	/**
	 * A later status of a message.
	 */
	boolean status(Proof proof) {
		return update("last_status = :status, status_rank = :rank, error_code = :errorCode",
				"message_sid = :sid and (status_rank is null or status_rank < :rank)",
				new MapSqlParameterSource("sid", proof.messageSid()).addValue("status", proof.status())
					.addValue("rank", proof.rank())
					.addValue("errorCode", proof.errorCode()));
	}

	boolean rejected(String sendId, @Nullable Integer errorCode, String problem, Instant now, boolean tell) {
		return update("state = 'rejected', error_code = :errorCode, problem = :problem, " + this.ended,
				"send_id = :sendId and state in ('sending', 'unknown', 'unresolved')",
				ending(now, tell).addValue("sendId", sendId)
					.addValue("errorCode", errorCode)
					.addValue("problem", problem));
	}

	boolean notSent(String sendId, @Nullable Integer errorCode, String problem, Instant nextAt) {
		return update(
				"state = 'waiting', version = version + 1, next_at = :nextAt, error_code = :errorCode,"
						+ " problem = :problem, untold = false",
				"send_id = :sendId and state in ('sending', 'unknown', 'unresolved')",
				new MapSqlParameterSource("sendId", sendId).addValue("nextAt", time(nextAt))
					.addValue("errorCode", errorCode)
					.addValue("problem", problem));
	}

	boolean unknown(String sendId, String problem, Instant nextAt) {
		return update("state = 'unknown', version = version + 1, next_at = :nextAt, problem = :problem",
				"send_id = :sendId and state = 'sending'",
				new MapSqlParameterSource("sendId", sendId).addValue("nextAt", time(nextAt))
					.addValue("problem", problem));
	}

	/**
	 * Whoever was sending it is gone.
	 */
	boolean died(String id, Instant now) {
		return update("state = 'unknown', version = version + 1, next_at = :now, problem = :problem",
				"id = :id and state = 'sending'",
				parameters(now).addValue("id", id).addValue("problem", "the process died while it was sending"));
	}

	boolean unresolved(Row row, Instant now, boolean tell) {
		return update("state = 'unresolved', version = version + 1, next_at = :tellAt, untold = :untold",
				"id = :id and version = :version and state = 'unknown'",
				ending(now, tell).addValue("id", row.id()).addValue("version", row.version()));
	}

	boolean sendAgain(Row row, Instant now) {
		return update("state = 'waiting', version = version + 1, send_at = :now, next_at = :now, untold = false",
				"id = :id and version = :version and state in ('unknown', 'unresolved')",
				parameters(now).addValue("id", row.id()).addValue("version", row.version()));
	}

	/**
	 * Ends an entry by a decision: to send it no more, or that it was sent.
	 */
	boolean end(Row row, OutboxState state, Instant now, boolean tell) {
		return update("state = :state, " + this.ended, "id = :id and version = :version",
				ending(now, tell).addValue("id", row.id())
					.addValue("version", row.version())
					.addValue("state", state.value()));
	}

	boolean cancel(String key, Instant now, boolean tell) {
		return update("state = 'canceled', " + this.ended, "message_key = :key and " + WAITING,
				ending(now, tell).addValue("key", key));
	}

	boolean reschedule(String key, Instant when) {
		return update("version = version + 1, send_at = :when, next_at = :when", "message_key = :key and " + WAITING,
				new MapSqlParameterSource("key", key).addValue("when", time(when)));
	}

	/**
	 * Looks at it later, in the state that it has.
	 */
	boolean postpone(Row row, Instant nextAt, @Nullable String problem) {
		return update("version = version + 1, next_at = :nextAt, problem = coalesce(:problem, problem)",
				"id = :id and version = :version",
				new MapSqlParameterSource("id", row.id()).addValue("version", row.version())
					.addValue("nextAt", time(nextAt))
					.addValue("problem", problem));
	}

	boolean told(Row row) {
		return update("untold = false, next_at = null", "id = :id and version = :version",
				new MapSqlParameterSource("id", row.id()).addValue("version", row.version()));
	}

	/**
	 * The messages of entries that may look the same as this one's.
	 */
	Set<String> messagesOfOthers(Row row, Duration window) {
		return new HashSet<>(
				texts("select message_sid from twilio_outbox where message_sid is not null and " + similar(),
						similar(row, window)));
	}

	/**
	 * Whether another entry may have made the message that is found for this one.
	 */
	boolean hasTwin(Row row, Duration window) {
		return !texts("select id from twilio_outbox where message_sid is null and state <> 'rejected' and " + similar()
				+ " fetch first 1 rows only", similar(row, window))
			.isEmpty();
	}

	private static String similar() {
		return "fingerprint = :fingerprint and id <> :id and attempted_at between :begin and :end";
	}

	private static SqlParameterSource similar(Row row, Duration window) {
		Instant attempted = (row.attemptedAt() != null) ? row.attemptedAt() : row.createdAt();
		return new MapSqlParameterSource("id", row.id()).addValue("fingerprint", row.fingerprint())
			.addValue("begin", time(attempted.minus(window)))
			.addValue("end", time(attempted.plus(window)));
	}

	int delete(Instant endedBefore, int limit) {
		List<String> ids = texts("select id from twilio_outbox where ended_at < :before order by ended_at fetch first "
				+ limit + " rows only", new MapSqlParameterSource("before", time(endedBefore)));
		return ids.isEmpty() ? 0 : this.jdbc.update("delete from twilio_outbox where id in (:ids)",
				new MapSqlParameterSource("ids", ids));
	}

	/**
	 * The database's clock.
	 */
	Instant time() {
		JdbcTemplate plain = this.jdbc.getJdbcTemplate();
		List<OffsetDateTime> time = plain.query("select current_timestamp",
				(row, number) -> row.getObject(1, OffsetDateTime.class));
		return time.get(0).toInstant();
	}

	private List<String> texts(String sql, SqlParameterSource parameters) {
		return this.jdbc.query(sql, parameters, (row, number) -> row.getString(1));
	}

	private boolean update(String set, String where, MapSqlParameterSource parameters) {
		return this.jdbc.update("update twilio_outbox set " + set + " where " + where, parameters) > 0;
	}

	static MapSqlParameterSource parameters(Instant now) {
		return new MapSqlParameterSource("now", time(now));
	}

	private static MapSqlParameterSource ending(Instant now, boolean tell) {
		return parameters(now).addValue("tellAt", tell ? time(now) : null).addValue("untold", tell);
	}

	static @Nullable OffsetDateTime time(@Nullable Instant instant) {
		return (instant != null) ? instant.atOffset(ZoneOffset.UTC) : null;
	}

}
