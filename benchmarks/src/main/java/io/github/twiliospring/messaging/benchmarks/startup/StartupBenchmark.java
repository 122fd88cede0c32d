package io.github.twiliospring.messaging.benchmarks.startup;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

import io.github.twiliospring.messaging.benchmarks.Child;
import io.github.twiliospring.messaging.benchmarks.Options;
import io.github.twiliospring.messaging.benchmarks.Report;

import org.springframework.util.FileSystemUtils;

/**
 * What the starter adds to an application: time until it's started, memory, and jars,
 * beside an application without it and one that has Boot's starter for {@code WebClient}.
 * They take turns, each start in a new JVM.
 */
public final class StartupBenchmark {

	private static final List<String> STACKS = List.of("reactive", "servlet");

	// Beyond those of the same application with Boot's starter for WebClient.
	private static final int MOST_CLASSES = 400;

	private static final double MEBIBYTE = 1024 * 1024;

	private StartupBenchmark() {
	}

	/**
	 * Runs it.
	 * @param options {@code rounds}, each with one start of each application; one more
	 * before them isn't counted. With {@code aot}, the applications are processed by Boot
	 * ahead of time; with {@code cds}, they have an archive of their classes, on JDK 25
	 * and later an AOT cache
	 */
	public static void run(Options options) {
		int rounds = options.number("rounds", 11, 1);
		boolean aot = options.has("aot");
		boolean archive = options.has("cds");
		Path folder = folder();
		try {
			StartupClassPath classPath = new StartupClassPath(folder);
			StartupPreparation preparation = new StartupPreparation(classPath, folder, aot, archive);
			Map<String, List<Start>> starts = new LinkedHashMap<>();
			for (int round = options.smoke() ? 1 : 0; round <= rounds; round++) {
				for (String stack : STACKS) {
					for (StartupClassPath.Variant variant : StartupClassPath.Variant.values()) {
						Start start = start(preparation.of(stack, variant), stack, variant);
						if (round > 0) {
							starts.computeIfAbsent(stack + variant, (key) -> new ArrayList<>()).add(start);
						}
					}
				}
			}
			System.out.printf("Start of an application in a new JVM%s%s, medians of %d rounds%n",
					aot ? ", processed ahead of time" : "", archive ? ", with an archive of its classes" : "", rounds);
			print(starts);
			printJars(classPath);
			if (!aot) {
				checkClasses(starts);
			}
		}
		finally {
			delete(folder);
		}
	}

	private static Path folder() {
		try {
			return Files.createTempDirectory("startup");
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static void delete(Path folder) {
		try {
			FileSystemUtils.deleteRecursively(folder);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static Start start(StartupPreparation.Prepared application, String stack,
			StartupClassPath.Variant variant) {
		long begin = System.nanoTime();
		try (Child child = Child.startOn(application.classPath(), application.jvmOptions(), "startup-step", stack,
				variant.name())) {
			double millis = (System.nanoTime() - begin) / 1e6;
			String[] start = child.ask("start");
			// What only the first request loads is no share of the starter.
			request(start[0]);
			String[] memory = child.ask("memory");
			return new Start(millis, Double.parseDouble(start[1]) / 1e6, Double.parseDouble(memory[0]) / MEBIBYTE,
					Double.parseDouble(memory[1]) / MEBIBYTE, Double.parseDouble(memory[2]),
					Double.parseDouble(memory[3]));
		}
	}

	private static void request(String port) {
		try {
			HttpURLConnection connection = (HttpURLConnection) URI.create("http://localhost:" + port + "/orders")
				.toURL()
				.openConnection();
			if (connection.getResponseCode() != HttpURLConnection.HTTP_OK) {
				throw new IllegalStateException("The application answers " + connection.getResponseCode());
			}
			connection.disconnect();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	// Classes are no matter of the machine's speed.
	private static void checkClasses(Map<String, List<Start>> starts) {
		for (String stack : STACKS) {
			double more = median(
					differences(starts.getOrDefault(stack + StartupClassPath.Variant.STARTER, List.of()),
							starts.getOrDefault(stack + StartupClassPath.Variant.WEB_CLIENT, List.of())),
					Start::classes);
			if (more > MOST_CLASSES) {
				throw new IllegalStateException(
						"%s: the starter loads %.0f classes more than Boot's starter for WebClient; %d were promised"
							.formatted(stack, more, MOST_CLASSES));
			}
		}
	}

	private static void print(Map<String, List<Start>> starts) {
		Report table = new Report("application", "ms to start", "CPU ms, main thread", "heap MiB, live", "resident MiB",
				"classes", "threads");
		for (String stack : STACKS) {
			List<Start> bare = starts.getOrDefault(stack + StartupClassPath.Variant.BARE, List.of());
			List<Start> client = starts.getOrDefault(stack + StartupClassPath.Variant.WEB_CLIENT, List.of());
			List<Start> starter = starts.getOrDefault(stack + StartupClassPath.Variant.STARTER, List.of());
			row(table, stack, bare);
			row(table, stack + " with WebClient", client);
			row(table, stack + " with the starter", starter);
			row(table, "the starter's share", differences(starter, bare));
			row(table, "and beyond WebClient", differences(starter, client));
		}
		table.print();
	}

	private static List<Start> differences(List<Start> starts, List<Start> others) {
		return IntStream.range(0, starts.size()).mapToObj((i) -> starts.get(i).minus(others.get(i))).toList();
	}

	private static void row(Report table, String name, List<Start> starts) {
		table.row(name, Report.number(median(starts, Start::millis), 0), Report.number(median(starts, Start::cpu), 0),
				Report.number(median(starts, Start::heap), 1), Report.number(median(starts, Start::resident), 1),
				Report.number(median(starts, Start::classes), 0), Report.number(median(starts, Start::threads), 0));
	}

	private static double median(List<Start> starts, ToDoubleFunction<Start> value) {
		return Report.median(starts.stream().map(value::applyAsDouble).toList());
	}

	private static void printJars(StartupClassPath classPath) {
		TreeSet<Path> all = new TreeSet<>();
		STACKS.forEach((stack) -> all.addAll(classPath.added(stack)));
		Report table = new Report("jar that the starter adds", "KiB", "reactive", "servlet");
		long[] totals = new long[STACKS.size()];
		for (Path jar : all) {
			long size = size(jar);
			String[] cells = new String[STACKS.size()];
			for (int i = 0; i < cells.length; i++) {
				boolean added = classPath.added(STACKS.get(i)).contains(jar);
				cells[i] = added ? "yes" : "has it";
				totals[i] += added ? size : 0;
			}
			table.row(jar.getFileName(), kibibytes(size), cells[0], cells[1]);
		}
		table.row("all, in KiB", "", kibibytes(totals[0]), kibibytes(totals[1]));
		table.print();
	}

	private static String kibibytes(long bytes) {
		return Report.number(bytes / 1024.0, 0);
	}

	private static long size(Path file) {
		try {
			return Files.size(file);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * One start.
	 *
	 * @param millis from the start of the process until the application is ready
	 * @param cpu time that the starting thread took, in milliseconds
	 * @param heap in use after a collection, in MiB
	 * @param resident memory, in MiB
	 * @param classes loaded until the first request was answered
	 * @param threads alive
	 */
	private record Start(double millis, double cpu, double heap, double resident, double classes, double threads) {

		Start minus(Start other) {
			return new Start(this.millis - other.millis, this.cpu - other.cpu, this.heap - other.heap,
					this.resident - other.resident, this.classes - other.classes, this.threads - other.threads);
		}

	}

}
