package io.github.twiliospring.messaging.outbox;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.twiliospring.messaging.simulator.TwilioSimulator;

/**
 * A simulator behind a bare socket, which does with the first create of each text what is
 * written for it, and passes on everything else.
 */
final class ScriptedApi implements AutoCloseable {

	private static final Pattern BODY = Pattern.compile("(?:^|&)Body=([^&]*)");

	private final TwilioSimulator simulator;

	private final ServerSocket server;

	private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	private final ExecutorService threads = Executors.newCachedThreadPool((work) -> {
		Thread thread = new Thread(work, "scripted-api");
		thread.setDaemon(true);
		return thread;
	});

	private final Map<String, Script> scripts = new ConcurrentHashMap<>();

	private final Map<String, Integer> creates = new ConcurrentHashMap<>();

	private final Queue<Script> unread = new ConcurrentLinkedQueue<>();

	private volatile Script otherwise = Call::pass;

	private final CountDownLatch closed = new CountDownLatch(1);

	ScriptedApi(TwilioSimulator simulator) throws IOException {
		this(simulator, 0);
	}

	ScriptedApi(TwilioSimulator simulator, int port) throws IOException {
		this.simulator = simulator;
		this.server = new ServerSocket(port, 512, InetAddress.getLoopbackAddress());
		this.threads.execute(this::accept);
	}

	String url() {
		return "http://localhost:" + this.server.getLocalPort();
	}

	/**
	 * Writes what happens to the first create of a text.
	 */
	void script(String body, Script script) {
		this.scripts.put(body, script);
	}

	/**
	 * Writes what happens to creates for which nothing is written.
	 */
	void scriptOthers(Script script) {
		this.otherwise = script;
	}

	/**
	 * Writes what happens to the next connection, before anything is read.
	 */
	void scriptUnread(Script script) {
		this.unread.add(script);
	}

	/**
	 * How many creates of a text arrived.
	 */
	int creates(String body) {
		return this.creates.getOrDefault(body, 0);
	}

	private void accept() {
		while (!this.server.isClosed()) {
			try {
				Socket connection = this.server.accept();
				this.threads.execute(() -> serve(connection));
			}
			catch (IOException ex) {
				return;
			}
		}
	}

	private void serve(Socket connection) {
		try (connection) {
			InputStream input = new BufferedInputStream(connection.getInputStream());
			Script first = this.unread.poll();
			boolean more = first == null || first.serve(new Call(connection, "", "", Map.of(), ""));
			while (more) {
				Call call = read(connection, input);
				Script script = Call::pass;
				if (call.line.startsWith("POST")) {
					this.creates.merge(call.text(), 1, Integer::sum);
					Script written = this.scripts.remove(call.text());
					script = (written != null) ? written : this.otherwise;
				}
				more = script.serve(call);
			}
		}
		catch (IOException ex) {
			// The client went away, as it may.
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private Call read(Socket connection, InputStream input) throws IOException {
		String line = line(input);
		Map<String, String> headers = new ConcurrentHashMap<>();
		for (String header = line(input); !header.isEmpty(); header = line(input)) {
			int colon = header.indexOf(':');
			headers.put(header.substring(0, colon).toLowerCase(Locale.ROOT), header.substring(colon + 1).trim());
		}
		int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
		byte[] body = input.readNBytes(length);
		if (body.length < length) {
			throw new SocketException("The request broke off");
		}
		String[] parts = line.split(" ");
		return new Call(connection, parts[0], parts[1], headers, new String(body, StandardCharsets.UTF_8));
	}

	private static String line(InputStream input) throws IOException {
		StringBuilder line = new StringBuilder();
		for (int next = input.read(); next != '\n'; next = input.read()) {
			if (next < 0) {
				throw new SocketException("The connection was closed");
			}
			if (next != '\r') {
				line.append((char) next);
			}
		}
		return line.toString();
	}

	@Override
	public void close() throws IOException {
		this.closed.countDown();
		this.server.close();
		this.threads.shutdownNow();
	}

	/**
	 * What happens to a request.
	 */
	interface Script {

		/**
		 * Serves it.
		 * @return whether the connection is kept for more
		 */
		boolean serve(Call call) throws IOException, InterruptedException;

	}

	/**
	 * A request that arrived whole.
	 */
	final class Call {

		private final Socket connection;

		private final String line;

		private final String path;

		private final Map<String, String> headers;

		private final String form;

		private Call(Socket connection, String method, String path, Map<String, String> headers, String form) {
			this.connection = connection;
			this.line = method;
			this.path = path;
			this.headers = headers;
			this.form = form;
		}

		private String text() {
			Matcher body = BODY.matcher(this.form);
			return body.find() ? URLDecoder.decode(body.group(1), StandardCharsets.UTF_8) : "";
		}

		/**
		 * Has the simulator process it.
		 */
		HttpResponse<String> process() throws IOException, InterruptedException {
			HttpRequest.Builder request = HttpRequest
				.newBuilder(
						URI.create(ScriptedApi.this.simulator.baseUrl().toString().replaceAll("/$", "") + this.path))
				.method(this.line, BodyPublishers.ofString(this.form));
			for (String header : new String[] { "authorization", "content-type" }) {
				if (this.headers.containsKey(header)) {
					request.header(header, this.headers.get(header));
				}
			}
			return ScriptedApi.this.http.send(request.build(), BodyHandlers.ofString());
		}

		/**
		 * The simulator's answer as it goes over the wire.
		 */
		String answerOf(HttpResponse<String> response) {
			return head(response.statusCode(), response.body(),
					"Date: " + response.headers().firstValue("Date").orElseThrow(),
					"Content-Type: " + response.headers().firstValue("Content-Type").orElse("text/plain"))
					+ response.body();
		}

		boolean pass() throws IOException, InterruptedException {
			write(answerOf(process()));
			return true;
		}

		boolean answer(int status, String body, String... extra) throws IOException {
			write(head(status, body, extra) + body);
			return true;
		}

		private String head(int status, String body, String... extra) {
			StringBuilder head = new StringBuilder("HTTP/1.1 ").append(status).append(" Status\r\n");
			for (String header : extra) {
				head.append(header).append("\r\n");
			}
			return head.append("Content-Length: ")
				.append(body.getBytes(StandardCharsets.UTF_8).length)
				.append("\r\n\r\n")
				.toString();
		}

		void write(String text) throws IOException {
			this.connection.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
			this.connection.getOutputStream().flush();
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
		 * Never answers.
		 */
		boolean hang() throws InterruptedException {
			ScriptedApi.this.closed.await();
			return false;
		}

	}

}
