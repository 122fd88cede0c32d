package io.github.twiliospring.messaging.simulator;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import com.example.devtools.RestartedApplication;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An application with spring-boot-devtools, in a process of its own, which restarts it:
 * with new class loaders, in the same JVM.
 */
class DevToolsRestartTests {

	private static final List<String> PATHS = List.of("messages", "requests", "accounts", "templates", "faults",
			"clock");

	@TempDir
	private Path directory;

	@Test
	void losesNothingWhenDevToolsRestartsTheApplication() throws Exception {
		try (CallbackReceiver receiver = new CallbackReceiver(); RestartingProcess process = start()) {
			Started first = process.awaitStart();
			ApiClient api = first.api();
			api.post("/simulator/templates", "sid", "HX" + "1".repeat(32), "body", "See you at nine");
			String scheduled = api
				.create("To", ApiClient.TO, "MessagingServiceSid", ApiClient.SERVICE, "Body", "See you", "ScheduleType",
						"fixed", "SendAt", time(api, Duration.ofDays(1)))
				.sid();
			api.post("/simulator/faults", "target", "callbacks", "kind", "delay", "delay", "PT1H");
			api.send("StatusCallback", receiver.url("/status"));
			api.post("/simulator/clock/advance", "duration", "PT1M");
			List<JsonNode> before = seen(api);

			process.restart();
			Started second = process.awaitStart();
			assertThat(second.loader()).isEqualTo(first.loader()).isEqualTo("RestartClassLoader");
			assertThat(second.loaderNumber()).isNotEqualTo(first.loaderNumber());
			assertThat(second.token()).isEqualTo(first.token());
			ApiClient again = second.api();
			assertThat(seen(again)).isEqualTo(before);
			// What was held back when the application went is told to the next one.
			receiver.awaitAnswered(2);
			assertThat(receiver.statuses()).containsExactlyInAnyOrder("sent", "delivered");
			again.post("/simulator/clock/advance", "duration", "P2D");
			Awaitility.await()
				.atMost(Duration.ofSeconds(20))
				.until(() -> again.fetch(scheduled).text("status").equals("delivered"));
			assertThat(receiver.received()).hasSize(2);
		}
	}

	private static List<JsonNode> seen(ApiClient api) {
		return PATHS.stream().map((path) -> api.get("/simulator/" + path).json()).toList();
	}

	private static String time(ApiClient api, Duration later) {
		return Instant.parse(api.get("/simulator/clock").text("now")).plus(later).toString();
	}

	private RestartingProcess start() throws IOException {
		String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
		List<String> command = List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"-XX:TieredStopAtLevel=1", "-Dorg.springframework.boot.logging.LoggingSystem=none", "-cp", classPath,
				RestartedApplication.class.getName(), "--spring.main.web-application-type=none",
				"--spring.main.keep-alive=true", "--twilio.simulator.enabled=true", "--twilio.simulator.clock=manual",
				"--twilio.simulator.state=" + this.directory.resolve("simulator.json"));
		return new RestartingProcess(new ProcessBuilder(command).redirectErrorStream(true).start());
	}

	/**
	 * What a start says.
	 *
	 * @param url where the simulator is
	 * @param account its account
	 * @param token the account's token
	 * @param loader the application's class loader
	 * @param loaderNumber which one
	 */
	private record Started(String url, String account, String token, String loader, String loaderNumber) {

		ApiClient api() {
			return new ApiClient(URI.create(this.url), this.account, this.account, this.token);
		}

	}

	private static final class RestartingProcess implements AutoCloseable {

		private final Process process;

		private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

		RestartingProcess(Process process) {
			this.process = process;
			Thread reader = new Thread(this::read, "output of process " + process.pid());
			reader.setDaemon(true);
			reader.start();
		}

		Started awaitStart() throws InterruptedException {
			List<String> seen = new ArrayList<>();
			while (true) {
				String line = this.lines.poll(1, TimeUnit.MINUTES);
				if (line == null || line.equals("(end of output)")) {
					throw new AssertionError("The application doesn't start:\n" + String.join("\n", seen));
				}
				if (line.startsWith(RestartedApplication.STARTED)) {
					String[] said = line.split(" ");
					return new Started(said[1], said[2], said[3], said[4], said[5]);
				}
				seen.add(line);
			}
		}

		/** Does what devtools does when a class has changed. */
		void restart() throws IOException {
			this.process.getOutputStream().write('\n');
			this.process.getOutputStream().flush();
		}

		private void read() {
			try (BufferedReader output = new BufferedReader(
					new InputStreamReader(this.process.getInputStream(), StandardCharsets.UTF_8))) {
				for (String line = output.readLine(); line != null; line = output.readLine()) {
					this.lines.add(line);
				}
			}
			catch (IOException ex) {
				this.lines.add("(" + ex + ")");
			}
			this.lines.add("(end of output)");
		}

		@Override
		public void close() {
			this.process.destroyForcibly();
		}

	}

}
