package io.github.twiliospring.messaging.simulator;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import io.github.twiliospring.messaging.message.MessageStatus;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The provider's Node library of its oldest and newest major version, by the lines of
 * docs/simulator.md and by none at all. Where it can't be had the tests are skipped and
 * say so, except in continuous integration, where they fail.
 */
@Timeout(300)
class NodeLibraryTests {

	private static final Path PROGRAMS = Path.of("src", "test", "node").toAbsolutePath();

	@ParameterizedTest
	@ValueSource(strings = { "3.84.1", "6.3.1" })
	void sendsByTheLinesOfTheDocumentation(String version) throws Exception {
		Path library = library(version);
		try (TwilioSimulator simulator = TwilioSimulator.builder().manualClock().start()) {
			String program = Files.readString(PROGRAMS.resolve("send.js"))
				.replace("http://127.0.0.1:4010", simulator.baseUrl().toString());
			send(simulator, library, Map.of(), "--eval", program);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "3.84.1", "6.3.1" })
	void sendsWithoutAnyChangeWhereTheProvidersNameLeadsToTheSimulator(String version, @TempDir Path directory)
			throws Exception {
		Path library = library(version);
		try (TwilioSimulator simulator = TwilioSimulator.builder()
			.manualClock()
			.tlsPort(0)
			.tlsDirectory(directory)
			.start()) {
			send(simulator, library,
					Map.of("NODE_EXTRA_CA_CERTS", simulator.certificateAuthority().toString(), "SIMULATOR_TLS_PORT",
							Integer.toString(simulator.tlsUrl().getPort())),
					"--require", PROGRAMS.resolve("hosts.js").toString(), "--eval",
					Files.readString(PROGRAMS.resolve("unchanged.js")));
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "3.84.1", "6.3.1" })
	void findsAllThatItDoesWithMessagesAsItShouldBe(String version) throws Exception {
		Path library = library(version);
		try (TwilioSimulator simulator = TwilioSimulator.builder().manualClock().start()) {
			String program = Files.readString(PROGRAMS.resolve("tour.js"))
				.replace("http://127.0.0.1:4010", simulator.baseUrl().toString());
			assertThat(run(library, environment(simulator), List.of("node", "--eval", program)).strip())
				.isEqualTo("as it should be");
			simulator.awaitMessage(MessageMatcher.body("You wrote: Grüße & 😀"));
		}
	}

	private static Map<String, String> environment(TwilioSimulator simulator) {
		return Map.of("TWILIO_ACCOUNT_SID", simulator.accountSid(), "TWILIO_AUTH_TOKEN", simulator.authToken());
	}

	private static void send(TwilioSimulator simulator, Path library, Map<String, String> more, String... arguments)
			throws Exception {
		Map<String, String> environment = new HashMap<>(more);
		environment.putAll(environment(simulator));
		List<String> command = new ArrayList<>(List.of("node"));
		command.addAll(List.of(arguments));
		String output = run(library, environment, command);
		SimulatedMessage message = simulator.awaitMessage(MessageMatcher.sentTo("+15558675310"));
		assertThat(message.body()).isEqualTo("Your table is ready");
		assertThat(message.status()).isEqualTo(MessageStatus.QUEUED);
		assertThat(output.strip()).endsWith(message.sid() + " queued");
	}

	/** A folder from whose programs the library is found. */
	private static Path library(String version) throws Exception {
		Path folder = Path.of("target", "node", version).toAbsolutePath();
		synchronized (NodeLibraryTests.class) {
			try {
				if (!Files.exists(folder.resolve("complete"))) {
					Files.createDirectories(folder);
					run(folder, Map.of(), List.of("npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix",
							folder.toString(), "twilio@" + version));
					Files.createFile(folder.resolve("complete"));
				}
			}
			catch (IOException | AssertionError ex) {
				if ("true".equals(System.getenv("CI"))) {
					throw ex;
				}
				Assumptions.abort("The provider's Node library isn't tested: " + ex.getMessage());
			}
		}
		return folder;
	}

	private static String run(Path folder, Map<String, String> environment, List<String> command)
			throws IOException, InterruptedException {
		ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
		builder.environment().putAll(environment);
		builder.environment().remove("HTTP_PROXY");
		Process process = builder.start();
		process.getOutputStream().close();
		String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
		assertThat(process.exitValue()).as("%s ended with: %s", command.get(0), output).isZero();
		return output;
	}

}
