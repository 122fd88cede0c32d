package io.github.twiliospring.messaging.simulator.standalone;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The runnable jar as users start it: a process of its own, nothing else on its class
 * path.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StandaloneJarIT {

	private static final String ACCOUNT = "AC00112233445566778899aabbccddeeff";

	private Process process;

	@AfterEach
	void stop() {
		if (this.process != null) {
			this.process.destroyForcibly();
		}
	}

	@Test
	void servesTheApiItsControlAndThePageAndEndsCleanly() throws Exception {
		BufferedReader output = start("--port=0", "--account-sid=" + ACCOUNT, "--auth-token=secret", "--clock=manual");
		String first = line(output);
		assertThat(first).startsWith("Simulator listens on http://127.0.0.1:");
		URI base = URI.create(first.replaceAll(".*(http://[0-9.:]+).*", "$1"));
		assertThat(line(output)).contains(ACCOUNT).contains("manual");
		HttpClient client = HttpClient.newHttpClient();
		String created = client
			.send(HttpRequest.newBuilder(base.resolve("/2010-04-01/Accounts/" + ACCOUNT + "/Messages.json"))
				.header("Authorization",
						"Basic " + Base64.getEncoder()
							.encodeToString((ACCOUNT + ":secret").getBytes(StandardCharsets.UTF_8)))
				.header("Content-Type", "application/x-www-form-urlencoded")
				.POST(BodyPublishers.ofString("To=%2B15558675310&From=%2B15017122661&Body=Hi"))
				.build(), BodyHandlers.ofString())
			.body();
		assertThat(created).contains("\"status\":\"queued\"");
		assertThat(line(output)).contains("message").contains("…5310").contains("queued");
		assertThat(line(output)).contains("api").contains("201");
		String moved = client
			.send(HttpRequest.newBuilder(base.resolve("/simulator/clock/advance?duration=PT1M"))
				.POST(BodyPublishers.noBody())
				.build(), BodyHandlers.ofString())
			.body();
		assertThat(moved).contains("\"manual\":true");
		assertThat(client.send(HttpRequest.newBuilder(base).build(), BodyHandlers.ofString()).body())
			.contains("<title>Message simulator</title>");
		// Process.destroy would close the stream that is read below.
		this.process.toHandle().destroy();
		assertThat(this.process.waitFor(20, TimeUnit.SECONDS)).isTrue();
		assertThat(output.lines().toList()).last().asString().isEqualTo("Simulator stopped");
	}

	@Test
	void saysThatThePortIsTaken() throws Exception {
		try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			BufferedReader output = start("--port=" + taken.getLocalPort());
			assertThat(line(output)).contains("Can't listen on port " + taken.getLocalPort());
			assertThat(this.process.waitFor(20, TimeUnit.SECONDS)).isTrue();
			assertThat(this.process.exitValue()).isEqualTo(SimulatorMain.EXIT_PORT);
		}
	}

	@Test
	void makesItsCertificatesForTls(@TempDir Path directory) throws Exception {
		BufferedReader output = start("--port=0", "--tls-port=0", "--tls-directory=" + directory);
		String line = line(output);
		while (line != null && !line.startsWith("TLS on https://127.0.0.1:")) {
			line = line(output);
		}
		assertThat(line).contains("api.twilio.com");
		assertThat(line(output)).contains("CURL_CA_BUNDLE=" + directory.resolve("ca-bundle.pem"));
		assertThat(directory.resolve("ca-bundle.pem")).isNotEmptyFile();
	}

	private BufferedReader start(String... arguments) throws IOException {
		List<String> command = new ArrayList<>(
				List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Dstdout.encoding=UTF-8",
						"-Dfile.encoding=UTF-8", "-jar", System.getProperty("standalone.jar")));
		command.addAll(List.of(arguments));
		this.process = new ProcessBuilder(command).redirectErrorStream(true).start();
		return new BufferedReader(new InputStreamReader(this.process.getInputStream(), StandardCharsets.UTF_8));
	}

	// Newer JDKs warn about what libraries do, each in their own words.
	private static String line(BufferedReader output) throws IOException {
		String line = output.readLine();
		while (line != null && line.startsWith("WARNING: ")) {
			line = output.readLine();
		}
		return line;
	}

}
