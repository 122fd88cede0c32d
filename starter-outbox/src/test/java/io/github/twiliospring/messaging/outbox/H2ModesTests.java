package io.github.twiliospring.messaging.outbox;

import io.github.twiliospring.messaging.simulator.TwilioSimulator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
		try (TwilioSimulator simulator = TestOutbox.simulator();
				TestOutbox test = TestOutbox
					.of(TestDatabase.H2.create() + ";" + mode, TestOutbox.template(simulator.baseUrl().toString()),
							(builder) -> builder)
					.withSchema("h2")
					.start()) {
			test.outbox.send("key", to("+15558675310").body("One"));
			test.outbox.send("KEY", to("+15558675310").body("Another"));
			test.awaitState("key", OutboxState.SENT);
			assertThat(test.awaitState("KEY", OutboxState.SENT).key()).isEqualTo("KEY");
		}
	}

}
