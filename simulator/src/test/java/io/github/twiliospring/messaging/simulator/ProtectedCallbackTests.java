package io.github.twiliospring.messaging.simulator;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import io.github.twiliospring.messaging.signature.RequestSigner;
import io.github.twiliospring.messaging.simulator.CallbackReceiver.Received;
import io.github.twiliospring.messaging.simulator.CallbackReceiver.Reply;
import io.github.twiliospring.messaging.simulator.junit.TwilioSimulatorExtension;
import io.github.twiliospring.messaging.simulator.network.Application;
import io.github.twiliospring.messaging.simulator.network.MessagingService;
import io.github.twiliospring.messaging.simulator.network.PhoneNumber;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Applications behind a user name and a password, which stand in the URL: they go out
 * once the application asks for them, and aren't signed. Source: the provider's page
 * "Security", "HTTP authentication" and "A few notes".
 */
class ProtectedCallbackTests {

	private static final Duration TIMEOUT = Duration.ofSeconds(20);

	private static final String AUTHORIZATION = "Basic "
			+ Base64.getEncoder().encodeToString("provider:hush".getBytes(StandardCharsets.UTF_8));

	@RegisterExtension
	final TwilioSimulatorExtension extension = new TwilioSimulatorExtension(
			(builder) -> builder.manualClock(Instant.parse("2026-03-02T09:00:00Z")).seed(12));

	private final CallbackReceiver receiver = new CallbackReceiver();

	private TwilioSimulator simulator;

	private ApiClient api;

	@BeforeEach
	void start(TwilioSimulator simulator) {
		this.simulator = simulator;
		this.api = new ApiClient(simulator);
	}

	@AfterEach
	void stop() {
		this.receiver.close();
	}

	@Test
	void logsInOnceTheApplicationAsksForIt() {
		this.receiver.answer((request) -> isLoggedIn(request) ? new Reply(204, "") : new Reply(401, ""));
		report("/status?a=b");
		Map<Boolean, List<Received>> requests = this.receiver.received()
			.stream()
			.collect(Collectors.partitioningBy(ProtectedCallbackTests::isLoggedIn));
		assertThat(requests.get(false)).hasSize(2).allSatisfy(this::isSignedWithoutPassword);
		assertThat(requests.get(true)).hasSize(2).allSatisfy(this::isSignedWithoutPassword);
		assertThat(this.simulator.callbacks()).hasSize(2).allSatisfy((callback) -> {
			assertThat(callback.url()).isEqualTo(this.receiver.url("/status?a=b"));
			assertThat(callback.attempts()).singleElement()
				.satisfies((attempt) -> assertThat(attempt.httpStatus()).isEqualTo(204));
		});
	}

	@Test
	void tellsNobodyThePasswordWhoDoesNotAsk() {
		report("/status");
		assertThat(this.receiver.received()).hasSize(2)
			.allSatisfy((request) -> assertThat(isLoggedIn(request)).isFalse())
			.allSatisfy(this::isSignedWithoutPassword);
	}

	@Test
	void endsWithTheRefusalOfAPasswordThatIsWrong() {
		this.receiver.answer((request) -> new Reply(401, ""));
		report("/status");
		assertThat(this.receiver.received()).hasSize(4);
		assertThat(this.simulator.callbacks()).hasSize(2)
			.allSatisfy((callback) -> assertThat(callback.attempts()).singleElement()
				.satisfies((attempt) -> assertThat(attempt.httpStatus()).isEqualTo(401)));
	}

	@Test
	void logsInWhereARelativeRedirectLeads() {
		this.receiver.answer((request) -> !isLoggedIn(request) ? new Reply(401, "")
				: request.url().endsWith("/second") ? new Reply(200, "<Response><Message>Hi</Message></Response>")
						: new Reply(200, "<Response><Redirect>second</Redirect></Response>"));
		this.simulator
			.configure((directory) -> directory.put(new io.github.twiliospring.messaging.simulator.network.PhoneNumber(
					ApiClient.FROM, withPassword("/first"), 0)));
		this.simulator.receive(ApiClient.TO, ApiClient.FROM, "Hello");
		this.simulator.awaitIdle(TIMEOUT);
		assertThat(this.simulator.messages()).extracting(SimulatedMessage::body).contains("Hi");
	}

	@Test
	void showsThePasswordNowhere() throws Exception {
		this.receiver.answer((request) -> !isLoggedIn(request) ? new Reply(401, "")
				: new Reply(200, "<Response><Message><Body>Hi</Body><Media>cat.png</Media></Message></Response>"));
		this.simulator
			.configure((directory) -> directory.put(new io.github.twiliospring.messaging.simulator.network.PhoneNumber(
					ApiClient.FROM, withPassword("/in"), 0)));
		this.simulator.receive(ApiClient.TO, ApiClient.FROM, "Hello");
		report("/status");
		for (SimulatedMessage message : this.simulator.messages()) {
			assertThat(control("/simulator/messages/" + message.sid())).contains(message.sid()).doesNotContain("hush");
		}
		assertThat(control("/simulator/callbacks")).contains("/status").doesNotContain("hush");
		assertThat(control("/simulator/requests")).contains("StatusCallback").doesNotContain("hush");
		assertThat(control("/simulator/numbers")).contains("/in").doesNotContain("hush");
	}

