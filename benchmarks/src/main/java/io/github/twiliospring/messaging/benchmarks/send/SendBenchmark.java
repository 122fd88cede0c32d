package io.github.twiliospring.messaging.benchmarks.send;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
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

	private final int forks;

	private final int rounds;

	private final int millis;

	private final int warmUpMillis;

	private final List<SendVariant> variants;

	private final List<String> cells;

	private SendBenchmark(Options options) {
		this.jvm = List.of(options.text("jvm", "-Xms512m -Xmx512m").split(" "));
		this.forks = options.number("forks", 3, 1);
		this.rounds = options.number("rounds", 3, 1);
		this.millis = options.number("millis", 3000, 300);
		this.warmUpMillis = options.number("warm-up-millis", 25000, 500);
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
	 * @param options {@code jvm}, the options of the measured JVMs; {@code forks}, how
	 * often each is started anew; {@code rounds}, {@code millis} of each run,
	 * {@code warm-up-millis}, of which each cell has a fifth more, {@code variants},
	 * {@code cells} as in {@code 100x256} for a latency of 100 ms and 256 in flight
	 */
	public static void run(Options options) {
		new SendBenchmark(options).run();
	}

	private void run() {
		// By cell, variant and round, over all forks: single JVMs differ.
		Map<String, Map<SendVariant, List<Run>>> runs = new LinkedHashMap<>();
		for (int fork = 0; fork < this.forks; fork++) {
			runFork(runs);
		}
		runs.forEach(this::print);
	}

	private void runFork(Map<String, Map<SendVariant, List<Run>>> runs) {
		Map<SendVariant, Child> senders = new EnumMap<>(SendVariant.class);
		try (Child stub = Child.start(List.of("-Xmx256m"), "stub")) {
			String baseUrl = "http://127.0.0.1:" + stub.ask("port")[0];
			this.variants
				.forEach((variant) -> senders.put(variant, Child.start(this.jvm, "sender", variant.name(), baseUrl)));
			// One message at a time would go over all connections that are there.
			warmUp(senders, this.cells.get(0), this.warmUpMillis);
			for (String cell : this.cells) {
				String[] sizes = cell.split("x");
				stub.ask("latency " + sizes[0]);
				warmUp(senders, cell, this.warmUpMillis / 5);
				Map<SendVariant, List<Run>> ofCell = runs.computeIfAbsent(cell,
						(key) -> new EnumMap<>(SendVariant.class));
				for (int round = 0; round < this.rounds; round++) {
					senders.forEach((variant, sender) -> ofCell.computeIfAbsent(variant, (key) -> new ArrayList<>())
						.add(Run.parse(sender.ask(sizes[1] + " " + this.millis))));
				}
			}
		}
		finally {
			senders.values().forEach(Child::close);
		}
	}

	private static void warmUp(Map<SendVariant, Child> senders, String cell, int millis) {
		senders.values().forEach((sender) -> sender.ask(cell.split("x")[1] + " " + millis));
	}

	private void print(String cell, Map<SendVariant, List<Run>> runs) {
		String[] sizes = cell.split("x");
		System.out.printf("Latency %s ms, %s in flight; medians of %d rounds of %d ms in each of %d forks%n", sizes[0],
				sizes[1], this.rounds, this.millis, this.forks);
		Report table = new Report("variant", "messages/s", "CPU µs", "KiB allocated", "threads", "resident MiB",
				"× WebClient", "CPU × WebClient", "× observed", "CPU × observed", "× provider", "CPU × provider");
		runs.forEach((variant, each) -> {
			List<Object> cells = new ArrayList<>(List.of(variant.title(),
					Report.number(median(each, Run::throughput), 0), Report.number(median(each, Run::cpuMicros), 1),
					Report.number(median(each, Run::allocatedKib), 1),
					Report.number(median(each, (run) -> run.usage().threads()), 0),
					Report.mebibytes(median(each, (run) -> run.usage().residentBytes()))));
			for (SendVariant peer : List.of(SendVariant.WEB_CLIENT, SendVariant.WEB_CLIENT_OBSERVED,
					SendVariant.PROVIDER)) {
				cells.add(ratio(each, runs.get(peer), Run::throughput));
				cells.add(ratio(each, runs.get(peer), Run::cpuMicros));
			}
			table.row(cells.toArray());
		});
		table.print();
	}

	// The median of the rounds' ratios: what disturbs a round disturbs both alike.
	private static String ratio(List<Run> runs, @Nullable List<Run> others, ToDoubleFunction<Run> value) {
		if (others == null) {
			return "";
		}
		List<Double> ratios = new ArrayList<>();
		for (int i = 0; i < runs.size(); i++) {
			ratios.add(value.applyAsDouble(runs.get(i)) / value.applyAsDouble(others.get(i)));
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
