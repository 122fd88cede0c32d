package io.github.twiliospring.messaging.autoconfigure.webhook;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.opentest4j.TestAbortedException;

import org.springframework.util.FileSystemUtils;

/**
 * A real Redis server in a process of its own, on a free port. It can be frozen, killed,
 * emptied and started again on its files.
 */
public final class RedisServer implements AutoCloseable {

	private static final String BINARY = "redis-server";

	private static final Duration TIMEOUT = Duration.ofSeconds(20);

	private final int port;

	private final Path folder;

	private final List<String> options;

	private Process process;

	private RedisServer(int port, Path folder, List<String> options) throws IOException {
		this.port = port;
		this.folder = folder;
		this.options = options;
		this.process = launch();
	}

	/**
	 * Starts a server that keeps nothing across restarts, unless options say so. Without
	 * the program the test is skipped; where CI is set it fails.
	 */
	public static RedisServer start(String... options) throws IOException {
		boolean installed = Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
			.anyMatch((folder) -> new File(folder, BINARY).canExecute());
		if (!installed) {
			String message = "These tests need the program '" + BINARY + "': apt-get install redis-server";
			if ("true".equals(System.getenv("CI"))) {
				throw new AssertionError(message);
			}
			throw new TestAbortedException(message);
		}
		for (int attempt = 1;; attempt++) {
			RedisServer server = new RedisServer(freePort(), Files.createTempDirectory("redis"), List.of(options));
			try {
				server.awaitAnswer("+PONG");
				return server;
			}
			catch (AssertionError ex) {
				// Somebody else may have taken the port meanwhile.
				server.close();
				if (attempt == 3) {
					throw ex;
				}
			}
		}
	}

	/**
	 * A port that nobody listens on, and that no system gives to outgoing connections: a
	 * killed server finds it free again.
	 */
	private static int freePort() {
		while (true) {
			int port = ThreadLocalRandom.current().nextInt(20_000, 32_768);
			try (ServerSocket socket = new ServerSocket(port)) {
				return socket.getLocalPort();
			}
			catch (IOException ex) {
				// It's taken.
			}
		}
	}

	/**
	 * Starts a server that has lost nothing when it was killed.
	 */
	public static RedisServer startDurable(String... options) throws IOException {
		return start(Stream.concat(Stream.of("--appendonly", "yes", "--appendfsync", "always"), Stream.of(options))
			.toArray(String[]::new));
	}

	private Process launch(String... more) throws IOException {
		List<String> command = new ArrayList<>(List.of(BINARY, "--port", String.valueOf(this.port), "--bind",
				"127.0.0.1", "--dir", this.folder.toString(), "--save", "", "--appendonly", "no"));
		command.addAll(this.options);
		command.addAll(List.of(more));
		return new ProcessBuilder(command).redirectErrorStream(true)
			.redirectOutput(ProcessBuilder.Redirect.DISCARD)
			.start();
	}

	public int port() {
		return this.port;
	}

	/**
	 * Stops the process without closing anything: connections stay, and nothing is
	 * answered.
	 */
	public void freeze() {
		signal("STOP");
	}

	public void thaw() {
		signal("CONT");
	}

