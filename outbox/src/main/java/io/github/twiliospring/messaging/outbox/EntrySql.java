package io.github.twiliospring.messaging.outbox;

/**
 * What is read of the rows in both worlds.
 */
final class EntrySql {

	private static final int LIST_LIMIT = 1000;

	private EntrySql() {
	}

	static Sql byKey(String key) {
		return Sql.of("select * from twilio_outbox where message_key = :key").with("key", key);
	}

	/**
	 * The oldest ones.
	 */
	static Sql unresolved(Dialect dialect) {
		return Sql.of("select * from twilio_outbox where state = 'unresolved' order by created_at"
				+ dialect.first(LIST_LIMIT));
	}

}
