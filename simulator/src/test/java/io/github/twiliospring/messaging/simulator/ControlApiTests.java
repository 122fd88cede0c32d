package io.github.twiliospring.messaging.simulator;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;

import io.github.twiliospring.messaging.simulator.ApiClient.Answer;
import io.github.twiliospring.messaging.simulator.fault.Fault;
import io.github.twiliospring.messaging.simulator.junit.TwilioSimulatorExtension;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The simulator under control from any language.
 */
class ControlApiTests {

	private static final Instant START = Instant.parse("2026-03-02T09:00:00Z");

	@RegisterExtension
	final TwilioSimulatorExtension extension = new TwilioSimulatorExtension(
			(builder) -> builder.manualClock(START).seed(4));

	private TwilioSimulator simulator;

	private CallbackReceiver receiver;

	private ApiClient api;

	@BeforeEach
	void start(TwilioSimulator simulator) {
		this.simulator = simulator;
		this.receiver = new CallbackReceiver();
		this.api = new ApiClient(this.simulator);
	}

	@AfterEach
	void stop() {
		this.receiver.close();
	}

	@Test
	void movesTheClock() {
		assertThat(this.api.get("/simulator/clock").text("now")).isEqualTo("2026-03-02T09:00:00Z");
		assertThat(this.api.post("/simulator/clock/advance?duration=PT15M").text("now"))
			.isEqualTo("2026-03-02T09:15:00Z");
		assertThat(json("/simulator/clock/advance", "{\"to\":\"2026-03-02T10:00:00Z\"}").text("now"))
			.isEqualTo("2026-03-02T10:00:00Z");
	}

	@Test
	void showsAMessageWithItsTimelineItsCallbacksAndItsRequests() {
		String sid = this.api.send("StatusCallback", this.receiver.url("/status")).sid();
		this.api.post("/simulator/clock/advance?duration=PT1M");
		this.simulator.awaitIdle(Duration.ofSeconds(30));
		JsonNode message = this.api.get("/simulator/messages/" + sid).json();
		assertThat(message.get("history")).extracting((change) -> change.get("status").asString())
			.containsExactly("queued", "sending", "sent", "delivered");
		assertThat(message.get("callbacks")).hasSize(2);
		assertThat(message.get("callbacks").get(0).get("attempts").get(0).get("status").asInt()).isEqualTo(204);
		assertThat(message.get("requests").get(0).get("body").asString()).startsWith("To=%2B15558675310");
		assertThat(message.get("requests").get(0).get("response").get("status").asInt()).isEqualTo(201);
		assertThat(this.api.get("/simulator/requests").response().body()).doesNotContain(this.simulator.authToken());
		assertThat(this.api.get("/simulator/callbacks?message_sid=" + sid).json().get("callbacks")).hasSize(2);
	}

	@Test
	void findsCallsByHowTheyEndedAndWhatTheySay() {
		this.api.create("To", ApiClient.TO, "From", ApiClient.FROM, "Body", "A table for two");
		this.api.create("To", "nobody", "From", ApiClient.FROM, "Body", "Hi");
		this.simulator.inject(Fault.status(503).times(1));
		this.api.send();
		assertThat(requests("")).hasSize(3);
		assertThat(requests("?result=answered")).singleElement().returns(201, ControlApiTests::status);
		assertThat(requests("?result=refused")).singleElement().returns(400, ControlApiTests::status);
		assertThat(requests("?result=fault")).singleElement().returns(503, ControlApiTests::status);
		assertThat(requests("?q=TABLE%20for%20two")).hasSize(1);
		assertThat(requests("?q=%2B15558675310")).hasSize(2);
		assertThat(requests("?account_sid=AC" + "a".repeat(32))).isEmpty();
		JsonNode latest = this.api.get("/simulator/requests?limit=2").json();
		assertThat(latest.get("more").asBoolean()).isTrue();
		String before = latest.get("requests").get(0).get("number").asString();
		JsonNode rest = this.api.get("/simulator/requests?limit=2&before=" + before).json();
		assertThat(rest.get("more").asBoolean()).isFalse();
		assertThat(rest.get("requests")).singleElement().returns(201, ControlApiTests::status);
	}

	private JsonNode requests(String query) {
		return this.api.get("/simulator/requests" + query).json().get("requests");
	}

	private static int status(JsonNode request) {
		return request.get("response").get("status").asInt();
	}

