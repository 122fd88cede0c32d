package io.github.twiliospring.messaging.benchmarks;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What is printed: the circumstances, and tables in Markdown.
 */
public final class Report {

	private final List<String[]> rows = new ArrayList<>();

	/**
	 * Starts a table.
	 * @param columns its heads
	 */
	public Report(String... columns) {
		this.rows.add(columns);
	}

	/**
	 * Adds a row.
	 * @param cells its cells
	 */
	public void row(Object... cells) {
		this.rows.add(Arrays.stream(cells).map(String::valueOf).toArray(String[]::new));
	}

	/**
	 * Prints the table.
	 */
	public void print() {
		int columns = this.rows.get(0).length;
		int[] widths = new int[columns];
		for (String[] row : this.rows) {
			for (int i = 0; i < columns; i++) {
				widths[i] = Math.max(widths[i], row[i].length());
			}
		}
		System.out.println();
		for (int i = 0; i < this.rows.size(); i++) {
			StringBuilder line = new StringBuilder("|");
			for (int j = 0; j < columns; j++) {
				line.append(' ').append(pad(this.rows.get(i)[j], widths[j], j == 0)).append(" |");
			}
			System.out.println(line);
			if (i == 0) {
				StringBuilder rule = new StringBuilder("|");
				for (int j = 0; j < columns; j++) {
					rule.append(' ').append("-".repeat(widths[j] - 1)).append((j == 0) ? "-" : ":").append(" |");
				}
				System.out.println(rule);
			}
		}
		System.out.println();
	}

	private static String pad(String text, int width, boolean left) {
		String space = " ".repeat(width - text.length());
		return left ? text + space : space + text;
	}

	/**
	 * Prints under which circumstances something runs.
	 * @param moment for example "before"
	 */
	public static void circumstances(String moment) {
		System.out.printf("%s: %s, %s, %d processors, %s, %s %s, load average %.2f%n", moment,
				ZonedDateTime.now(ZoneOffset.UTC).format(DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'")),
				processor(), Runtime.getRuntime().availableProcessors(),
				System.getProperty("os.name") + " " + System.getProperty("os.arch"), System.getProperty("java.vm.name"),
				System.getProperty("java.vm.version"),
				ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
	}

	private static String processor() {
		try {
			return Files.readAllLines(Path.of("/proc/cpuinfo"))
				.stream()
				.filter((line) -> line.startsWith("model name"))
				.map((line) -> line.substring(line.indexOf(':') + 1).strip())
				.findFirst()
				.orElse("unknown processor");
		}
		catch (IOException ex) {
			return "unknown processor";
		}
	}

	/**
	 * The median.
	 * @param values at least one value
	 * @return the middle one, or the mean of the middle two
	 */
	public static double median(List<Double> values) {
		double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
		int middle = sorted.length / 2;
		return (sorted.length % 2 == 1) ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
	}

	/**
	 * A number for a table.
	 * @param value the value
	 * @param decimals how many decimals
	 * @return the number, with commas
	 */
	public static String number(double value, int decimals) {
		return String.format(Locale.ROOT, "%,." + decimals + "f", value);
	}

	/**
	 * Megabytes for a table.
	 * @param bytes the bytes
	 * @return MiB without decimals
	 */
	public static String mebibytes(double bytes) {
		return number(bytes / (1024 * 1024), 0);
	}

}
