package io.github.twiliospring.messaging.benchmarks.scale;

import java.util.List;

import io.github.twiliospring.messaging.benchmarks.Child;
import io.github.twiliospring.messaging.benchmarks.Options;
import io.github.twiliospring.messaging.benchmarks.Report;

/**
 * What grows with the number of messages and of ledger entries, each in a process of its
 * own. What grows with the number of handlers is a JMH benchmark, see
 * {@link io.github.twiliospring.messaging.benchmarks.micro.DispatchBenchmark}.
 */
public final class ScaleBenchmark {

	private static final List<String> JVM = List.of("-Xmx1g");

	private ScaleBenchmark() {
	}

	/**
	 * Runs it.
	 * @param options {@code messages} of sendAll, {@code waiting} sends in back-off,
	 * {@code entries} of the ledger
	 */
	public static void run(Options options) {
		try (Child stub = Child.start(JVM, "stub")) {
			String baseUrl = "http://127.0.0.1:" + stub.ask("port")[0];
			sendAll(baseUrl, options.number("messages", 100_000, 2000));
			backOff(stub, baseUrl, options.number("waiting", 1000, 200));
		}
		try (Child ledger = Child.start(JVM, "scale-step", "ledger",
				Integer.toString(options.number("entries", 1_000_000, 10_000)))) {
			ledger.ask("run");
		}
	}

	private static void sendAll(String baseUrl, int messages) {
		try (Child sender = Child.start(JVM, "scale-step", "send-all", baseUrl, Integer.toString(messages))) {
			sender.ask("run");
		}
	}

	private static void backOff(Child stub, String baseUrl, int waiting) {
		try (Child sender = Child.start(JVM, "scale-step", "back-off", baseUrl, Integer.toString(waiting))) {
			Report table = new Report("moment", "threads", "heap MiB, live", "resident MiB");
			table.row((Object[]) sender.ask("measure before"));
			stub.ask("refuse 10");
			stub.ask("count");
			sender.ask("begin");
			int refused = 0;
			while (refused < waiting) {
				refused += Integer.parseInt(stub.ask("count")[0]);
			}
			stub.ask("accept");
			table.row((Object[]) sender.ask("measure waiting"));
			sender.ask("finish");
			table.row((Object[]) sender.ask("measure after"));
			System.out.printf("%d sends wait for their second attempt%n", waiting);
			table.print();
		}
	}

}
