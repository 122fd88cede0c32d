package io.github.twiliospring.messaging.autoconfigure.webhook;

import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;
import org.opentest4j.TestAbortedException;

/**
 * A real Redis server in a process of its own, on a free port.
 */
final class RedisServer implements AutoCloseable {

	private static final String BINARY = "redis-server";

	private final Process process;

	private final int port;

	private RedisServer(Process process, int port) {
		this.process = process;
		this.port = port;
	}

	/**
	 * Starts a server. Without the program the test is skipped; where CI is set it fails.
	 */
	static RedisServer start() throws IOException {
		boolean installed = Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
			.anyMatch((folder) -> new File(folder, BINARY).canExecute());
		if (!installed) {
			String message = "These tests need the program '" + BINARY + "': apt-get install redis-server";
			if ("true".equals(System.getenv("CI"))) {
				throw new AssertionError(message);
			}
			throw new TestAbortedException(message);
		}
		int port;
		try (ServerSocket socket = new ServerSocket(0)) {
			port = socket.getLocalPort();
		}
		Process process = new ProcessBuilder(BINARY, "--port", String.valueOf(port), "--bind", "127.0.0.1", "--save",
				"", "--appendonly", "no")
			.redirectErrorStream(true)
			.redirectOutput(ProcessBuilder.Redirect.DISCARD)
			.start();
		RedisServer server = new RedisServer(process, port);
		Awaitility.await().atMost(Duration.ofSeconds(20)).ignoreExceptions().until(server::answers);
		return server;
	}

	int port() {
		return this.port;
	}

	private boolean answers() throws IOException {
		if (!this.process.isAlive()) {
			throw new AssertionError(BINARY + " ended with " + this.process.exitValue());
		}
		try (Socket socket = new Socket("127.0.0.1", this.port)) {
			socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
			return new String(socket.getInputStream().readNBytes(5), StandardCharsets.US_ASCII).equals("+PONG");
		}
	}

	@Override
	public void close() {
		this.process.destroy();
		try {
			if (!this.process.waitFor(10, TimeUnit.SECONDS)) {
				this.process.destroyForcibly();
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