	@Test
	void forgetsOneFaultThatWearsOff() {
		json("/simulator/faults", "{\"kind\":\"status\",\"status\":503,\"times\":2}");
		JsonNode both = json("/simulator/faults", "{\"kind\":\"delay\",\"delay\":\"PT0S\"}").json().get("faults");
		String first = both.get(0).get("id").asString();
		assertThat(this.api.send().status()).isEqualTo(503);
		assertThat(this.api.delete("/simulator/faults/" + first).json().get("faults")).singleElement()
			.returns("delay", (fault) -> fault.get("kind").asString());
		assertThat(this.api.send().status()).isEqualTo(201);
		assertThat(this.api.delete("/simulator/faults/" + first).status()).isEqualTo(404);
		assertThat(this.api.delete("/simulator/faults/nonsense").status()).isEqualTo(404);
	}

	@Test
	void saysWhichMessagesARuleIsAbout() {
		this.simulator.fail(MessageMatcher.body("Hi"), 30003);
		json("/simulator/outcomes", "{\"error_code\":30008}");
		JsonNode rules = json("/simulator/outcomes", "{\"to\":\"+15558675310\",\"body\":\"two\"}").json()
			.get("outcomes");
		assertThat(rules).extracting((rule) -> rule.get("about").asString())
			.containsExactly("messages to +15558675310, with the text two", "all messages",
					MessageMatcher.body("Hi").toString());
	}

	@Test
	void saysWhatMakesATextTakeItsSegments() {
		JsonNode plain = text("Just text");
		JsonNode curly = text("It\u2019s ".repeat(20) + "\uD83D\uDE80");
		assertThat(plain.toString()).isEqualTo(
				"{\"encoding\":\"GSM-7\",\"segments\":1,\"units\":9,\"units_left\":151,\"outside\":[],\"smart_segments\":1}");
		assertThat(curly.get("encoding").asString()).isEqualTo("UCS-2");
		assertThat(curly.get("segments").asInt()).isEqualTo(2);
		assertThat(curly.get("outside")).extracting(JsonNode::asString).containsExactly("\u2019", "\uD83D\uDE80");
	}

	private JsonNode text(String body) {
		String sid = this.api.create("To", ApiClient.TO, "From", ApiClient.FROM, "Body", body).sid();
		return this.api.get("/simulator/messages/" + sid).json().get("text");
	}

	@Test
	void findsMessagesByWhatTheySay() {
		this.api.create("To", ApiClient.TO, "From", ApiClient.FROM, "Body", "Your table is ready");
		this.api.send();
		assertThat(this.api.get("/simulator/messages?q=TABLE").json().get("messages")).hasSize(1);
		assertThat(this.api.get("/simulator/messages?limit=1").json().get("messages").get(0).get("body").asString())
			.isEqualTo("Hi");
		assertThat(this.api.get("/simulator/messages?to=%2B15550000000").json().get("messages")).isEmpty();
		assertThat(this.api.get("/simulator/messages?status=queued").json().get("messages")).hasSize(2);
	}

	@Test
	void scriptsOutcomes() {
		json("/simulator/outcomes", "{\"to_pattern\":\".*5310\",\"error_code\":30005,\"times\":1}");
		json("/simulator/outcomes", "{\"body\":\"never sent\",\"error_code\":30003,\"status\":\"failed\"}");
		String first = this.api.send().sid();
		String second = this.api.send().sid();
		String third = this.api.create("To", ApiClient.TO, "From", ApiClient.FROM, "Body", "never sent").sid();
		this.simulator.clock().advance(Duration.ofMinutes(1));
		assertThat(this.api.fetch(first).text("status")).isEqualTo("undelivered");
		assertThat(this.api.fetch(second).text("status")).isEqualTo("delivered");
		assertThat(this.api.fetch(third).text("status")).isEqualTo("failed");
		assertThat(this.api.get("/simulator/outcomes").json().get("outcomes")).hasSize(1);
		assertThat(this.api.delete("/simulator/outcomes").json().get("outcomes")).isEmpty();
	}

	@Test
	void scriptsFaults() {
		Answer added = json("/simulator/faults",
				"{\"kind\":\"status\",\"status\":503,\"retry_after\":\"1\",\"times\":1}");
		assertThat(added.status()).isEqualTo(201);
		json("/simulator/faults", "{\"target\":\"callbacks\",\"kind\":\"drop\"}");
		assertThat(this.api.get("/simulator/faults").json().get("faults")).hasSize(2);
		assertThat(this.api.send().status()).isEqualTo(503);
		assertThat(this.api.send("StatusCallback", this.receiver.url("/status")).status()).isEqualTo(201);
		this.simulator.clock().advance(Duration.ofMinutes(1));
		this.simulator.awaitIdle(Duration.ofSeconds(30));
		assertThat(this.receiver.received()).isEmpty();
		String id = this.api.get("/simulator/callbacks").json().get("callbacks").get(0).get("id").asString();
		assertThat(this.api.post("/simulator/callbacks/" + id + "/replay").status()).isEqualTo(202);
		this.simulator.awaitIdle(Duration.ofSeconds(30));
		assertThat(this.receiver.statuses()).containsExactly("sent");
		this.api.delete("/simulator/faults");
		assertThat(this.api.get("/simulator/faults").json().get("faults")).isEmpty();
	}

