package io.github.twiliospring.messaging.simulator;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
			String given = "https://shop.example.com/" + "a".repeat(200) + " or " + TEXT;
			Answer created = send(simulator, given);
			assertThat(created.text("body")).isEqualTo(given);
			String body = sent(simulator, created);
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
			Answer created = send(simulator, "Look: https://shop.example.com/ä?b=1");
			String body = sent(simulator, created);
			assertThat(follow(body.substring(6)).statusCode()).isEqualTo(302);
			simulator.awaitIdle(Duration.ofSeconds(30));
			Click click = receiver.clicks.get(0);
			Map<String, String> expected = new LinkedHashMap<>();
			expected.put("event_type", "click");
			expected.put("sms_sid", created.sid());
			expected.put("to", ApiClient.TO);
			expected.put("from", "+15005550006");
			expected.put("link", "https://shop.example.com/ä?b=1");
			expected.put("click_time", "2026-03-02T09:01:00.000Z");
			expected.put("messaging_service_sid", ApiClient.SERVICE);
			expected.put("account_sid", simulator.accountSid());
			expected.put("user_agent", "Phone/1.0");
			JsonNode json = JsonMapper.shared().readTree(click.body());
			assertThat(json).isEqualTo(JsonMapper.shared().valueToTree(expected));
			assertThat(click.type()).isEqualTo("application/json");
			assertThat(new RequestValidator(simulator.authToken()).validate(receiver.base() + click.uri(), click.body(),
					click.signature()))
				.isTrue();
		}
	}

	@Test
	void countsHowOftenALinkWasFollowedAndRemembersTheLastTimes() throws Exception {
		try (TwilioSimulator simulator = simulator(null)) {
			Answer created = send(simulator, "Look: https://shop.example.com/");
			String url = sent(simulator, created).substring(6);
			for (int i = 0; i < 23; i++) {
				follow(url);
			}
			ApiClient api = new ApiClient(simulator);
			JsonNode link = api.get("/simulator/messages/" + created.sid()).json().get("links").get(0);
			assertThat(link.get("shortened").asString()).isEqualTo(url);
			assertThat(link.get("clicks").asInt()).isEqualTo(23);
			assertThat(link.get("last_clicks")).hasSize(20);
			assertThat(link.get("last_clicks").get(19).asString()).isEqualTo("2026-03-02T09:01:00Z");
			assertThat(api.get("/simulator/links").json().get("links").get(0)).isEqualTo(link);
			assertThat(simulator.callbacks()).isEmpty();
		}
	}

	@Test
	void tellsWhereALinkLeadsWithoutCountingThatAsAClick() throws Exception {
		try (TwilioSimulator simulator = simulator(null); ClickReceiver receiver = new ClickReceiver()) {
			simulator.configure((directory) -> directory.clickCallback(receiver.url()));
			Answer created = send(simulator, "Look: https://shop.example.com/");
			String url = sent(simulator, created).substring(6);
			HttpRequest head = HttpRequest.newBuilder(URI.create(url)).method("HEAD", BodyPublishers.noBody()).build();
			HttpResponse<String> looked = HttpClient.newHttpClient().send(head, BodyHandlers.ofString());
			assertThat(looked.statusCode()).isEqualTo(302);
			assertThat(looked.headers().firstValue("Location")).contains("https://shop.example.com/");
			simulator.awaitIdle(Duration.ofSeconds(30));
			assertThat(receiver.clicks).isEmpty();
			ApiClient api = new ApiClient(simulator);
			assertThat(api.get("/simulator/links").json().get("links").get(0).get("clicks").asInt()).isZero();
			api.delete("/Messages/" + created.sid() + ".json");
			assertThat(HttpClient.newHttpClient().send(head, BodyHandlers.ofString()).statusCode()).isEqualTo(404);
		}
	}

	@Test
	void leadsOnToAnAddressInAnyScript() throws Exception {
		try (TwilioSimulator simulator = simulator(null)) {
			String url = sent(simulator, send(simulator, "https://shop.example.com/\u65e5\u672c?q=\u00e4"));
			assertThat(follow(url).headers().firstValue("Location"))
				.contains("https://shop.example.com/%E6%97%A5%E6%9C%AC?q=%C3%A4");
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
			path = URI.create(sent(simulator, send(simulator, LINK)).replaceAll("\".*", "")).getPath();
			follow(simulator.baseUrl() + path);
			new ApiClient(simulator).post("/simulator/links", "click_callback", "http://localhost:1/clicks");
		}
		try (TwilioSimulator simulator = simulator(SimulatorState.in(directory.resolve("state.json")))) {
			assertThat(follow(simulator.baseUrl() + path).statusCode()).isEqualTo(302);
			ApiClient api = new ApiClient(simulator);
			JsonNode links = api.get("/simulator/links").json();
			assertThat(links.get("links")).hasSize(1);
			assertThat(links.get("links").get(0).get("clicks").asInt()).isEqualTo(2);
			assertThat(links.get("click_callback").asString()).isEqualTo("http://localhost:1/clicks");
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

	/** What it says once it's sent: until then, it tells the links that were given. */
	private static String sent(TwilioSimulator simulator, Answer created) {
		simulator.clock().advance(Duration.ofMinutes(1));
		return new ApiClient(simulator).fetch(created.sid()).text("body");
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
