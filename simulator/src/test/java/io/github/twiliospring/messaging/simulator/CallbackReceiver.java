package io.github.twiliospring.messaging.simulator;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import org.awaitility.Awaitility;

/**
 * The application's side of a callback: a plain HTTP server that keeps what it gets.
 */
final class CallbackReceiver implements AutoCloseable {

	private final HttpServer server;

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private final List<Received> received = new CopyOnWriteArrayList<>();

	private final AtomicInteger answered = new AtomicInteger();

	private final AtomicReference<Function<Received, Reply>> answer = new AtomicReference<>(
			(request) -> new Reply(204, ""));

	CallbackReceiver() {
		try {
			this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		this.server.createContext("/", this::handle);
		this.server.setExecutor(this.threads);
		this.server.start();
	}

	String url(String pathAndQuery) {
		return "http://127.0.0.1:" + this.server.getAddress().getPort() + pathAndQuery;
	}

	List<Received> received() {
		return this.received;
	}

	List<String> statuses() {
		return this.received.stream().map((request) -> request.form().get("MessageStatus")).toList();
	}

	/** Waits until so many requests have been answered. */
	void awaitAnswered(int count) {
		Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> this.answered.get() >= count);
	}

	void answer(Function<Received, Reply> with) {
		this.answer.set(with);
	}

	@Override
	public void close() {
		this.server.stop(0);
		this.threads.shutdownNow();
	}

	private void handle(HttpExchange exchange) throws IOException {
		String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
		Received request = new Received(url(exchange.getRequestURI().toString()), exchange.getRequestHeaders(),
				decode("GET".equals(exchange.getRequestMethod()) ? exchange.getRequestURI().getRawQuery() : body));
		this.received.add(request);
		Reply reply = this.answer.get().apply(request);
		byte[] bytes = reply.body().getBytes(StandardCharsets.UTF_8);
		exchange.getResponseHeaders().set("Content-Type", reply.contentType());
		if (reply.status() == 401) {
			exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"Callbacks\"");
		}
		exchange.sendResponseHeaders(reply.status(), (bytes.length > 0) ? bytes.length : -1);
		if (bytes.length > 0) {
			exchange.getResponseBody().write(bytes);
		}
		exchange.close();
		this.answered.incrementAndGet();
	}

	private static Map<String, String> decode(String body) {
		Map<String, String> form = new LinkedHashMap<>();
		for (String pair : body.split("&")) {
			String[] parts = pair.split("=", 2);
			form.put(URLDecoder.decode(parts[0], StandardCharsets.UTF_8),
					URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
		}
		return form;
	}

	record Received(String url, Headers headers, Map<String, String> form) {

	}

	record Reply(int status, String body, String contentType) {

		Reply(int status, String body) {
			this(status, body, "text/xml");
		}

	}

}
