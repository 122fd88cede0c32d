package io.github.twiliospring.messaging.autoconfigure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

/**
 * An API of one answer on a real socket, whose threads aren't Reactor Netty's.
 */
public final class ApiStub implements AutoCloseable {

	public static final String ACCOUNT_SID = "AC0123456789abcdef0123456789abcdef";

	private static final String MESSAGE = """
			{"sid":"SM0123456789abcdef0123456789abcdef","status":"queued","to":"+15558675310","body":"Hi"}""";

	private final HttpServer server;

	private final List<Request> requests = new CopyOnWriteArrayList<>();

	private volatile int status = 201;

	private volatile CountDownLatch gate = new CountDownLatch(0);

	public ApiStub() {
		try {
			this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		this.server.createContext("/", this::answer);
		this.server.start();
	}

	private void answer(HttpExchange exchange) throws IOException {
		String form = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
		this.requests.add(new Request(exchange.getRequestMethod(), exchange.getRequestURI().toString(),
				exchange.getRequestHeaders().getFirst("Authorization"), form));
		awaitGate();
		boolean list = "GET".equals(exchange.getRequestMethod());
		String next = "/2010-04-01/Accounts/" + ACCOUNT_SID + "/Messages.json?PageSize=1&Page=1&PageToken=PA1";
		String body = list ? "{\"messages\":[" + MESSAGE + "],\"next_page_uri\":\"" + next + "\"}" : MESSAGE;
		byte[] bytes = ((this.status < 300) ? body : "{\"code\":20003,\"message\":\"hush\"}")
			.getBytes(StandardCharsets.UTF_8);
		exchange.getResponseHeaders().set("Content-Type", "application/json");
		exchange.sendResponseHeaders((list && this.status == 201) ? 200 : this.status, bytes.length);
		exchange.getResponseBody().write(bytes);
		exchange.close();
	}

	private void awaitGate() {
		try {
			this.gate.await(20, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * Keeps answers back until the gate is open.
	 */
	void holdAnswersUntil(CountDownLatch gate) {
		this.gate = gate;
	}

	public void answerWith(int status) {
		this.status = status;
	}

	public String url() {
		return "http://localhost:" + port();
	}

	int port() {
		return this.server.getAddress().getPort();
	}

	public List<Request> requests() {
		return this.requests;
	}

	public String[] properties() {
		return new String[] { "twilio.account-sid=" + ACCOUNT_SID, "twilio.auth-token=hush",
				"twilio.messaging.from=+15017122661", "twilio.base-url=" + url() };
	}

	@Override
	public void close() {
		this.server.stop(0);
	}

	public record Request(String method, String uri, String authorization, String form) {

	}

}
