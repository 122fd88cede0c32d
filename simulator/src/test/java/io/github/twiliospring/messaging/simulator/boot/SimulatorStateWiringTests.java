package io.github.twiliospring.messaging.simulator.boot;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.github.twiliospring.messaging.MessagingOperations;
import io.github.twiliospring.messaging.autoconfigure.TwilioMessagingAutoConfiguration;
import io.github.twiliospring.messaging.message.MessageStatus;
import io.github.twiliospring.messaging.message.OutboundMessage;
import io.github.twiliospring.messaging.simulator.MessageMatcher;
import io.github.twiliospring.messaging.simulator.SimulatedMessage;
import io.github.twiliospring.messaging.simulator.TwilioSimulator;
import io.github.twiliospring.messaging.simulator.state.StateException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A restart of an application loses nothing of its simulator.
 */
class SimulatorStateWiringTests {

	@TempDir
	private Path directory;

	private ApplicationContextRunner runner() {
		return new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(TwilioSimulatorAutoConfiguration.class,
					TwilioMessagingAutoConfiguration.class))
			.withPropertyValues("twilio.simulator.enabled=true", "twilio.simulator.clock=manual");
	}

	@Test
	void keepsMessagesAndTheTokenOverARestartOfTheApplication() {
		ApplicationContextRunner runner = runner()
			.withPropertyValues("twilio.simulator.state=" + this.directory.resolve("simulator.json"));
		List<String> tokens = new ArrayList<>();
		for (int start = 0; start < 2; start++) {
			runner.run((context) -> {
				context.getBean(MessagingOperations.class)
					.send(OutboundMessage.to("+15558675310").from("+15017122661").body("Hi"))
					.block();
				tokens.add(context.getBean(TwilioSimulator.class).authToken());
			});
		}
		runner.run((context) -> {
			TwilioSimulator simulator = context.getBean(TwilioSimulator.class);
			simulator.clock().advance(Duration.ofMinutes(1));
			assertThat(simulator.messages()).hasSize(2)
				.extracting(SimulatedMessage::status)
				.containsOnly(MessageStatus.DELIVERED);
			assertThat(tokens).containsOnly(simulator.authToken());
		});
	}

	@Test
	void goesOnOnlyOnceTheApplicationIsReady() {
		ApplicationContextRunner runner = runner()
			.withPropertyValues("twilio.simulator.state=" + this.directory.resolve("simulator.json"));
		runner.run((context) -> context.getBean(MessagingOperations.class)
			.send(OutboundMessage.to("+15558675310").from("+15017122661").body("Hi"))
			.block());
		runner.withUserConfiguration(EagerConfiguration.class).run((context) -> {
			assertThat(context.getBean(MessageStatus.class)).isEqualTo(MessageStatus.QUEUED);
			TwilioSimulator simulator = context.getBean(TwilioSimulator.class);
			simulator.clock().advance(Duration.ZERO);
			assertThat(simulator.awaitMessage(MessageMatcher.any()).status()).isEqualTo(MessageStatus.DELIVERED);
		});
	}

	@Test
	void failsTheStartWhereTheFileIsAnothers() {
		runner()
			.withPropertyValues(
					"twilio.simulator.state=" + write(this.directory.resolve("notes.txt"), "Not to be lost"))
			.run((context) -> assertThat(context.getStartupFailure()).rootCause().isInstanceOf(StateException.class));
		assertThat(this.directory.resolve("notes.txt")).hasContent("Not to be lost");
	}

	@Test
	void keepsNothingWhereNoFileIsNamed() {
		runner().withPropertyValues("twilio.simulator.state=")
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean("simulatorState")
				.hasSingleBean(TwilioSimulator.class));
	}

	private static Path write(Path file, String content) {
		try {
			return Files.writeString(file, content);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** Looks at the message while the application starts. */
	static class EagerConfiguration {

		@Bean
		MessageStatus statusAtStart(TwilioSimulator simulator) {
			simulator.clock().advance(Duration.ofMinutes(1));
			return simulator.messages().get(0).status();
		}

	}

}