	@Test
	void writesAsAPhoneAndConfiguresWhereThatGoes() {
		json("/simulator/numbers",
				"{\"number\":\"" + ApiClient.FROM + "\",\"inbound_url\":\"" + this.receiver.url("/in") + "\"}");
		Answer received = json("/simulator/inbound", "{\"from\":\"" + ApiClient.TO + "\",\"to\":\"" + ApiClient.FROM
				+ "\",\"body\":\"Hello\",\"media_url\":[\"https://phone.example.com/a.png\"]}");
		assertThat(received.status()).isEqualTo(201);
		assertThat(received.text("status")).isEqualTo("received");
		this.simulator.awaitIdle(Duration.ofSeconds(30));
		assertThat(this.receiver.received()).singleElement()
			.satisfies((request) -> assertThat(request.form()).containsEntry("Body", "Hello"));
		assertThat(this.api.get("/simulator/numbers").json().get("numbers")).hasSize(1);
	}

	@Test
	void configuresServicesApplicationsAndAccounts() {
		json("/simulator/services", "{\"sid\":\"" + ApiClient.SERVICE + "\",\"senders\":[]}");
		Answer empty = this.api.create("To", ApiClient.TO, "MessagingServiceSid", ApiClient.SERVICE, "Body", "Hi");
		assertThat(empty.json().get("code").asInt()).isEqualTo(21704);
		json("/simulator/services", "{\"sid\":\"" + ApiClient.SERVICE + "\",\"senders\":[\"whatsapp:+15017122661\"]}");
		Answer none = this.api.create("To", ApiClient.TO, "MessagingServiceSid", ApiClient.SERVICE, "Body", "Hi");
		assertThat(none.json().get("code").asInt()).isEqualTo(21703);
		assertThat(json("/simulator/applications", "{\"sid\":\"AP" + "1".repeat(32) + "\"}").status()).isEqualTo(201);
		String trial = "AC" + "9".repeat(32);
		json("/simulator/accounts", "{\"account_sid\":\"" + trial
				+ "\",\"auth_token\":\"t\",\"trial\":true,\"verified\":[\"+15550001111\"]}");
		assertThat(new ApiClient(this.simulator.baseUrl(), trial, trial, "t").send().json().get("code").asInt())
			.isEqualTo(21608);
		String subaccount = "AC" + "8".repeat(32);
		json("/simulator/accounts", "{\"account_sid\":\"" + subaccount
				+ "\",\"auth_token\":\"own\",\"owner_account_sid\":\"" + trial + "\"}");
		assertThat(new ApiClient(this.simulator.baseUrl(), subaccount, trial, "t").send().status()).isEqualTo(201);
		assertThat(json("/simulator/accounts",
				"{\"account_sid\":\"AC" + "7".repeat(32) + "\",\"auth_token\":\"t\",\"owner_account_sid\":\"x\"}")
			.status()).isEqualTo(400);
		assertThat(this.api.get("/simulator/accounts").json().get("accounts")).hasSize(3);
	}

