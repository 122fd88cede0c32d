package io.github.twiliospring.messaging.testsupport;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A second Java program, in a process of its own that can be killed. What it prints says
 * how far it is.
 */
public final class JavaProcess implements AutoCloseable {

	private static final Duration TIMEOUT = Duration.ofMinutes(3);

	private static final String END = "(end of output)";

	private final Process process;

	private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

	private final List<String> seen = new ArrayList<>();

	private JavaProcess(Process process) {
		this.process = process;
		Thread reader = new Thread(this::read, "output of process " + process.pid());
		reader.setDaemon(true);
		reader.start();
	}

	/**
	 * Starts a program on the JDK that runs the test. It's soon compiled and never well.
	 * @param arguments what follows {@code java}
	 */
	public static JavaProcess start(List<String> arguments) throws IOException {
		List<String> command = new ArrayList<>();
		command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		command.addAll(List.of("-Dstdout.encoding=UTF-8", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
		command.addAll(arguments);
		return new JavaProcess(new ProcessBuilder(command).redirectErrorStream(true).start());
	}

	/**
	 * Starts a class of the tests.
	 * @param arguments of its main method
	 */
	public static JavaProcess start(Class<?> main, String... arguments) throws IOException {
		List<String> command = new ArrayList<>(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
		command.addAll(List.of(arguments));
		return start(command);
	}

	/**
	 * Waits for a line of the output, after those that were read before.
	 * @param regex what it contains
	 * @return the match
	 */
	public Matcher await(String regex) throws InterruptedException {
		Pattern pattern = Pattern.compile(regex);
		long end = System.nanoTime() + TIMEOUT.toNanos();
		String line = "";
		while (line != null && !line.equals(END)) {
			line = this.lines.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
			if (line != null) {
				this.seen.add(line);
				Matcher matcher = pattern.matcher(line);
				if (matcher.find()) {
					return matcher;
				}
			}
		}
		throw new AssertionError("No line with '" + regex + "' in:\n" + String.join("\n", this.seen));
	}

	/**
	 * Gives it a line to read.
	 */
	public void tell(String line) throws IOException {
		this.process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
		this.process.getOutputStream().flush();
	}

	/**
	 * Waits until it has ended by itself.
	 * @return the exit code
	 */
	public int awaitEnd() throws InterruptedException {
		end(() -> {
		});
		return this.process.exitValue();
	}

	/**
	 * Kills it (SIGKILL): no hook runs, nothing is closed.
	 * @return all lines that it printed
	 */
	public List<String> kill() throws InterruptedException {
		return end(this.process.toHandle()::destroyForcibly);
	}

	/**
	 * Asks it to end (SIGTERM), and waits until it has.
	 * @return all lines that it printed
	 */
	public List<String> stop() throws InterruptedException {
		// Process.destroy would close the output that is still read.
		return end(this.process.toHandle()::destroy);
	}

	private List<String> end(Runnable signal) throws InterruptedException {
		signal.run();
		await(Pattern.quote(END));
		if (!this.process.waitFor(TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
			throw new AssertionError("It didn't end");
		}
		return this.seen;
	}

	private void read() {
		try (BufferedReader output = new BufferedReader(
				new InputStreamReader(this.process.getInputStream(), StandardCharsets.UTF_8))) {
			output.lines().forEach(this.lines::add);
		}
		catch (IOException | UncheckedIOException ex) {
			this.lines.add("(" + ex + ")");
		}
		this.lines.add(END);
	}

	@Override
	public void close() {
		this.process.destroyForcibly();
	}

}
