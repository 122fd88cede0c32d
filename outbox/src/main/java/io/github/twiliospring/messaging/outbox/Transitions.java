package io.github.twiliospring.messaging.outbox;

import java.time.Instant;

import javax.sql.DataSource;

import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;

/**
 * Moves rows from state to state. Every move is one statement, which names the states
 * that it leads away from: that's what claims an entry, and what ends it. Each returns
 * whether it moved anything. Callers hold the transaction.
 */
final class Transitions {

	private static final String WAITING = "state = 'waiting'";

	private final NamedParameterJdbcTemplate jdbc;

	private final String ended;

	/**
	 * Makes them.
	 * @param dataSource the database
	 * @param keepContent whether an entry that has ended keeps its content
	 */
	Transitions(DataSource dataSource, boolean keepContent) {
		this.jdbc = new NamedParameterJdbcTemplate(dataSource);
		this.ended = "version = version + 1, ended_at = :now, next_at = :tellAt, untold = :untold, content = "
				+ (keepContent ? "content" : "null");
	}

	boolean claim(Row row, String sendId, Instant now, Instant nextAt) {
		return update(
				"state = 'sending', version = version + 1, send_id = :sendId, attempted_at = :now,"
						+ " attempts = attempts + 1, next_at = :nextAt, problem = null",
				"id = :id and version = :version and " + WAITING,
				OutboxTable.parameters(now)
					.addValue("id", row.id())
					.addValue("version", row.version())
					.addValue("sendId", sendId)
					.addValue("nextAt", OutboxTable.time(nextAt)));
	}

	/**
	 * Hands back what was claimed and surely not sent.
	 */
	boolean unclaim(String id, String sendId, Instant now) {
		return update("state = 'waiting', version = version + 1, attempts = attempts - 1, next_at = :now",
				"id = :id and send_id = :sendId and state = 'sending'",
				OutboxTable.parameters(now).addValue("id", id).addValue("sendId", sendId));
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
				new MapSqlParameterSource("sendId", sendId).addValue("nextAt", OutboxTable.time(nextAt))
					.addValue("errorCode", errorCode)
					.addValue("problem", problem));
	}

	boolean unknown(String sendId, String problem, Instant nextAt) {
		return update("state = 'unknown', version = version + 1, next_at = :nextAt, problem = :problem",
				"send_id = :sendId and state = 'sending'",
				new MapSqlParameterSource("sendId", sendId).addValue("nextAt", OutboxTable.time(nextAt))
					.addValue("problem", problem));
	}

	/**
	 * Whoever was sending it is gone.
	 */
	boolean died(String id, Instant now) {
		return update("state = 'unknown', version = version + 1, next_at = :now, problem = :problem",
				"id = :id and state = 'sending'",
				OutboxTable.parameters(now)
					.addValue("id", id)
					.addValue("problem", "the process died while it was sending"));
	}

	boolean unresolved(Row row, Instant now, boolean tell) {
		return update("state = 'unresolved', version = version + 1, next_at = :tellAt, untold = :untold",
				"id = :id and version = :version and state = 'unknown'",
				ending(now, tell).addValue("id", row.id()).addValue("version", row.version()));
	}

	boolean sendAgain(Row row, Instant now) {
		return update("state = 'waiting', version = version + 1, send_at = :now, next_at = :now, untold = false",
				"id = :id and version = :version and state in ('unknown', 'unresolved')",
				OutboxTable.parameters(now).addValue("id", row.id()).addValue("version", row.version()));
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
				new MapSqlParameterSource("key", key).addValue("when", OutboxTable.time(when)));
	}

	/**
	 * Looks at it later, in the state that it has.
	 */
	boolean postpone(Row row, Instant nextAt, @Nullable String problem) {
		return update("version = version + 1, next_at = :nextAt, problem = coalesce(:problem, problem)",
				"id = :id and version = :version",
				new MapSqlParameterSource("id", row.id()).addValue("version", row.version())
					.addValue("nextAt", OutboxTable.time(nextAt))
					.addValue("problem", problem));
	}

	boolean told(Row row) {
		return update("untold = false, next_at = null", "id = :id and version = :version",
				new MapSqlParameterSource("id", row.id()).addValue("version", row.version()));
	}

	private boolean update(String set, String where, MapSqlParameterSource parameters) {
		return this.jdbc.update("update twilio_outbox set " + set + " where " + where, parameters) > 0;
	}

	private static MapSqlParameterSource ending(Instant now, boolean tell) {
		return OutboxTable.parameters(now)
			.addValue("tellAt", tell ? OutboxTable.time(now) : null)
			.addValue("untold", tell);
	}

}
