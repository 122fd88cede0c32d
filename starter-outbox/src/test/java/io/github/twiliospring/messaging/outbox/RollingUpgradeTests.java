package io.github.twiliospring.messaging.outbox;

import io.github.twiliospring.messaging.simulator.TwilioSimulator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

import static io.github.twiliospring.messaging.message.OutboundMessage.to;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tables to which a newer version adds a column while instances of this one go on.
 */
class RollingUpgradeTests {

	private static final String CUSTOMER = "+15558675310";

	// PostgreSQL ends a transaction whose statement, prepared before, would give other
	// columns. Drivers prepare what has been run a few times.
	@ParameterizedTest
	@EnumSource
	void aNewColumnFailsNoTransaction(TestDatabase database) {
		String url = database.create();
		try (TwilioSimulator simulator = TestOutbox.simulator();
				TestOutbox test = TestOutbox
					.of(url, TestOutbox.template(simulator.baseUrl().toString()), (builder) -> builder)
					.withSchema(database.platform())) {
			for (int number = 0; number < 10; number++) {
				ship(test, "before-" + number);
			}
			addColumn(url);
			for (int number = 0; number < 10; number++) {
				ship(test, "after-" + number);
			}
			test.start();
			test.awaitState("before-0", OutboxState.SENT);
			test.awaitState("after-9", OutboxState.SENT);
		}
	}

	private static void ship(TestOutbox test, String key) {
		test.transaction.executeWithoutResult((status) -> {
			test.outbox.send(key, to(CUSTOMER).body(key));
			assertThat(test.outbox.send(key, to(CUSTOMER).body(key)).state()).isEqualTo(OutboxState.WAITING);
			assertThat(test.outbox.find(key)).isPresent();
			assertThat(test.outbox.unresolved()).isEmpty();
		});
	}

	private static void addColumn(String url) {
		JdbcClient other = JdbcClient.create(new DriverManagerDataSource(url));
		other.sql("alter table twilio_outbox add column added varchar(10)").update();
		other.sql("alter table twilio_outbox_tasks add column added varchar(10)").update();
	}

}
