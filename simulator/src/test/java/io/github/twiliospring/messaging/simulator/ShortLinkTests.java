package io.github.twiliospring.messaging.simulator;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import com.sun.net.httpserver.HttpServer;
import com.twilio.security.RequestValidator;
import io.github.twiliospring.messaging.simulator.ApiClient.Answer;
import io.github.twiliospring.messaging.simulator.state.SimulatorState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Links of messages, shortened and followed.
 */
class ShortLinkTests {

	private static final String LINK = "https://shop.example.com/a?b=ä&c=\"1";

	private static final String TEXT = "See (https://shop.example.com/a?b=1&c=2), or http://example.com/x.";

	@Test
	void shortensTheLinksOfATextAndCountsItsSegmentsAnew() throws Exception {
		try (TwilioSimulator simulator = simulator(null)) {
			String body = send(simulator, "https://shop.example.com/" + "a".repeat(200) + " or " + TEXT).text("body");
			String short10 = simulator.baseUrl() + "/[0-9a-f]{10}";
			assertThat(body).matches(short10 + " or See \\(" + short10 + "\\), or " + short10 + "\\.");
			assertThat(simulator.messages().get(0).numSegments()).isEqualTo(1);
			String second = body.replaceAll(".*See \\((http[^)]*)\\).*", "$1");
			HttpResponse<String> followed = follow(second);
			assertThat(followed.statusCode()).isEqualTo(302);
			assertThat(followed.headers().firstValue("Location")).contains("https://shop.example.com/a?b=1&c=2");
		}
	}

	@Test
	void reportsThatALinkWasFollowedSignedWithTheHashOfItsJson() throws Exception {
		try (TwilioSimulator simulator = simulator(null); ClickReceiver receiver = new ClickReceiver()) {
			simulator.configure((directory) -> directory.clickCallback(receiver.url() + "?tenant=1"));
			Answer sent = send(simulator, "Look: https://shop.example.com/ä?b=1");
			simulator.clock().advance(Duration.ofMinutes(1));
			assertThat(follow(sent.text("body").substring(6)).statusCode()).isEqualTo(302);
			simulator.awaitIdle(Duration.ofSeconds(30));
			Click click = receiver.clicks.get(0);
			JsonNode json = JsonMapper.shared().readTree(click.body());
			assertThat(json.get("event_type").asString()).isEqualTo("click");
			assertThat(json.get("message_sid").asString()).isEqualTo(sent.sid());
			assertThat(json.get("sms_sid").asString()).isEqualTo(sent.sid());
			assertThat(json.get("messaging_service_sid").asString()).isEqualTo(ApiClient.SERVICE);
			assertThat(json.get("to").asString()).isEqualTo(ApiClient.TO);
			assertThat(json.get("from").asString()).isEqualTo("+15005550006");
			assertThat(json.get("link").asString()).isEqualTo("https://shop.example.com/ä?b=1");
			assertThat(json.get("click_time").asString()).isEqualTo("2026-03-02T09:01:00Z");
			assertThat(json.get("user_agent").asString()).isEqualTo("Phone/1.0");
			assertThat(click.type()).isEqualTo("application/json");
			assertThat(new RequestValidator(simulator.authToken()).validate(receiver.base() + click.uri(), click.body(),
					click.signature()))
				.isTrue();
		}
	}

	@Test
	void leavesLinksAloneUnlessAskedAndWithoutAMessagingService() {
		try (TwilioSimulator simulator = simulator(null)) {
			ApiClient api = new ApiClient(simulator);
			assertThat(api.create("To", ApiClient.TO, "From", ApiClient.FROM, "Body", TEXT, "ShortenUrls", "true")
				.text("body")).isEqualTo(TEXT);
			assertThat(
					api.create("To", ApiClient.TO, "MessagingServiceSid", ApiClient.SERVICE, "Body", TEXT).text("body"))
				.isEqualTo(TEXT);
		}
	}

	@Test
	void knowsNoOtherLink() throws Exception {
		try (TwilioSimulator simulator = simulator(null)) {
			assertThat(follow(simulator.baseUrl() + "/0123456789").statusCode()).isEqualTo(404);
		}
	}

	@Test
	void keepsLinksOverARestart(@TempDir Path directory) throws Exception {
		SimulatorState state = SimulatorState.in(directory.resolve("state.json"));
		String path;
		try (TwilioSimulator simulator = simulator(state)) {
			path = URI.create(send(simulator, LINK).text("body").split(" ")[0].replaceAll("\".*", "")).getPath();
		}
		try (TwilioSimulator simulator = simulator(SimulatorState.in(directory.resolve("state.json")))) {
			assertThat(follow(simulator.baseUrl() + path).statusCode()).isEqualTo(302);
			ApiClient api = new ApiClient(simulator);
			assertThat(api.get("/simulator/links").json().get("links")).hasSize(1);
			assertThat(api.post("/simulator/links", "click_callback", "nowhere").status()).isEqualTo(400);
		}
	}

	private static TwilioSimulator simulator(SimulatorState state) {
		TwilioSimulatorBuilder builder = TwilioSimulator.builder()
			.manualClock(Instant.parse("2026-03-02T09:00:00Z"))
			.seed(3);
		return ((state != null) ? builder.state(state) : builder).start();
	}

	private static Answer send(TwilioSimulator simulator, String body) {
		return new ApiClient(simulator).create("To", ApiClient.TO, "MessagingServiceSid", ApiClient.SERVICE, "Body",
				body, "ShortenUrls", "true");
	}

	private static HttpResponse<String> follow(String url) throws IOException, InterruptedException {
		return HttpClient.newHttpClient()
			.send(HttpRequest.newBuilder(URI.create(url)).header("User-Agent", "Phone/1.0").build(),
					BodyHandlers.ofString());
	}

	private record Click(String uri, String type, String signature, String body) {

	}

	/** Keeps what's reported to it. */
	private static final class ClickReceiver implements AutoCloseable {

		private final HttpServer server;

		private final List<Click> clicks = new CopyOnWriteArrayList<>();

		ClickReceiver() throws IOException {
			this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
			this.server.createContext("/", (exchange) -> {
				String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
				this.clicks.add(new Click(exchange.getRequestURI().toString(),
						exchange.getRequestHeaders().getFirst("Content-Type"),
						exchange.getRequestHeaders().getFirst("X-Twilio-Signature"), body));
				exchange.sendResponseHeaders(204, -1);
				exchange.close();
			});
			this.server.start();
		}

		String base() {
			return "http://127.0.0.1:" + this.server.getAddress().getPort();
		}

		String url() {
			return base() + "/clicks";
		}

		@Override
		public void close() {
			this.server.stop(0);
		}

	}

}
