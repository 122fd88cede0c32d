package io.github.twiliospring.messaging.simulator.standalone;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The program's arguments and exit codes.
 */
class SimulatorMainTests {

	private final ByteArrayOutputStream out = new ByteArrayOutputStream();

	private final ByteArrayOutputStream err = new ByteArrayOutputStream();

	@Test
	void printsHelp() {
		assertThat(run("--help")).isZero();
		assertThat(this.out.toString(StandardCharsets.UTF_8)).contains("--port=4010", "--account-sid", "--clock");
	}

	@Test
	void startsAndStops() {
		assertThat(run("--port=0", "--clock=manual", "--clock-start=2026-01-01T09:00:00Z", "--delay=PT1S",
				"--random-seed=1", "--history-limit=10", "--allowed-host=simulator,mail.example.com", "--strict",
				"--current-limits", "--no-whatsapp-window"))
			.isZero();
		assertThat(this.out.toString(StandardCharsets.UTF_8)).contains("manual at 2026-01-01T09:00:00Z")
			.endsWith("Simulator stopped" + System.lineSeparator());
	}

	@Test
	void saysHowToTrustItsCertificates(@TempDir Path directory) {
		assertThat(run("--port=0", "--tls-port=0", "--tls-directory=" + directory)).isZero();
		assertThat(this.out.toString(StandardCharsets.UTF_8)).contains("TLS on https://127.0.0.1:",
				"CURL_CA_BUNDLE=" + directory.resolve("ca-bundle.pem"),
				"NODE_EXTRA_CA_CERTS=" + directory.resolve("ca.pem"),
				"REQUESTS_CA_BUNDLE=" + directory.resolve("ca-bundle.pem"),
				"-Djavax.net.ssl.trustStore=" + directory.resolve("truststore.p12"));
	}

	@Test
	void saysThatItsCertificatesCannotBeKept(@TempDir Path directory) throws IOException {
		Path file = Files.createFile(directory.resolve("file"));
		assertThat(run("--port=0", "--tls-port=0", "--tls-directory=" + file)).isEqualTo(SimulatorMain.EXIT_TLS);
		assertThat(this.err.toString(StandardCharsets.UTF_8)).contains("can't be kept in " + file);
	}

	@Test
	void beginsWithASeedAndKeepsItsState(@TempDir Path directory) throws IOException {
		Path seed = Files.writeString(directory.resolve("seed.json"), """
				{
				  "accounts": [{ "account_sid": "AC00112233445566778899aabbccddeeff", "auth_token": "secret" }],
				  "numbers": [{ "number": "+15017122661", "segments_per_second": 1 }]
				}
				""");
		Path state = directory.resolve("state.json");
		assertThat(run("--port=0", "--seed=" + seed, "--state=" + state)).isZero();
		assertThat(state).content().contains("AC00112233445566778899aabbccddeeff", "+15017122661");
	}

	@Test
	void saysWhatIsWrongWithAStateOrASeed(@TempDir Path directory) throws IOException {
		Path file = Files.writeString(directory.resolve("notes.txt"), "Not to be lost");
		assertThat(run("--port=0", "--state=" + file)).isEqualTo(SimulatorMain.EXIT_STATE);
		assertThat(run("--port=0", "--seed=" + file)).isEqualTo(SimulatorMain.EXIT_STATE);
		assertThat(run("--port=0", "--seed=" + directory.resolve("none.json"))).isEqualTo(SimulatorMain.EXIT_STATE);
		assertThat(this.err.toString(StandardCharsets.UTF_8)).contains("The state in " + file, "The seed in " + file)
			.doesNotContain("Exception:", "\tat ");
		assertThat(file).hasContent("Not to be lost");
	}

	@ParameterizedTest
	@CsvSource({ "--nonsense,--help", "port=1,--help", "--port,--help", "--strict=true,--help", "--port=x,whole number",
			"--port=70000,65535", "--account-sid=AC1,32 hexadecimal", "--auth-token=,must not be empty",
			"--clock=sundial,system or manual", "--clock-start=2026-01-01T09:00:00Z,--clock=manual",
			"--delay=soon,duration", "--delay=-PT1S,negative", "--delay=PT9000H,365 days",
			"--history-limit=0,At least one", "--allowed-host=http://a,without scheme and port",
			"--host=,name or address of this machine", "--host=[],name or address of this machine" })
	void saysWhatIsWrongWithAnArgument(String argument, String explanation) {
		assertThat(run(argument)).isEqualTo(SimulatorMain.EXIT_USAGE);
		assertThat(this.err.toString(StandardCharsets.UTF_8)).contains(explanation).doesNotContain("Exception");
	}

	@Test
	void takesAnAddressInBrackets() {
		assertThat(run("--port=0", "--host=[::1]")).isZero();
		assertThat(this.out.toString(StandardCharsets.UTF_8)).contains("http://[::1]:");
	}

	@Test
	void namesTheHostThatItCannotListenOn() {
		// Of the block for documentation (RFC 5737): no machine has it.
		assertThat(run("--port=0", "--host=203.0.113.9")).isEqualTo(SimulatorMain.EXIT_PORT);
		assertThat(this.err.toString(StandardCharsets.UTF_8)).contains("203.0.113.9", "no address of this machine");
	}

	private int run(String... arguments) {
		return SimulatorMain.run(new PrintStream(this.out, true, StandardCharsets.UTF_8),
				new PrintStream(this.err, true, StandardCharsets.UTF_8), new CountDownLatch(0), arguments);
	}

}
