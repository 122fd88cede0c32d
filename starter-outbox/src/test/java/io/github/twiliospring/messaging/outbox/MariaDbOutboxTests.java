package io.github.twiliospring.messaging.outbox;

/**
 * The outbox in MariaDB.
 */
class MariaDbOutboxTests extends OutboxContract {

	private final String url = TestDatabase.MARIADB.create();

	@Override
	String jdbcUrl() {
		return this.url;
	}

	@Override
	String platform() {
		return "mariadb";
	}

}
