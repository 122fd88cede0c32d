package io.github.twiliospring.messaging.outbox;

/**
 * Entries whose process is killed, in MariaDB.
 */
class MariaDbKilledProcessTests extends KilledProcessContract {

	@Override
	String jdbcUrl() {
		return TestDatabase.MARIADB.create();
	}

	@Override
	String platform() {
		return "mariadb";
	}

}
