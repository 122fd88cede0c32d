package io.github.twiliospring.messaging.simulator;

import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Prints the simulator's numbers; asserts nothing, since they depend on the machine. Run
 * as docs/simulator.md says.
 */
@EnabledIfSystemProperty(named = "benchmark", matches = "true")
class SimulatorBenchmark {

	private static final int MESSAGES = 10_000;

	private static final int CONNECTIONS = 16;

	private static final int COLD_STARTS = 7;

	private static final int MANY = 100_000;

	private static final String ACCOUNT = TwilioSimulator.DEFAULT_ACCOUNT_SID;

	private static final String TOKEN = "benchmark";

	@TempDir
	Path directory;

	@Test
	void printsNumbers() throws Exception {
		print("load average of the machine: %.2f", ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
		printColdStarts("no archive of classes");
		Path archive = this.directory.resolve("simulator.jsa");
		try (Program program = new Program(List.of("-XX:ArchiveClassesAtExit=" + archive), 1)) {
			create(program.port, ACCOUNT, TOKEN, CONNECTIONS);
		}
		printColdStarts("an archive of classes", "-XX:SharedArchiveFile=" + archive);
		printMemory();
		try (TwilioSimulator simulator = TwilioSimulator.builder().manualClock().historyLimit(MESSAGES).start()) {
			for (int round = 1; round <= 4; round++) {
				simulator.reset();
				long start = System.nanoTime();
				create(simulator.port(), simulator.accountSid(), simulator.authToken(), 4 * MESSAGES);
				print("round %d: %.0f creates per second", round, 4 * MESSAGES / seconds(start));
			}
			simulator.reset();
			create(simulator.port(), simulator.accountSid(), simulator.authToken(), MESSAGES);
			long start = System.nanoTime();
			simulator.clock().advance(Duration.ofMinutes(1));
			print("a minute over %d messages under way: %.0f ms", MESSAGES, 1000 * seconds(start));
			long used = used();
			print("%d messages kept: %d", MESSAGES, simulator.messages().size());
			start = System.nanoTime();
			simulator.reset();
			print("reset: %.1f ms", 1000 * seconds(start));
			print("%d messages with their requests: %d MB", MESSAGES, (used - used()) >> 20);
			start = System.nanoTime();
			simulator.clock().advance(Duration.ofDays(7));
			print("an empty week: %.3f ms", 1000 * seconds(start));
		}
	}

	private static void printColdStarts(String with, String... options) throws Exception {
		long[] starts = new long[COLD_STARTS];
		long[] creates = new long[COLD_STARTS];
		for (int i = 0; i < COLD_STARTS; i++) {
			long start = System.nanoTime();
			try (Program program = new Program(List.of(options), 1)) {
				starts[i] = (System.nanoTime() - start) / 1_000_000;
				create(program.port, ACCOUNT, TOKEN, 1);
				creates[i] = (System.nanoTime() - start) / 1_000_000;
			}
		}
		Arrays.sort(starts);
		Arrays.sort(creates);
		print("start in a cold JVM with %s, of %d: listens after %d ms at best, %d ms in the middle; "
				+ "first create answered after %d ms at best, %d ms in the middle", with, COLD_STARTS, starts[0],
				starts[COLD_STARTS / 2], creates[0], creates[COLD_STARTS / 2]);
	}

	private static void printMemory() throws Exception {
		try (Program program = new Program(List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"), MANY)) {
			create(program.port, ACCOUNT, TOKEN, MANY);
			String resident = Files.readAllLines(Path.of("/proc", Long.toString(program.process.pid()), "status"))
				.stream()
				.filter((line) -> line.startsWith("VmRSS"))
				.findFirst()
				.orElse("unknown");
			print("%d messages with their requests, heap of 256 MB: %s", MANY, resident.replaceAll("\\s+", " "));
		}
	}

	/**
	 * Plain sockets, each with one request in flight, so that the client takes little of
	 * the two cores.
	 */
	private static void create(int port, String account, String token, int messages) throws Exception {
		int connections = Math.min(CONNECTIONS, messages);
		ExecutorService threads = Executors.newFixedThreadPool(connections);
		List<Future<?>> all = new ArrayList<>();
		byte[] request = request(account, token);
		for (int i = 0; i < connections; i++) {
			all.add(threads.submit(() -> {
				try (Socket socket = new Socket()) {
					socket.setTcpNoDelay(true);
					socket.connect(new InetSocketAddress("127.0.0.1", port));
					exchange(socket, request, messages / connections);
				}
				return null;
			}));
		}
		for (Future<?> each : all) {
			each.get();
		}
		threads.shutdown();
	}

	private static void exchange(Socket socket, byte[] request, int times) throws Exception {
		OutputStream out = socket.getOutputStream();
		byte[] buffer = new byte[16 * 1024];
		for (int i = 0; i < times; i++) {
			out.write(request);
			int length = 0;
			// The answer ends with the last brace of its JSON.
			while (length < 2 || buffer[length - 1] != '}' || buffer[length - 2] != '}') {
				length += socket.getInputStream().read(buffer, length, buffer.length - length);
			}
		}
	}

	private static byte[] request(String account, String token) {
		String body = ApiClient.form("To", ApiClient.TO, "From", ApiClient.FROM, "Body", "Your table is ready");
		String credentials = account + ":" + token;
		return ("POST /2010-04-01/Accounts/" + account
				+ "/Messages.json HTTP/1.1\r\nHost: localhost\r\nAuthorization: Basic "
				+ Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8))
				+ "\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: " + body.length() + "\r\n\r\n"
				+ body)
			.getBytes(StandardCharsets.UTF_8);
	}

	private static long used() {
		for (int i = 0; i < 3; i++) {
			System.gc();
		}
		return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
	}

	private static double seconds(long start) {
		return (System.nanoTime() - start) / 1e9;
	}

	private static void print(String format, Object... values) {
		System.out.println(String.format(Locale.ROOT, format, values));
	}

	/** The program in a JVM of its own: the runnable jar, which has to be there. */
	private static final class Program implements AutoCloseable {

		private final Process process;

		private final int port;

		Program(List<String> options, int historyLimit) throws Exception {
			List<String> command = new ArrayList<>();
			command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
			command.addAll(options);
			// Lines of the log would fill the pipe that nobody reads.
			command.add("-Dorg.slf4j.simpleLogger.defaultLogLevel=off");
			command.add("-Dorg.slf4j.simpleLogger.log.io.github.twiliospring.messaging.simulator.activity=off");
			command.addAll(List.of("-jar", jar().toString(), "--port=0", "--clock=manual", "--auth-token=" + TOKEN,
					"--history-limit=" + historyLimit));
			this.process = new ProcessBuilder(command).redirectErrorStream(true).start();
			String line = this.process.inputReader().readLine();
			while (!line.startsWith("Simulator listens")) {
				line = this.process.inputReader().readLine();
			}
			this.port = Integer.parseInt(line.replaceAll(".*:(\\d+),.*", "$1"));
		}

		private static Path jar() throws Exception {
			try (Stream<Path> files = Files.list(Path.of("target"))) {
				return files.filter((file) -> file.toString().endsWith("-standalone.jar")).findFirst().orElseThrow();
			}
		}

		@Override
		public void close() {
			this.process.destroy();
			this.process.onExit().join();
		}

	}

}
