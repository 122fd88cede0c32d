package io.github.twiliospring.messaging.benchmarks.micro;

import java.util.Collection;

import io.github.twiliospring.messaging.benchmarks.Options;
import io.github.twiliospring.messaging.benchmarks.Report;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs the JMH benchmarks with the allocation profiler.
 */
public final class MicroBenchmarks {

	private MicroBenchmarks() {
	}

	/**
	 * Runs them.
	 * @param options {@code forks}, {@code iterations}, {@code warm-ups}, {@code millis}
	 * of each iteration, and {@code include}, a regular expression
	 */
	public static void run(Options options) {
		TimeValue time = TimeValue.milliseconds(options.number("millis", 1000, 50));
		int forks = options.number("forks", 3, 1);
		int iterations = options.number("iterations", 5, 1);
		try {
			Collection<RunResult> results = new Runner(
					new OptionsBuilder().include(options.text("include", "Benchmark\\."))
						.forks(forks)
						.warmupIterations(options.number("warm-ups", 5, 1))
						.warmupTime(time)
						.measurementIterations(iterations)
						.measurementTime(time)
						.addProfiler(GCProfiler.class)
						.shouldFailOnError(true)
						.verbosity(VerboseMode.SILENT)
						.build())
				.run();
			System.out.printf("JMH, average time, %d forks of %d iterations, -prof gc%n", forks, iterations);
			Report table = new Report("benchmark", "ns", "± (99.9 %)", "bytes allocated");
			results.forEach((result) -> table.row(name(result), Report.number(result.getPrimaryResult().getScore(), 0),
					Report.number(result.getPrimaryResult().getScoreError(), 0), allocated(result)));
			table.print();
		}
		catch (RunnerException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static String name(RunResult result) {
		String benchmark = result.getParams().getBenchmark();
		String name = benchmark.substring(benchmark.lastIndexOf('.', benchmark.lastIndexOf('.') - 1) + 1);
		String handlers = result.getParams().getParam("handlers");
		return name.replace("Benchmark", "") + ((handlers != null) ? ", " + handlers + " handlers" : "");
	}

	private static String allocated(RunResult result) {
		for (String name : result.getSecondaryResults().keySet()) {
			if (name.endsWith("gc.alloc.rate.norm")) {
				return Report.number(result.getSecondaryResults().get(name).getScore(), 0);
			}
		}
		return "";
	}

}
