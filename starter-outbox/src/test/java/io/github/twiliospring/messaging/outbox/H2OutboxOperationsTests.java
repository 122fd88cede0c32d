package io.github.twiliospring.messaging.outbox;

import java.util.UUID;

/**
 * What is learnt of an outbox in an embedded database.
 */
class H2OutboxOperationsTests extends OutboxOperationsContract {

	private final String url = "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1";

	@Override
	String jdbcUrl() {
		return this.url;
	}

	@Override
	String platform() {
		return "h2";
	}

}