	@Test
	void startsAnew() {
		this.api.send();
		json("/simulator/faults", "{\"kind\":\"status\"}");
		assertThat(this.api.post("/simulator/reset").status()).isEqualTo(200);
		assertThat(this.api.get("/simulator/messages").json().get("messages")).isEmpty();
		assertThat(this.api.get("/simulator/requests").json().get("requests")).isEmpty();
		assertThat(this.api.send().status()).isEqualTo(201);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "/simulator/clock/advance?duration=soon|{}|400",
			"/simulator/clock/advance?duration=-PT1S|{}|400", "/simulator/clock/advance?to=2020-01-01T00:00:00Z|{}|400",
			"/simulator/clock/advance|{}|400", "/simulator/clock/advance?duration=PT9999999999999H|{}|400",
			"/simulator/clock/advance?to=%2B1000000000-12-31T23:59:59Z|{}|400",
			"/simulator/faults|{\"kind\":\"delay\",\"delay\":\"PT9999999999999H\"}|400", "/simulator/clock/stop|{}|404",
			"/simulator/faults|{}|400", "/simulator/faults|{\"kind\":\"earthquake\"}|400",
			"/simulator/faults|{\"kind\":\"status\",\"times\":0}|400",
			"/simulator/faults|{\"kind\":\"status\",\"status\":200}|400",
			"/simulator/faults|{\"kind\":\"status\",\"share\":2}|400", "/simulator/faults|{nonsense|400",
			"/simulator/faults|[1]|400", "/simulator/faults|{\"kind\":\"status\",\"statuss\":503}|400",
			"/simulator/faults|{\"target\":\"callbacks\",\"kind\":\"drop\",\"share\":0.5}|400",
			"/simulator/faults|{\"kind\":\"status\",\"retry_after\":\"1\\r\\nX: y\"}|400",
			"/simulator/templates|{\"sid\":\"HX0123456789abcdef0123456789abcdef\",\"variables\":{\"1\":null}}|400",
			"/simulator/templates|{\"sid\":\"HX0123456789abcdef0123456789abcdef\",\"media_url\":[null]}|400",
			"/simulator/services|{\"sid\":\"MG0123456789abcdef0123456789abcdef\",\"senders\":[null]}|400",
			"/simulator/inbound|{\"from\":\"+15558675310\",\"to\":\"+15017122661\",\"media_url\":[null]}|400",
			"/simulator/outcomes?eror_code=30003|{}|400", "/simulator/reset?account=AC1|{}|400",
			"/simulator/numbers|{\"number\":\"+15017122661\",\"webhook\":\"http://localhost/\"}|400",
			"/simulator/outcomes|{\"probability\":\"often\"}|400", "/simulator/outcomes|{\"to_pattern\":\"(\"}|400",
			"/simulator/inbound|{}|400", "/simulator/inbound|{\"from\":\"a\",\"to\":\"b\",\"account_sid\":\"AC1\"}|400",
			"/simulator/services|{\"sid\":\"MG1\"}|400",
			"/simulator/numbers|{\"number\":\"1\",\"inbound_url\":\"x\"}|400",
			"/simulator/callbacks/none/replay|{}|404", "/simulator/nothing|{}|404" })
	void refusesWhatItCannotRead(String path, String body, int status) {
		Answer answer = json(path, body);
		assertThat(answer.status()).isEqualTo(status);
		assertThat(answer.text("error")).isNotBlank();
		assertThat(answer.response().body()).doesNotContain("Exception", "\tat ");
	}

	@Test
	void refusesAPageOfAnotherOrigin() {
		HttpRequest.Builder request = this.api.request("/simulator/reset")
			.header("Origin", "https://elsewhere.example.com")
			.POST(BodyPublishers.noBody());
		assertThat(this.api.exchange(request).status()).isEqualTo(403);
		HttpRequest.Builder own = this.api.request("/simulator/reset")
			.header("Origin", this.simulator.baseUrl().toString())
			.POST(BodyPublishers.noBody());
		assertThat(this.api.exchange(own).status()).isEqualTo(200);
	}

	@Test
	@Timeout(20)
	void streamsWhatHappens() throws IOException, InterruptedException {
		HttpRequest request = this.api.request("/simulator/events").GET().build();
		HttpResponse<InputStream> response = HttpClient.newHttpClient().send(request, BodyHandlers.ofInputStream());
		assertThat(response.headers().firstValue("Content-Type")).contains("text/event-stream");
		// By which nginx, and who compresses, pass on what has come.
		assertThat(response.headers().firstValue("X-Accel-Buffering")).contains("no");
		assertThat(response.headers().firstValue("Cache-Control")).contains("no-store, no-transform");
		try (BufferedReader lines = new BufferedReader(
				new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
			assertThat(lines.readLine()).isEqualTo("event: hello");
			String sid = this.api.send().sid();
			assertThat(next(lines, "message")).contains(sid).contains("\"queued\"");
			assertThat(next(lines, "request")).contains("Messages.json");
			this.simulator.clock().advance(Duration.ofMillis(100));
			assertThat(next(lines, "message")).contains("\"sending\"");
			assertThat(next(lines, "clock")).contains("2026-03-02T09:00:00.100Z");
		}
	}

	private static String next(BufferedReader lines, String type) throws IOException {
		String line = lines.readLine();
		while (!line.equals("event: " + type)) {
			line = lines.readLine();
		}
		return lines.readLine();
	}

	private Answer json(String path, String body) {
		return this.api.exchange(
				this.api.request(path).header("Content-Type", "application/json").POST(BodyPublishers.ofString(body)));
	}

}
