package io.github.twiliospring.messaging.outbox;

/**
 * What is learnt of an outbox in MariaDB.
 */
class MariaDbOutboxOperationsTests extends OutboxOperationsContract {

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
