package io.github.twiliospring.messaging.outbox;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * What moves rows from state to state. Every move is one statement, which names the
 * states that it leads away from: that's what claims an entry, and what ends it. It finds
 * its row by the primary key alone: by another index MariaDB and MySQL would lock the
 * gaps beside it, too, and whoever inserts there would wait.
 */
final class Transitions {

	// As expressions, for which no index is used.
	private static final String STATE = "coalesce(state, '')";

	private static final String WAITING = STATE + " = 'waiting'";

	private static final String ATTEMPT = "id = :id and coalesce(send_id, '') = :sendId and " + STATE;

	private final String ended;

	/**
	 * Makes them.
	 * @param keepContent whether an entry that has ended keeps its content
	 */
	Transitions(boolean keepContent) {
		this.ended = "version = version + 1, ended_at = :now, next_at = :tellAt, untold = :untold, content = "
				+ (keepContent ? "content" : "null");
	}

	/**
	 * Claims an entry. What the database forgot of it, where its server dies, would be
	 * sent again.
	 */
	Sql claim(Row row, String sendId, Instant now, Instant nextAt, Dialect dialect) {
		return update(
				"state = 'sending', version = version + 1, send_id = :sendId, attempted_at = :now,"
						+ " attempts = attempts + 1, next_at = :nextAt, problem = null",
				"id = :id and version = :version and " + WAITING + dialect.durably())
			.with("now", now)
			.with("id", row.id())
			.with("version", row.version())
			.with("sendId", sendId)
			.with("nextAt", nextAt);
	}

	/**
	 * Hands back what was claimed and surely not sent, whatever was thought of it
	 * meanwhile.
	 */
	Sql unclaim(String id, String sendId, Instant now) {
		return update(
				"state = 'waiting', version = version + 1, attempts = attempts - 1, next_at = :now, untold = :untold",
				ATTEMPT + " in ('sending', 'unknown', 'unresolved')")
			.with("untold", false)
			.with("now", now)
			.with("id", id)
			.with("sendId", sendId);
	}

	/**
	 * The message of a send exists, whatever was thought of it before.
	 */
	Sql sent(String id, String sendId, Proof proof, Instant now, boolean tell) {
		return ending(update(
				"state = 'sent', message_sid = coalesce(:sid, message_sid), last_status = :status,"
						+ " status_rank = :rank, error_code = :errorCode, problem = null, " + this.ended,
				ATTEMPT + " in ('waiting', 'sending', 'unknown', 'unresolved')"), now, tell)
			.with("id", id)
			.with("sendId", sendId)
			.with("sid", proof.messageSid())
			.with("status", proof.status())
			.with("rank", proof.rank())
			.withNullable("errorCode", Integer.class, proof.errorCode());
	}

	/**
	 * A later status of an entry's message.
	 */
	Sql status(String id, Proof proof) {
		return update("last_status = :status, status_rank = :rank, error_code = :errorCode",
				"id = :id and coalesce(message_sid, '') = :sid and (status_rank is null or status_rank < :rank)")
			.with("id", id)
			.with("sid", proof.messageSid())
			.with("status", proof.status())
			.with("rank", proof.rank())
			.withNullable("errorCode", Integer.class, proof.errorCode());
	}

	Sql rejected(String id, String sendId, @Nullable Integer errorCode, String problem, Instant now, boolean tell) {
		return ending(update("state = 'rejected', error_code = :errorCode, problem = :problem, " + this.ended,
				ATTEMPT + " in ('sending', 'unknown', 'unresolved')"), now, tell)
			.with("id", id)
			.with("sendId", sendId)
			.withNullable("errorCode", Integer.class, errorCode)
			.withNullable("problem", String.class, problem);
	}

