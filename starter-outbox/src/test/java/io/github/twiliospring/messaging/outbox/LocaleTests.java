package io.github.twiliospring.messaging.outbox;

import java.util.List;

import io.github.twiliospring.messaging.simulator.TwilioSimulator;
import io.github.twiliospring.messaging.testsupport.JavaProcess;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static io.github.twiliospring.messaging.message.OutboundMessage.to;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * An instance whose machine is set to Egypt's Arabic, in which Java's {@code %d} writes
 * other digits than a database reads.
 */
class LocaleTests {

	@ParameterizedTest
	@EnumSource(names = { "POSTGRESQL", "MARIADB" })
	void anInstanceSendsInALocaleWithDigitsOfItsOwn(TestDatabase database) throws Exception {
		String url = database.create();
		try (TwilioSimulator simulator = TestOutbox.simulator();
				TestOutbox writer = TestOutbox
					.of(url, TestOutbox.template(simulator.baseUrl().toString()), (builder) -> builder)
					.withSchema(database.platform());
				JavaProcess instance = JavaProcess.start(
						List.of("-Duser.language=ar", "-Duser.country=EG", "-cp", System.getProperty("java.class.path"),
								SenderProcess.class.getName(), url, simulator.baseUrl().toString()))) {
			instance.await("^started");
			writer.outbox.send("ship-1", to("+15558675310").body("On its way"));
			writer.awaitState("ship-1", OutboxState.SENT);
			assertThat(simulator.messages()).hasSize(1);
		}
	}

}
