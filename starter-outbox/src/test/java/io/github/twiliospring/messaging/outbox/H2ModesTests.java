package io.github.twiliospring.messaging.outbox;

import java.util.List;

import io.github.twiliospring.messaging.simulator.TwilioSimulator;
import io.r2dbc.spi.ConnectionFactories;
import io.r2dbc.spi.ConnectionFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.r2dbc.connection.R2dbcTransactionManager;

import static io.github.twiliospring.messaging.message.OutboundMessage.to;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * The outbox in an H2 that takes another database's place in tests.
 */
class H2ModesTests {

	@ParameterizedTest
	@ValueSource(strings = { "MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;DEFAULT_NULL_ORDERING=HIGH",
			"MODE=MySQL;DATABASE_TO_LOWER=TRUE;CASE_INSENSITIVE_IDENTIFIERS=TRUE", "MODE=Oracle", "MODE=MSSQLServer" })
	void anEntryIsSentInEachMode(String mode) {
		String url = TestDatabase.H2.create() + ";" + mode;
		ConnectionFactory connections = ConnectionFactories.get(TestDatabase.reactive(url));
		try (TwilioSimulator simulator = TestOutbox.simulator();
				TestOutbox test = TestOutbox
					.of(url, TestOutbox.template(simulator.baseUrl().toString()),
							(builder) -> builder.reactive(connections, new R2dbcTransactionManager(connections)))
					.withSchema("h2")
					.start()) {
			test.outbox.send("key", to("+15558675310").body("One"));
			test.outbox.send("KEY", to("+15558675310").body("Another"));
			for (String key : List.of("reactive", "REACTIVE", "reactive")) {
				test.outbox.reactive().send(key, to("+15558675310").body("Message " + key)).block();
			}
			test.awaitState("key", OutboxState.SENT);
			assertThat(test.awaitState("reactive", OutboxState.SENT))
				.isEqualTo(test.outbox.reactive().find("reactive").block());
			test.awaitState("REACTIVE", OutboxState.SENT);
			assertThat(test.awaitState("KEY", OutboxState.SENT).key()).isEqualTo("KEY");
		}
	}

}
