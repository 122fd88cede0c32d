package io.github.twiliospring.messaging;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * A server on a bare socket that can do what no HTTP library would, and counts what it
 * received.
 */
final class RawServer implements AutoCloseable {

	private final ServerSocket socket;

	private final ExecutorService threads = Executors.newCachedThreadPool((task) -> {
		Thread thread = new Thread(task, "raw-server");
		thread.setDaemon(true);
		return thread;
	});

	private final Behaviour behaviour;

	private final AtomicInteger creates = new AtomicInteger();

	private final AtomicInteger requests = new AtomicInteger();

	private final AtomicInteger connections = new AtomicInteger();

	private final CountDownLatch closed = new CountDownLatch(1);

	RawServer(Behaviour behaviour) {
		this(behaviour, plain());
	}

	RawServer(Behaviour behaviour, ServerSocket socket) {
		this.behaviour = behaviour;
		this.socket = socket;
		this.threads.execute(this::accept);
	}

	private static ServerSocket plain() {
		try {
			return new ServerSocket(0, 512, InetAddress.getLoopbackAddress());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	int port() {
		return this.socket.getLocalPort();
	}

	String url() {
		return "http://127.0.0.1:" + port();
	}

	/**
	 * The creates that arrived whole.
	 */
	int creates() {
		return this.creates.get();
	}

	/**
	 * The requests of any kind that arrived whole.
	 */
	int requests() {
		return this.requests.get();
	}

	int connections() {
		return this.connections.get();
	}

	private void accept() {
		while (!this.socket.isClosed()) {
			try {
				Socket connection = this.socket.accept();
				this.connections.incrementAndGet();
				this.threads.execute(() -> serve(connection));
			}
			catch (IOException ex) {
				return;
			}
		}
	}

	private void serve(Socket connection) {
		try (connection) {
			Exchange exchange = new Exchange(connection);
			boolean more = true;
			while (more) {
				more = this.behaviour.serve(exchange) && exchange.awaitNext();
			}
		}
		catch (IOException ex) {
			// The client went away, as it may.
		}
	}

	@Override
	public void close() throws IOException {
		this.closed.countDown();
		this.socket.close();
		this.threads.shutdownNow();
	}

	/**
	 * What the server does with a connection.
	 */
	interface Behaviour {

		/**
		 * Serves once.
		 * @return whether the connection is kept for more
		 */
		boolean serve(Exchange exchange) throws IOException;

	}

	/**
	 * A connection.
	 */
	final class Exchange {

		private final Socket connection;

		private final InputStream input;

		private Consumer<String> onRead = (request) -> {
		};

		private Consumer<String> onHead = (header) -> {
		};

		Exchange(Socket connection) throws IOException {
			this.connection = connection;
			this.input = new BufferedInputStream(connection.getInputStream());
		}

		/**
		 * Sets what is told of each request before it's answered.
		 */
		void onRead(Consumer<String> listener) {
			this.onRead = listener;
		}

		/**
		 * Sets what is told of each header.
		 */
		void onHead(Consumer<String> listener) {
			this.onHead = listener;
		}

		/**
		 * Closes this side and waits until the client has closed its own.
		 * @return whether it sent nothing more before
		 */
		boolean finishAndWait() throws IOException {
			this.connection.shutdownOutput();
			return this.input.read() < 0;
		}

		boolean awaitNext() throws IOException {
			this.input.mark(1);
			boolean next = this.input.read() >= 0;
			this.input.reset();
			return next;
		}

		/**
		 * Reads a whole request and counts it.
		 * @return request line and body, separated by a line break
		 */
		String read() throws IOException {
			String line = line();
			int length = 0;
			String header = line();
			while (!header.isEmpty()) {
				this.onHead.accept(header);
				if (header.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
					length = Integer.parseInt(header.substring(15).trim());
				}
				header = line();
			}
			byte[] body = this.input.readNBytes(length);
			if (body.length < length) {
				throw new SocketException("The request broke off");
			}
			RawServer.this.requests.incrementAndGet();
			if (line.startsWith("POST") && line.contains("/Messages.json")) {
				RawServer.this.creates.incrementAndGet();
			}
			String request = line + "\n" + new String(body, StandardCharsets.UTF_8);
			this.onRead.accept(request);
			return request;
		}

		private String line() throws IOException {
			ByteArrayOutputStream line = new ByteArrayOutputStream();
			int next = this.input.read();
			while (next != '\n') {
				if (next < 0) {
					throw new SocketException("The connection was closed");
				}
				if (next != '\r') {
					line.write(next);
				}
				next = this.input.read();
			}
			return line.toString(StandardCharsets.US_ASCII);
		}

		void write(String text) throws IOException {
			this.connection.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
			this.connection.getOutputStream().flush();
		}

		boolean answer(int status, String body, String... headers) throws IOException {
			StringBuilder answer = new StringBuilder("HTTP/1.1 ").append(status).append(" Status\r\n");
			for (String header : headers) {
				answer.append(header).append("\r\n");
			}
			answer.append("Content-Length: ").append(body.getBytes(StandardCharsets.UTF_8).length).append("\r\n\r\n");
			write(answer + body);
			return true;
		}

		/**
		 * Lets time pass, as a network does, unless the server closes.
		 */
		void pause(Duration time) {
			try {
				RawServer.this.closed.await(time.toMillis(), TimeUnit.MILLISECONDS);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}

		boolean finish() throws IOException {
			this.connection.close();
			return false;
		}

		boolean reset() throws IOException {
			this.connection.setSoLinger(true, 0);
			this.connection.close();
			return false;
		}

		/**
		 * Keeps the connection open without an answer until the server closes.
		 */
		boolean hang() {
			try {
				RawServer.this.closed.await();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
			return false;
		}

	}

}
