package io.github.twiliospring.messaging.benchmarks.receive;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

import io.github.twiliospring.messaging.benchmarks.Child;
import io.github.twiliospring.messaging.benchmarks.Options;
import io.github.twiliospring.messaging.benchmarks.Report;
import io.github.twiliospring.messaging.benchmarks.Usage;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.WebApplicationType;

/**
 * Compares endpoints for status updates, in turn: their throughput at saturation, and
 * their latencies at a constant rate of 70 % of it.
 */
public final class ReceiveBenchmark {

	private static final double LOAD = 0.7;

	private final List<String> jvm;

	private final List<ReceiveVariant> variants;

	private final int rounds;

	private final int requests;

	private final int seconds;

	private final int warmUps;

	private final int connections;

	private ReceiveBenchmark(Options options) {
		this.jvm = List.of(options.text("jvm", "-Xms1g -Xmx1g").split(" "));
		this.variants = Arrays.stream(options.text("variants", names()).split(","))
			.map(ReceiveVariant::valueOf)
			.toList();
		this.rounds = options.number("rounds", 5, 1);
		this.requests = options.number("requests", 40000, 1000);
		this.seconds = options.number("seconds", 6, 1);
		this.warmUps = options.number("warm-ups", 5, 1);
		this.connections = options.number("connections", 64, 64);
	}

	private static String names() {
		return String.join(",", Arrays.stream(ReceiveVariant.values()).map(Enum::name).toList());
	}

	/**
	 * Runs it.
	 * @param options {@code jvm}, the options of the measured JVMs; {@code variants};
	 * {@code rounds}, {@code requests} of a run at saturation, {@code seconds} of a run
	 * at constant rate, {@code warm-ups} of as many requests as a run,
	 * {@code connections}
	 */
	public static void run(Options options) {
		ReceiveBenchmark benchmark = new ReceiveBenchmark(options);
		benchmark.run(WebApplicationType.REACTIVE, "WebFlux on Netty");
		benchmark.run(WebApplicationType.SERVLET, "servlet on Tomcat");
	}

	private void run(WebApplicationType stack, String title) {
		if (this.variants.stream().noneMatch((variant) -> variant.stack() == stack)) {
			return;
		}
		Map<ReceiveVariant, Child> servers = new EnumMap<>(ReceiveVariant.class);
		try (LoadGenerator generator = new LoadGenerator()) {
			this.variants.stream()
				.filter((variant) -> variant.stack() == stack)
				.forEach((variant) -> servers.put(variant, Child.start(this.jvm, "receiver", variant.name())));
			servers.values().forEach((server) -> {
				for (int i = 0; i < this.warmUps; i++) {
					saturate(generator, server);
				}
			});
			Map<ReceiveVariant, List<Run>> saturated = new EnumMap<>(ReceiveVariant.class);
			for (int round = 0; round < this.rounds; round++) {
				servers.forEach((variant, server) -> saturated.computeIfAbsent(variant, (key) -> new ArrayList<>())
					.add(saturate(generator, server)));
			}
			System.out.printf("%s: saturation, %d connections; medians of %d rounds of %d requests%n", title,
					this.connections, this.rounds, this.requests);
			printSaturated(saturated);
			Map<ReceiveVariant, List<Run>> paced = new EnumMap<>(ReceiveVariant.class);
			for (int round = 0; round < this.rounds; round++) {
				servers.forEach((variant, server) -> paced.computeIfAbsent(variant, (key) -> new ArrayList<>())
					.add(pace(generator, server, LOAD * median(saturated.get(variant), Run::rate))));
			}
			System.out.printf("%s: constant rate, %.0f %% of each one's saturation; medians of %d rounds of %d s%n",
					title, LOAD * 100, this.rounds, this.seconds);
			printPaced(paced);
		}
		finally {
			servers.values().forEach(Child::close);
		}
	}

	private Run saturate(LoadGenerator generator, Child server) {
		return measure(server, () -> generator.saturate(port(server), this.connections, this.requests));
	}

	private Run pace(LoadGenerator generator, Child server, double rate) {
		return measure(server,
				() -> generator.atRate(port(server), this.connections, (int) (rate * this.seconds), rate));
	}

	private static int port(Child server) {
		return Integer.parseInt(server.ask("port")[0]);
	}

	private static Run measure(Child server, Supplier<LoadGenerator.Result> load) {
		server.ask("start");
		LoadGenerator.Result result = load.get();
		return new Run(result, Usage.parse(server.ask("stop")));
	}

	private static void printSaturated(Map<ReceiveVariant, List<Run>> runs) {
		Report table = new Report("endpoint", "requests/s", "CPU µs", "KiB allocated", "threads", "× bare",
				"× provider's validator");
		runs.forEach((variant, each) -> table.row(variant.title(), Report.number(median(each, Run::rate), 0),
				Report.number(median(each, Run::cpuMicros), 1), Report.number(median(each, Run::allocatedKib), 1),
				Report.number(median(each, (run) -> run.usage().threads()), 0),
				ratio(each, find(runs, "BARE"), Run::rate), ratio(each, find(runs, "PROVIDER"), Run::rate)));
		table.print();
	}

	private static void printPaced(Map<ReceiveVariant, List<Run>> runs) {
		Report table = new Report("endpoint", "requests/s", "p50 ms", "p99 ms", "p99.9 ms", "p99 × bare");
		runs.forEach((variant, each) -> table.row(variant.title(), Report.number(median(each, Run::rate), 0),
				Report.number(median(each, (run) -> run.millis(50)), 2),
				Report.number(median(each, (run) -> run.millis(99)), 2),
				Report.number(median(each, (run) -> run.millis(99.9)), 2),
				ratio(each, find(runs, "BARE"), (run) -> run.millis(99))));
		table.print();
	}

	private static @Nullable List<Run> find(Map<ReceiveVariant, List<Run>> runs, String prefix) {
		return runs.entrySet()
			.stream()
			.filter((entry) -> entry.getKey().name().startsWith(prefix))
			.map(Map.Entry::getValue)
			.findFirst()
			.orElse(null);
	}

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

	private static double median(@Nullable List<Run> runs, ToDoubleFunction<Run> value) {
		return (runs != null) ? Report.median(runs.stream().map(value::applyAsDouble).toList()) : 0;
	}

	private record Run(LoadGenerator.Result result, Usage usage) {

		double rate() {
			return this.result.rate();
		}

		double cpuMicros() {
			return this.usage.cpuNanos() / 1e3 / this.result.requests();
		}

		double allocatedKib() {
			return this.usage.allocatedBytes() / 1024.0 / this.result.requests();
		}

		double millis(double percentile) {
			return this.result.latencies().getValueAtPercentile(percentile) / 1e6;
		}

	}

}
