package io.github.twiliospring.messaging.outbox;

/**
 * What is read of the rows in both worlds.
 */
final class EntrySql {

	private static final int LIST_LIMIT = 1000;

	/**
	 * Begins each query for whole rows. All columns by {@code *} wouldn't do: PostgreSQL
	 * ends a transaction whose statement, prepared before, would give other columns by
	 * now, since a newer version has added one.
	 */
	static final String ROWS = "select id, message_key, state, version, content, fingerprint, content_check, requested_at,"
			+ " send_at, priority, give_up_after, on_unresolved, next_at, attempts, send_id, attempted_at, message_sid,"
			+ " last_status, error_code, problem, untold, created_at, ended_at from twilio_outbox where ";

	private EntrySql() {
	}

	static Sql byKey(String key) {
		return Sql.of(ROWS + "message_key = :key").with("key", key);
	}

	/**
	 * The oldest ones.
	 */
	static Sql unresolved(Dialect dialect) {
		return Sql.of(ROWS + "state = 'unresolved' order by created_at" + dialect.first(LIST_LIMIT));
	}

}
