package io.github.twiliospring.messaging.benchmarks.send;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

import io.github.twiliospring.messaging.benchmarks.Child;
import io.github.twiliospring.messaging.benchmarks.Options;
import io.github.twiliospring.messaging.benchmarks.Report;
import io.github.twiliospring.messaging.benchmarks.Usage;
import org.jspecify.annotations.Nullable;

/**
 * Compares the ways to send, in turn, against the same stub.
 */
public final class SendBenchmark {

	private final List<String> jvm;

	private final int rounds;

	private final int millis;

	private final int warmUpMillis;

	private final List<SendVariant> variants;

	private final List<String> cells;

	private SendBenchmark(Options options) {
		this.jvm = List.of(options.text("jvm", "-Xms512m -Xmx512m").split(" "));
		this.rounds = options.number("rounds", 5, 1);
		this.millis = options.number("millis", 3000, 300);
		this.warmUpMillis = options.number("warm-up-millis", 40000, 500);
		this.variants = Arrays.stream(options.text("variants", names()).split(",")).map(SendVariant::valueOf).toList();
		this.cells = List
			.of(options.text("cells", options.smoke() ? "0x32,100x256" : "0x1,0x32,0x64,0x256,100x1,100x64,100x256")
				.split(","));
	}

	private static String names() {
		return String.join(",", Arrays.stream(SendVariant.values()).map(Enum::name).toList());
	}

	/**
	 * Runs it.
	 * @param options {@code jvm}, the options of the measured JVMs; {@code rounds},
	 * {@code millis} of each run, {@code warm-up-millis}, {@code variants}, {@code cells}
	 * as in {@code 100x256} for a latency of 100 ms and 256 in flight
	 */
	public static void run(Options options) {
		new SendBenchmark(options).run();
	}

	private void run() {
		Map<SendVariant, Child> senders = new EnumMap<>(SendVariant.class);
		try (Child stub = Child.start(List.of("-Xmx256m"), "stub")) {
			String baseUrl = "http://127.0.0.1:" + stub.ask("port")[0];
			this.variants
				.forEach((variant) -> senders.put(variant, Child.start(this.jvm, "sender", variant.name(), baseUrl)));
			senders.values().forEach((sender) -> sender.ask("32 " + this.warmUpMillis));
			for (String cell : this.cells) {
				String[] sizes = cell.split("x");
				stub.ask("latency " + sizes[0]);
				measure(Integer.parseInt(sizes[0]), Integer.parseInt(sizes[1]), senders);
			}
		}
		finally {
			senders.values().forEach(Child::close);
		}
	}

	private void measure(int latency, int inFlight, Map<SendVariant, Child> senders) {
		Map<SendVariant, List<Run>> runs = new EnumMap<>(SendVariant.class);
		for (int round = 0; round < this.rounds; round++) {
			senders.forEach((variant, sender) -> runs.computeIfAbsent(variant, (key) -> new ArrayList<>())
				.add(Run.parse(sender.ask(inFlight + " " + this.millis))));
		}
		System.out.printf("Latency %d ms, %d in flight; medians of %d rounds of %d ms%n", latency, inFlight,
				this.rounds, this.millis);
		Report table = new Report("variant", "messages/s", "CPU µs", "KiB allocated", "threads", "peak heap MiB",
				"resident MiB", "× WebClient", "× Netty", "× provider");
		runs.forEach((variant, each) -> table.row(variant.title(), Report.number(median(each, Run::throughput), 0),
				Report.number(median(each, Run::cpuMicros), 1), Report.number(median(each, Run::allocatedKib), 1),
				Report.number(median(each, (run) -> run.usage().threads()), 0),
				Report.mebibytes(median(each, (run) -> run.usage().heapPeakBytes())),
				Report.mebibytes(median(each, (run) -> run.usage().residentBytes())),
				ratio(each, runs.get(SendVariant.WEB_CLIENT)), ratio(each, runs.get(SendVariant.REACTOR_NETTY)),
				ratio(each, runs.get(SendVariant.PROVIDER))));
		table.print();
	}

	// The median of the rounds' ratios: what disturbs a round disturbs both alike.
	private static String ratio(List<Run> runs, @Nullable List<Run> others) {
		if (others == null) {
			return "";
		}
		List<Double> ratios = new ArrayList<>();
		for (int i = 0; i < runs.size(); i++) {
			ratios.add(runs.get(i).throughput() / others.get(i).throughput());
		}
		return Report.number(Report.median(ratios), 2);
	}

	private static double median(List<Run> runs, ToDoubleFunction<Run> value) {
		return Report.median(runs.stream().map(value::applyAsDouble).toList());
	}

	private record Run(long sent, long nanos, Usage usage) {

		static Run parse(String[] fields) {
			Run run = new Run(Long.parseLong(fields[0]), Long.parseLong(fields[1]),
					Usage.parse(Arrays.copyOfRange(fields, 2, fields.length)));
			if (run.sent == 0) {
				throw new IllegalStateException("Nothing was sent");
			}
			return run;
		}

		double throughput() {
			return this.sent * 1e9 / this.nanos;
		}

		double cpuMicros() {
			return this.usage.cpuNanos() / 1e3 / this.sent;
		}

		double allocatedKib() {
			return this.usage.allocatedBytes() / 1024.0 / this.sent;
		}

	}

}