	/**
	 * Kills it: nothing is saved or closed.
	 */
	public void kill() {
		signal("KILL");
		try {
			if (!this.process.waitFor(TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
				throw new AssertionError("Can't be killed");
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new AssertionError("Interrupted", ex);
		}
	}

	/**
	 * Starts a killed server again, on the same port and files.
	 */
	public void restart(String... more) {
		launchAgain(more);
		awaitAnswer("+PONG");
	}

	/**
	 * Starts a killed server again, which isn't ready yet.
	 */
	public void launchAgain(String... more) {
		try {
			this.process = launch(more);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	public void awaitAnswer(String beginning) {
		Awaitility.await()
			.pollInterval(Duration.ofMillis(10))
			.atMost(TIMEOUT)
			.until(() -> !this.process.isAlive() || answer("PING").startsWith(beginning) && isOwn());
		if (!this.process.isAlive()) {
			throw new AssertionError(BINARY + " ended with " + this.process.exitValue());
		}
	}

	/**
	 * Sends a command on a connection of its own.
	 * @return what comes in answer until the connection is closed, as on the wire
	 */
	public String command(String... words) {
		try (Socket socket = new Socket("127.0.0.1", this.port)) {
			socket.setSoTimeout((int) TIMEOUT.toMillis());
			write(socket, words);
			write(socket, "QUIT");
			String answer = read(socket.getInputStream());
			return answer.endsWith("+OK\r\n") ? answer.substring(0, answer.length() - 5) : answer;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Answers nobody for a while, though connections can be made.
	 */
	public void pause(Duration duration) {
		try (Socket socket = new Socket("127.0.0.1", this.port)) {
			write(socket, "CLIENT", "PAUSE", String.valueOf(duration.toMillis()), "ALL");
			socket.getInputStream().readNBytes("+OK".length());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Lets all scripts that write wait, until that is ended.
	 */
	public void pauseScripts() {
		command("CLIENT", "PAUSE", String.valueOf(Duration.ofHours(1).toMillis()), "WRITE");
	}

	public void resumeScripts() {
		command("CLIENT", "UNPAUSE");
	}

	/**
	 * Lets a snapshot fail, after which it refuses to write. It needs the option
	 * {@code --enable-protected-configs yes}.
	 */
	public void failSnapshot() {
		command("CONFIG", "SET", "save", "3600 1");
		command("CONFIG", "SET", "dir", "/proc");
		command("BGSAVE");
		Awaitility.await()
			.atMost(TIMEOUT)
			.until(() -> command("INFO", "persistence").contains("rdb_last_bgsave_status:err"));
	}

	public void forgetSnapshot() {
		command("CONFIG", "SET", "save", "");
		command("CONFIG", "SET", "dir", this.folder.toString());
	}

	/**
	 * Keeps it busy with a script, until it's killed.
	 */
	public void keepBusy() {
		command("CONFIG", "SET", "lua-time-limit", "10");
		try (Socket socket = new Socket("127.0.0.1", this.port)) {
			write(socket, "EVAL", "while true do end", "0");
			awaitAnswer("-BUSY");
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * How many commands it has processed, those of this class and in scripts included.
	 */
	public long commands() {
		String stats = command("INFO", "stats");
		String name = "total_commands_processed:";
		int begin = stats.indexOf(name) + name.length();
		return Long.parseLong(stats.substring(begin, stats.indexOf('\r', begin)));
	}

	// Another may listen on the port, and this one be about to end because of it.
	private boolean isOwn() {
		String info = answer("INFO", "server");
		return !info.startsWith("$") || info.contains("process_id:" + this.process.pid() + "\r");
	}

	private String answer(String... words) {
		try {
			return command(words);
		}
		catch (UncheckedIOException ex) {
			return "";
		}
	}

	private static void write(Socket socket, String... words) throws IOException {
		StringBuilder command = new StringBuilder("*" + words.length + "\r\n");
		for (String word : words) {
			command.append("$" + word.length() + "\r\n" + word + "\r\n");
		}
		socket.getOutputStream().write(command.toString().getBytes(StandardCharsets.US_ASCII));
	}

	private static String read(InputStream input) throws IOException {
		ByteArrayOutputStream answer = new ByteArrayOutputStream();
		input.transferTo(answer);
		return answer.toString(StandardCharsets.UTF_8);
	}

	private void signal(String name) {
		try {
			new ProcessBuilder("kill", "-" + name, String.valueOf(this.process.pid())).inheritIO().start().waitFor();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new AssertionError("Interrupted", ex);
		}
	}

	@Override
	public void close() {
		this.process.destroyForcibly();
		try {
			this.process.waitFor(10, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		FileSystemUtils.deleteRecursively(this.folder.toFile());
	}

}
