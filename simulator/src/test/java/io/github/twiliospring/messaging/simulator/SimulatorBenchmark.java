package io.github.twiliospring.messaging.simulator;

import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
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

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Prints the simulator's numbers; asserts nothing, since they depend on the machine. Run
 * with {@code -Dtest=SimulatorBenchmark -Dbenchmark=true}.
 */
@EnabledIfSystemProperty(named = "benchmark", matches = "true")
class SimulatorBenchmark {

	private static final int MESSAGES = 10_000;

	private static final int CONNECTIONS = 16;

	private static final int COLD_STARTS = 5;

	@Test
	void printsNumbers() throws Exception {
		print("load average of the machine: %.2f", ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
		long[] starts = new long[COLD_STARTS];
		for (int i = 0; i < COLD_STARTS; i++) {
			starts[i] = coldStart();
		}
		Arrays.sort(starts);
		print("start in a cold JVM, of %d: %d ms at best, %d ms in the middle, %d ms at worst", COLD_STARTS, starts[0],
				starts[COLD_STARTS / 2], starts[COLD_STARTS - 1]);
		try (TwilioSimulator simulator = TwilioSimulator.builder().manualClock().historyLimit(MESSAGES).start()) {
			for (int round = 1; round <= 4; round++) {
				simulator.reset();
				long start = System.nanoTime();
				create(simulator, 4 * MESSAGES);
				print("round %d: %.0f creates per second", round, 4 * MESSAGES / seconds(start));
			}
			simulator.reset();
			create(simulator, MESSAGES);
			long start = System.nanoTime();
			simulator.clock().advance(Duration.ofDays(7));
			print("a week with %d messages on their way: %.0f ms", MESSAGES, 1000 * seconds(start));
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

	/** The time until main has printed its address, in a JVM of its own. */
	private static long coldStart() throws Exception {
		long start = System.nanoTime();
		Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
				System.getProperty("java.class.path"),
				"io.github.twiliospring.messaging.simulator.standalone.SimulatorMain", "--port=0")
			.redirectErrorStream(true)
			.start();
		process.inputReader().readLine();
		long took = (System.nanoTime() - start) / 1_000_000;
		process.destroy();
		return took;
	}

	/**
	 * Plain sockets, each with one request in flight, so that the client takes little of
	 * the two cores.
	 */
	private static void create(TwilioSimulator simulator, int messages) throws Exception {
		ExecutorService threads = Executors.newFixedThreadPool(CONNECTIONS);
		List<Future<?>> all = new ArrayList<>();
		byte[] request = request(simulator);
		for (int i = 0; i < CONNECTIONS; i++) {
			all.add(threads.submit(() -> {
				try (Socket socket = new Socket()) {
					socket.setTcpNoDelay(true);
					socket.connect(new InetSocketAddress("127.0.0.1", simulator.port()));
					exchange(socket, request, messages / CONNECTIONS);
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

	private static byte[] request(TwilioSimulator simulator) {
		String body = ApiClient.form("To", ApiClient.TO, "From", ApiClient.FROM, "Body", "Your table is ready");
		String credentials = simulator.accountSid() + ":" + simulator.authToken();
		return ("POST /2010-04-01/Accounts/" + simulator.accountSid()
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

}
