package io.github.twiliospring.messaging.benchmarks.receive;

import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.github.twiliospring.messaging.benchmarks.Child;
import io.github.twiliospring.messaging.benchmarks.Options;
import io.github.twiliospring.messaging.benchmarks.Report;
import io.github.twiliospring.messaging.benchmarks.Usage;

/**
 * Sends and receives for some minutes, and shows that nothing grows.
 */
public final class SoakBenchmark {

	private SoakBenchmark() {
	}

	/**
	 * Runs it.
	 * @param options {@code slices}, {@code seconds} of each, {@code rate} of delivery
	 * reports in a second, {@code in-flight}
	 */
	public static void run(Options options) {
		int slices = options.number("slices", 30, 2);
		int seconds = options.number("seconds", 10, 1);
		int rate = options.number("rate", 2000, 500);
		int inFlight = options.number("in-flight", 64, 64);
		List<String> jvm = List.of("-Xmx512m");
		Report table = new Report("seconds", "sent/s", "sender's threads", "its heap MiB", "its resident MiB",
				"status updates/s", "p99 ms", "receiver's threads", "its heap MiB", "its resident MiB");
		try (Child stub = Child.start(jvm, "stub");
				Child sender = Child.start(jvm, "sender", "TEMPLATE", "http://127.0.0.1:" + stub.ask("port")[0]);
				// So that it's full, and evicts, from early on.
				Child receiver = Child.start(jvm, "receiver", ReceiveVariant.STARTER_WEBFLUX.name(),
						"twilio.messaging.webhook.ledger.max-entries=" + rate * seconds);
				LoadGenerator generator = new LoadGenerator()) {
			stub.ask("latency 20");
			int port = Integer.parseInt(receiver.ask("port")[0]);
			for (int slice = 1; slice <= slices; slice++) {
				receiver.ask("start");
				CompletableFuture<String[]> sending = CompletableFuture
					.supplyAsync(() -> sender.ask(inFlight + " " + seconds * 1000));
				LoadGenerator.Result received = generator.atRate(port, 64, rate * seconds, rate);
				String[] sent = sending.join();
				Usage usage = Usage.parse(receiver.ask("stop"));
				table.row(slice * seconds, Report.number(Long.parseLong(sent[0]) * 1e9 / Long.parseLong(sent[1]), 0),
						sent[4], Report.mebibytes(Long.parseLong(sender.ask("heap")[0])),
						Report.mebibytes(Long.parseLong(sent[6])), Report.number(received.rate(), 0),
						Report.number(received.latencies().getValueAtPercentile(99) / 1e6, 2), usage.threads(),
						Report.mebibytes(Long.parseLong(receiver.ask("heap")[0])),
						Report.mebibytes(usage.residentBytes()));
			}
		}
		System.out.printf("Soak: %d in flight at 20 ms, %d status updates/s, heap after a collection%n", inFlight,
				rate);
		table.print();
	}

}
