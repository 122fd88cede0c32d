package io.github.twiliospring.messaging.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Another JVM, with the same class path unless one is given. It's asked line by line over
 * its standard input, and ends when that is closed, so that none outlives the benchmark.
 */
public final class Child implements AutoCloseable {

	private static final String REPLY = "@reply ";

	private static final String FAILURE = "@failure ";

	private final String name;

	private final Process process;

	private final BufferedReader replies;

	private final PrintStream questions;

	private Child(String name, Process process) {
		this.name = name;
		this.process = process;
		this.replies = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
		this.questions = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
	}

	/**
	 * Starts a JVM and waits until it's ready.
	 * @param jvmOptions options of the JVM
	 * @param arguments the role and its arguments
	 * @return the child
	 */
	public static Child start(List<String> jvmOptions, String... arguments) {
		return startOn(System.getProperty("java.class.path"), jvmOptions, arguments);
	}

	/**
	 * Starts a JVM with a class path of its own and waits until it's ready.
	 * @param classPath what follows {@code -cp}
	 * @param jvmOptions options of the JVM
	 * @param arguments the role and its arguments
	 * @return the child
	 */
	public static Child startOn(String classPath, List<String> jvmOptions, String... arguments) {
		List<String> command = new ArrayList<>();
		command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		command.addAll(jvmOptions);
		if (Runtime.version().feature() >= 22) {
			// They warn about Netty's native code otherwise.
			command.add("--enable-native-access=ALL-UNNAMED");
		}
		command.addAll(List.of("-cp", classPath, BenchmarksMain.class.getName()));
		command.addAll(List.of(arguments));
		try {
			Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
			Child child = new Child(String.join(" ", arguments), process);
			child.await();
			return child;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Asks and waits for the reply.
	 * @param question one line
	 * @return the reply's fields
	 */
	public String[] ask(String question) {
		this.questions.println(question);
		return await().split(" ");
	}

	private String await() {
		try {
			String line = this.replies.readLine();
			while (line != null) {
				if (line.startsWith(REPLY)) {
					return line.substring(REPLY.length());
				}
				if (line.startsWith(FAILURE)) {
					throw new IllegalStateException(this.name + ": " + line.substring(FAILURE.length()));
				}
				System.out.println(line);
				line = this.replies.readLine();
			}
			throw new IllegalStateException(this.name + " ended");
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * The process's id.
	 * @return its id
	 */
	public long pid() {
		return this.process.pid();
	}

	@Override
	public void close() {
		this.questions.close();
		try {
			this.process.waitFor();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			this.process.destroyForcibly();
		}
	}

	/**
	 * What the child does: says that it's ready, and answers until its input ends. A
	 * failure ends it.
	 * @param answer the reply to a question
	 */
	public static void serve(Function<String[], Object> answer) {
		System.out.println(REPLY + "ready");
		BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
		try {
			for (String line = input.readLine(); line != null; line = input.readLine()) {
				System.out.println(REPLY + answer.apply(line.split(" ")));
			}
		}
		catch (IOException | RuntimeException ex) {
			ex.printStackTrace();
			System.out.println(FAILURE + ex);
			System.exit(1);
		}
		System.exit(0);
	}

}
