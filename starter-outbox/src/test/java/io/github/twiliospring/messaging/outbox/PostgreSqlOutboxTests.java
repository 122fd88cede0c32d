package io.github.twiliospring.messaging.outbox;

/**
 * The outbox in PostgreSQL.
 */
class PostgreSqlOutboxTests extends OutboxContract {

	private final String url = TestPostgres.database();

	@Override
	String jdbcUrl() {
		return this.url;
	}

	@Override
	String platform() {
		return "postgresql";
	}

}
