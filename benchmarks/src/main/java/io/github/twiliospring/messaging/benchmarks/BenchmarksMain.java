package io.github.twiliospring.messaging.benchmarks;

import java.util.Arrays;
import java.util.List;

import io.github.twiliospring.messaging.benchmarks.micro.MicroBenchmarks;
import io.github.twiliospring.messaging.benchmarks.outbox.OutboxBenchmark;
import io.github.twiliospring.messaging.benchmarks.outbox.OutboxInstance;
import io.github.twiliospring.messaging.benchmarks.receive.ReceiveBenchmark;
import io.github.twiliospring.messaging.benchmarks.receive.ReceiveServer;
import io.github.twiliospring.messaging.benchmarks.receive.SoakBenchmark;
import io.github.twiliospring.messaging.benchmarks.scale.ScaleBenchmark;
import io.github.twiliospring.messaging.benchmarks.scale.ScaleStep;
import io.github.twiliospring.messaging.benchmarks.send.SendBenchmark;
import io.github.twiliospring.messaging.benchmarks.send.SendProcess;
import io.github.twiliospring.messaging.benchmarks.send.StubServer;
import io.github.twiliospring.messaging.benchmarks.startup.StartupBenchmark;
import io.github.twiliospring.messaging.benchmarks.startup.StartupProcess;

/**
 * Runs a benchmark by name.
 */
public final class BenchmarksMain {

	private static final List<String> ALL = List.of("micro", "send", "receive", "scale", "outbox", "soak", "startup",
			"smoke");

	private BenchmarksMain() {
	}

	/**
	 * Runs it, or, in a process that a benchmark has started, plays its role.
	 * @param arguments the benchmark and its options
	 */
	public static void main(String[] arguments) {
		// What JVMs share isn't measured: no jar is watched, no console coloured.
		System.setProperty("spring.output.ansi.enabled", "never");
		String command = (arguments.length > 0) ? arguments[0] : "help";
		switch (command) {
			case "stub" -> StubServer.serve();
			case "scale-step" -> ScaleStep.serve(arguments[1], Arrays.asList(arguments).subList(2, arguments.length));
			case "receiver" -> ReceiveServer.serve(arguments[1], Arrays.asList(arguments).subList(2, arguments.length));
			case "startup-step" -> StartupProcess.serve(arguments[1], arguments[2]);
			case "outbox-instance" -> OutboxInstance.serve(Arrays.asList(arguments).subList(1, arguments.length));
			case "sender" -> SendProcess.serve(arguments[1], arguments[2]);
			default -> runBenchmark(command,
					Arrays.asList(arguments).subList(Math.min(1, arguments.length), arguments.length));
		}
	}

	private static void runBenchmark(String command, List<String> rest) {
		Options options = new Options(rest);
		Report.circumstances("Before");
		switch (command) {
			case "micro" -> MicroBenchmarks.run(options);
			case "receive" -> ReceiveBenchmark.run(options);
			case "scale" -> ScaleBenchmark.run(options);
			case "outbox" -> OutboxBenchmark.run(options);
			case "soak" -> SoakBenchmark.run(options);
			case "startup" -> StartupBenchmark.run(options);
			case "smoke" -> smoke();
			case "send" -> SendBenchmark.run(options);
			default -> {
				System.err.println(
						"Usage: java -jar benchmarks.jar " + String.join("|", ALL) + " [--smoke] [--option=value]");
				System.exit(2);
			}
		}
		Report.circumstances("After");
		System.exit(0);
	}

	// All of them, quickly: what fails here is an error, never a time.
	private static void smoke() {
		Options options = new Options(List.of("--smoke"));
		MicroBenchmarks.run(options);
		SendBenchmark.run(options);
		ReceiveBenchmark.run(options);
		ScaleBenchmark.run(options);
		OutboxBenchmark.run(options);
		SoakBenchmark.run(options);
		StartupBenchmark.run(options);
		System.out.println("Smoke run complete.");
	}

}