	Sql notSent(String id, String sendId, @Nullable Integer errorCode, String problem, Instant nextAt) {
		return update("state = 'waiting', version = version + 1, next_at = :nextAt, error_code = :errorCode,"
				+ " problem = :problem, untold = :untold", ATTEMPT + " in ('sending', 'unknown', 'unresolved')")
			.with("untold", false)
			.with("id", id)
			.with("sendId", sendId)
			.with("nextAt", nextAt)
			.withNullable("errorCode", Integer.class, errorCode)
			.withNullable("problem", String.class, problem);
	}

	Sql unknown(String id, String sendId, String problem, Instant nextAt) {
		return update("state = 'unknown', version = version + 1, next_at = :nextAt, problem = :problem",
				ATTEMPT + " = 'sending'")
			.with("id", id)
			.with("sendId", sendId)
			.with("nextAt", nextAt)
			.withNullable("problem", String.class, problem);
	}

	/**
	 * Whoever was sending it is gone.
	 */
	Sql died(String id, Instant now) {
		return update("state = 'unknown', version = version + 1, next_at = :now, problem = :problem",
				"id = :id and " + STATE + " = 'sending'")
			.with("now", now)
			.with("id", id)
			.withNullable("problem", String.class, "the process died while it was sending");
	}

	Sql unresolved(Row row, Instant now, boolean tell) {
		return ending(update("state = 'unresolved', version = version + 1, next_at = :tellAt, untold = :untold",
				"id = :id and version = :version and " + STATE + " = 'unknown'"), now, tell)
			.with("id", row.id())
			.with("version", row.version());
	}

	Sql sendAgain(Row row, Instant now) {
		return update("state = 'waiting', version = version + 1, send_at = :now, next_at = :now, untold = :untold",
				"id = :id and version = :version and " + STATE + " in ('unknown', 'unresolved')")
			.with("untold", false)
			.with("now", now)
			.with("id", row.id())
			.with("version", row.version());
	}

	/**
	 * Ends an entry by a decision: to send it no more, or that it was sent.
	 */
	Sql end(Row row, OutboxState state, Instant now, boolean tell) {
		return ending(update("state = :state, " + this.ended, "id = :id and version = :version"), now, tell)
			.with("id", row.id())
			.with("version", row.version())
			.with("state", state.value());
	}

	/**
	 * A person's decision.
	 */
	Sql resolve(Row row, Resolution resolution, Instant now, OutboxUpdates updates) {
		return switch (resolution) {
			case SENT -> end(row, OutboxState.SENT, now, updates.hears(OutboxState.SENT));
			case DROP -> end(row, OutboxState.CANCELED, now, updates.hears(OutboxState.CANCELED));
			case SEND_AGAIN -> sendAgain(row, now);
		};
	}

	Sql cancel(String id, Instant now, boolean tell) {
		return ending(update("state = 'canceled', " + this.ended, "id = :id and " + WAITING), now, tell).with("id", id);
	}

	Sql reschedule(String id, Instant when) {
		return update("version = version + 1, send_at = :when, next_at = :when", "id = :id and " + WAITING)
			.with("id", id)
			.with("when", when);
	}

	/**
	 * Looks at it later, in the state that it has.
	 */
	Sql postpone(Row row, Instant nextAt, @Nullable String problem) {
		return update("version = version + 1, next_at = :nextAt, problem = coalesce(:problem, problem)",
				"id = :id and version = :version")
			.with("id", row.id())
			.with("version", row.version())
			.with("nextAt", nextAt)
			.withNullable("problem", String.class, problem);
	}

	Sql told(Row row) {
		return update("untold = :untold, next_at = null", "id = :id and version = :version").with("untold", false)
			.with("id", row.id())
			.with("version", row.version());
	}

	private static Sql update(String set, String where) {
		return Sql.of("update twilio_outbox set " + set + " where " + where);
	}

	private static Sql ending(Sql update, Instant now, boolean tell) {
		return update.with("now", now).withNullable("tellAt", tell ? now : null).with("untold", tell);
	}

}