	@Test
	void readsWhatIsEscapedInAPassword() {
		this.receiver.answer((request) -> new Reply(401, ""));
		this.api.send("StatusCallback", this.receiver.url("/status").replace("://", "://pro%3Avider:h%40+%C3%BC@"));
		this.simulator.clock().advance(Duration.ofMinutes(1));
		this.simulator.awaitIdle(TIMEOUT);
		assertThat(this.receiver.received()).extracting((request) -> request.headers().getFirst("Authorization"))
			.contains("Basic " + Base64.getEncoder().encodeToString("pro:vider:h@+ü".getBytes(StandardCharsets.UTF_8)));
	}

	// As curl sends it, as clients do that escape more than others, and what is refused.
	@ParameterizedTest
	@ValueSource(strings = { "StatusCallback=https://provider:hush@shop.example.com/status",
			"StatusCallback=https%3A%2F%2Fpro%2540vider%3Ahush%40shop.example.com%2Fstatus",
			"StatusCallback=https%3a//provider:hu%2540hush%40shop.example.com",
			"StatusCallback=https://provider:hush@no_host/status",
			"MediaUrl=https://provider:hush@shop.example.com/cat.png" })
	void showsThePasswordOfNoCallHoweverItIsWritten(String parameter) throws Exception {
		this.api.postRaw("/Messages.json",
				"To=%2B15558675310&From=%2B15017122661&" + parameter + "&Body=Mail+to+a%40b");
		assertThat(control("/simulator/requests")).contains("…@", "&Body=Mail+to+a%40b").doesNotContain("hush");
		assertThat(control("/simulator/messages")).doesNotContain("hush");
	}

	@Test
	void showsThePasswordOfNoAddressInAnAnswer() throws Exception {
		this.receiver.answer((request) -> new Reply(200,
				"<Response><Message statusCallback=\"https://provider:hush@no_host/\">Hi</Message>"
						+ "<Redirect>https://provider:hush@no_host/</Redirect></Response>"));
		this.simulator
			.configure((directory) -> directory.put(new io.github.twiliospring.messaging.simulator.network.PhoneNumber(
					ApiClient.FROM, this.receiver.url("/in"), 0)));
		this.simulator.receive(ApiClient.TO, ApiClient.FROM, "Hello");
		this.simulator.awaitIdle(TIMEOUT);
		assertThat(control("/simulator/callbacks")).contains("is invalid: https://…@no_host/").doesNotContain("hush");
	}

	@ParameterizedTest
	@CsvSource({ "numbers, number=%2B15017122661&inbound_url=",
			"services, sid=MG0123456789abcdef0123456789abcdef&status_callback=",
			"services, sid=MG0123456789abcdef0123456789abcdef&inbound_url=",
			"applications, sid=AP0123456789abcdef0123456789abcdef&message_status_callback=", "links, click_callback=" })
	void showsThePasswordOfNoAddressThatItIsTold(String resource, String form) throws Exception {
		assertThat(told(resource, form + "https://provider:hush@shop.example.com/"))
			.contains("https://shop.example.com/")
			.doesNotContain("hush");
		assertThat(control("/simulator/" + resource)).contains("https://shop.example.com/").doesNotContain("hush");
		assertThat(told(resource, form + "https://provider:hush@no_host/")).contains("no_host").doesNotContain("hush");
	}

	@Test
	void noSenderServiceOrApplicationTellsItAsText() {
		String url = "https://provider:hush@shop.example.com/";
		assertThat(List.of(new PhoneNumber("+15017122661", url, 1),
				new MessagingService("MG1", List.of("+15017122661"), url, url), new Application("AP1", url)))
			.asString()
			.contains("MG1", "AP1")
			.doesNotContain("hush", "5017122661");
	}

	private String told(String resource, String form) throws Exception {
		return HttpClient.newHttpClient()
			.send(HttpRequest.newBuilder(this.simulator.baseUrl().resolve("/simulator/" + resource))
				.POST(HttpRequest.BodyPublishers.ofString(form))
				.build(), HttpResponse.BodyHandlers.ofString())
			.body();
	}

	private String control(String path) throws Exception {
		return HttpClient.newHttpClient()
			.send(HttpRequest.newBuilder(this.simulator.baseUrl().resolve(path)).build(),
					HttpResponse.BodyHandlers.ofString())
			.body();
	}

	private void report(String path) {
		this.api.send("StatusCallback", withPassword(path));
		this.simulator.clock().advance(Duration.ofMinutes(1));
		this.simulator.awaitIdle(TIMEOUT);
	}

	private String withPassword(String path) {
		return this.receiver.url(path).replace("://", "://provider:hush@");
	}

	private void isSignedWithoutPassword(Received request) {
		Map<String, List<String>> form = request.form()
			.entrySet()
			.stream()
			.collect(Collectors.toMap(Map.Entry::getKey, (entry) -> List.of(entry.getValue())));
		assertThat(request.headers().getFirst("X-Twilio-Signature"))
			.isEqualTo(new RequestSigner(this.simulator.authToken()).sign(request.url(), form));
	}

	private static boolean isLoggedIn(Received request) {
		return AUTHORIZATION.equals(request.headers().getFirst("Authorization"));
	}

}
