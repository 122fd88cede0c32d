package io.github.twiliospring.messaging.outbox;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A class of the tests that runs in a process of its own, which can be killed.
 */
final class JavaProcess implements AutoCloseable {

	private static final Duration TIMEOUT = Duration.ofMinutes(2);

	private static final String END = "(end of output)";

	private final Process process;

	private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

	private JavaProcess(Process process) {
		this.process = process;
		Thread reader = new Thread(this::read, "output of process " + process.pid());
		reader.setDaemon(true);
		reader.start();
	}

	static JavaProcess start(Class<?> main, String... arguments) throws IOException {
		List<String> command = new ArrayList<>(
				List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1",
						"-cp", System.getProperty("java.class.path"), main.getName()));
		command.addAll(List.of(arguments));
		return new JavaProcess(new ProcessBuilder(command).redirectErrorStream(true).start());
	}

	/**
	 * Waits for a line of the output, after those that were read before.
	 */
	void await(String beginning) throws InterruptedException {
		long end = System.nanoTime() + TIMEOUT.toNanos();
		List<String> seen = new ArrayList<>();
		String line = "";
		while (line != null && !line.equals(END)) {
			line = this.lines.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
			if (line != null && line.startsWith(beginning)) {
				return;
			}
			seen.add(line);
		}
		throw new AssertionError("No line begins with '" + beginning + "':\n" + seen);
	}

	/**
	 * Gives it a line to read.
	 */
	void tell(String line) throws IOException {
		this.process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
		this.process.getOutputStream().flush();
	}

	/**
	 * Waits until it has ended by itself.
	 * @return the exit code
	 */
	int awaitEnd() throws InterruptedException {
		if (!this.process.waitFor(TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
			throw new AssertionError("Doesn't end");
		}
		return this.process.exitValue();
	}

	/**
	 * Kills it (SIGKILL): no hook runs, nothing is closed.
	 */
	void kill() throws InterruptedException {
		if (!this.process.destroyForcibly().waitFor(TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
			throw new AssertionError("Can't be killed");
		}
	}

	/**
	 * Asks it to end (SIGTERM), and waits.
	 */
	void terminate() throws InterruptedException {
		// That of the process itself would close its input, too.
		this.process.toHandle().destroy();
		if (!this.process.waitFor(TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
			throw new AssertionError("Doesn't end");
		}
	}

	private void read() {
		try (BufferedReader output = new BufferedReader(
				new InputStreamReader(this.process.getInputStream(), StandardCharsets.UTF_8))) {
			for (String line = output.readLine(); line != null; line = output.readLine()) {
				this.lines.add(line);
			}
		}
		catch (IOException ex) {
			this.lines.add("(" + ex + ")");
		}
		this.lines.add(END);
	}

	@Override
	public void close() {
		this.process.destroyForcibly();
	}

}
