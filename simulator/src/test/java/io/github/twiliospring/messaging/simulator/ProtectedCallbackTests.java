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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

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
