package io.github.twiliospring.messaging.simulator;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;

import io.github.twiliospring.messaging.message.MessageStatus;
import io.github.twiliospring.messaging.simulator.fault.Fault;
import io.github.twiliospring.messaging.simulator.network.ContentTemplate;
import io.github.twiliospring.messaging.simulator.network.MessagingService;
import io.github.twiliospring.messaging.simulator.network.PhoneNumber;
import io.github.twiliospring.messaging.simulator.state.SimulatorState;
import io.github.twiliospring.messaging.simulator.state.StateException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What a simulator knows outlives its restart.
 */
class StateTests {

	private static final Instant START = Instant.parse("2026-03-02T09:00:00Z");

	@TempDir
	private Path directory;

	private Path file;

	private CallbackReceiver receiver;

	@BeforeEach
	void start() {
		this.file = this.directory.resolve("new/state.json");
		this.receiver = new CallbackReceiver();
	}

	@AfterEach
	void stop() {
		this.receiver.close();
	}

	@Test
	void keepsMessagesOnTheirWayAndSendsThemLater() {
		String scheduled;
		String queued;
		try (TwilioSimulator simulator = simulator(this.file)) {
			ApiClient api = new ApiClient(simulator);
			queued = api.send("StatusCallback", this.receiver.url("/status")).sid();
			scheduled = api
				.create("To", ApiClient.TO, "MessagingServiceSid", ApiClient.SERVICE, "Body", "See you", "ScheduleType",
						"fixed", "SendAt", "2026-03-03T09:00:00Z", "StatusCallback", this.receiver.url("/status"))
				.sid();
			simulator.clock().advance(Duration.ofMillis(250));
			simulator.awaitIdle(Duration.ofSeconds(30));
		}
		try (TwilioSimulator simulator = simulator(this.file)) {
			ApiClient api = new ApiClient(simulator);
			assertThat(simulator.clock().instant()).isEqualTo(START.plusMillis(250));
			assertThat(api.fetch(queued).text("status")).isEqualTo("sent");
			assertThat(api.fetch(scheduled).text("status")).isEqualTo("scheduled");
			simulator.clock().advance(Duration.ofDays(2));
			simulator.awaitIdle(Duration.ofSeconds(30));
			SimulatedMessage late = simulator.awaitMessage(MessageMatcher.sid(scheduled));
			assertThat(late.status()).isEqualTo(MessageStatus.DELIVERED);
			assertThat(late.dateSent()).isEqualTo(Instant.parse("2026-03-03T09:00:00.200Z"));
			assertThat(this.receiver.statuses()).containsExactlyInAnyOrder("sent", "delivered", "queued", "sent",
					"delivered");
		}
	}

	@Test
	void showsTheSameBeforeAndAfterARestart() {
		List<String> paths = List.of("/simulator/messages", "/simulator/callbacks", "/simulator/requests",
				"/simulator/accounts", "/simulator/numbers", "/simulator/services", "/simulator/templates",
				"/simulator/outcomes", "/simulator/faults", "/simulator/clock");
		List<JsonNode> before;
		try (TwilioSimulator simulator = simulator(this.file)) {
			ApiClient api = new ApiClient(simulator);
			simulator.configure((directory) -> {
				directory.put(new PhoneNumber(ApiClient.FROM, null, 2));
				directory.put(new MessagingService(ApiClient.SERVICE, List.of(ApiClient.FROM), null, null));
				directory.put(new ContentTemplate("HX" + "1".repeat(32), "See you at {{1}}"));
				directory.restrictTo(Set.of(ApiClient.TO));
			});
			api.send("StatusCallback", this.receiver.url("/status"), "MediaUrl", "https://shop.example.com/a.png");
			api.send("MaxPrice", "0.001", "AddressRetention", "obfuscate");
			simulator.receive(ApiClient.TO, ApiClient.FROM, "STOP");
			api.post("/simulator/outcomes", "to_pattern", ".*5310", "error_code", "30005", "times", "3");
			simulator.inject(Fault.status(503).on("DELETE"));
			simulator.clock().advance(Duration.ofMinutes(1));
			simulator.awaitIdle(Duration.ofSeconds(30));
			before = paths.stream().map((path) -> api.get(path).json()).toList();
		}
		try (TwilioSimulator simulator = simulator(this.file)) {
			ApiClient api = new ApiClient(simulator);
			for (int i = 0; i < paths.size(); i++) {
				assertThat(api.get(paths.get(i)).json()).as(paths.get(i)).isEqualTo(before.get(i));
			}
			assertThat(api.send().json().get("code").asInt()).isEqualTo(21610);
			String sid = simulator.messages().get(0).sid();
			assertThat(api.get("/Messages/" + sid + "/Media.json").json().get("media_list")).hasSize(1);
		}
	}

	@Test
	void givesNoIdentifierASecondTime() {
		String before;
		try (TwilioSimulator simulator = simulator(this.file)) {
			before = new ApiClient(simulator).send().sid();
		}
		try (TwilioSimulator simulator = simulator(this.file)) {
			assertThat(new ApiClient(simulator).send().sid()).isNotEqualTo(before);
			assertThat(simulator.messages()).hasSize(2);
		}
	}

	@Test
	void sendsACallbackThatWasUnderWay() {
		try (TwilioSimulator simulator = simulator(this.file)) {
			simulator.inject(Fault.delayCallbacks(Duration.ofHours(1)));
			new ApiClient(simulator).send("StatusCallback", this.receiver.url("/status"));
			simulator.clock().advance(Duration.ofMinutes(1));
			assertThat(this.receiver.received()).isEmpty();
		}
		try (TwilioSimulator simulator = simulator(this.file)) {
			simulator.awaitIdle(Duration.ofSeconds(30));
			assertThat(this.receiver.statuses()).containsExactlyInAnyOrder("sent", "delivered");
		}
	}

	@Test
	void holdsWhatWasUnderWayUntilTheApplicationIsThere() {
		try (TwilioSimulator simulator = simulator(this.file)) {
			new ApiClient(simulator).send();
		}
		SimulatorState state = SimulatorState.in(this.file).held();
		try (TwilioSimulator simulator = TwilioSimulator.builder().manualClock(START).state(state).start()) {
			simulator.clock().advance(Duration.ofMinutes(1));
			assertThat(simulator.messages()).extracting(SimulatedMessage::status).containsExactly(MessageStatus.QUEUED);
			state.resume();
			simulator.clock().advance(Duration.ZERO);
			assertThat(simulator.messages()).extracting(SimulatedMessage::status)
				.containsExactly(MessageStatus.DELIVERED);
		}
	}

	@Test
	void keepsTheTokenUnlessItIsGivenAnother() {
		String token;
		try (TwilioSimulator simulator = simulator(this.file)) {
			token = simulator.authToken();
		}
		try (TwilioSimulator simulator = simulator(this.file)) {
			assertThat(simulator.authToken()).isEqualTo(token);
		}
		try (TwilioSimulator simulator = TwilioSimulator.builder()
			.authToken("another")
			.state(SimulatorState.in(this.file))
			.start()) {
			assertThat(new ApiClient(simulator).send().status()).isEqualTo(201);
			assertThat(simulator.clock().instant()).isAfter(START);
		}
	}

	@Test
	void writesWhileItRunsSoThatAKilledProcessLosesLittle() throws IOException {
		Path copy = this.directory.resolve("copy.json");
		try (TwilioSimulator simulator = simulator(this.file)) {
			String sid = new ApiClient(simulator).send().sid();
			Awaitility.await()
				.atMost(Duration.ofSeconds(20))
				.until(() -> Files.readString(this.file).contains("\"" + sid + "\""));
			Files.copy(this.file, copy);
		}
		try (TwilioSimulator simulator = simulator(copy)) {
			assertThat(simulator.messages()).hasSize(1);
		}
		if (Files.getFileStore(this.file).supportsFileAttributeView("posix")) {
			assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(this.file))).isEqualTo("rw-------");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "not JSON: +15558675310", "{}", "[]", "{\"format\":\"another\",\"version\":1}",
			"{\"format\":\"twilio-messaging-simulator\",\"version\":3,\"world\":{}}",
			"{\"format\":\"twilio-messaging-simulator\",\"version\":0,\"world\":{}}",
			"{\"format\":\"twilio-messaging-simulator\",\"version\":2,\"world\":{}}",
			"{\"format\":\"twilio-messaging-simulator\",\"version\":1}",
			"{\"format\":\"twilio-messaging-simulator\",\"version\":1,\"world\":{\"now\":\"+15558675310\"}}" })
	void leavesAFileAloneThatItDoesNotUnderstand(String content) throws IOException {
		Path given = Files.writeString(this.directory.resolve("given.json"), content);
		assertThatExceptionOfType(StateException.class).isThrownBy(() -> simulator(given))
			.withMessageContaining(given.toString())
			.withMessageContaining("left as it is")
			.withMessageNotContaining("5558675310");
		assertThat(given).hasContent(content);
	}

	@Test
	void readsAFileOfTheFirstVersionWhoseLinksKnewNoClicks() throws IOException {
		try (TwilioSimulator simulator = simulator(this.file)) {
			new ApiClient(simulator).create("To", ApiClient.TO, "MessagingServiceSid", ApiClient.SERVICE, "Body",
					"https://shop.example.com/", "ShortenUrls", "true");
			simulator.clock().advance(Duration.ofMinutes(1));
		}
		String written = Files.readString(this.file);
		String older = written.replace("\"version\":2,\"world\"", "\"version\":1,\"world\"")
			.replace(",\"clicks\":0,\"lastClicks\":[]", "");
		assertThat(older.length()).isEqualTo(written.length() - 27);
		Files.writeString(this.file, older);
		try (TwilioSimulator simulator = simulator(this.file)) {
			assertThat(
					new ApiClient(simulator).get("/simulator/links").json().get("links").get(0).get("clicks").asInt())
				.isZero();
			assertThat(simulator.messages()).hasSize(1);
		}
		assertThat(Files.readString(this.file)).contains("\"version\":2,\"world\"");
	}

	@Test
	void leavesAFileAloneThatBrokeOff() throws IOException {
		try (TwilioSimulator simulator = simulator(this.file)) {
			new ApiClient(simulator).send();
		}
		String whole = Files.readString(this.file);
		Files.writeString(this.file, whole.substring(0, whole.length() / 2));
		assertThatExceptionOfType(StateException.class).isThrownBy(() -> simulator(this.file));
		Files.writeString(this.file, whole);
		try (TwilioSimulator simulator = simulator(this.file)) {
			assertThat(simulator.messages()).hasSize(1);
		}
	}

	@Test
	void refusesAFileThatAnotherSimulatorKeepsItsStateIn() {
		try (TwilioSimulator simulator = simulator(this.file)) {
			assertThatExceptionOfType(StateException.class).isThrownBy(() -> simulator(this.file))
				.withMessageContaining("Another simulator");
			assertThat(new ApiClient(simulator).send().status()).isEqualTo(201);
		}
	}

	private static TwilioSimulator simulator(Path file) {
		return TwilioSimulator.builder().manualClock(START).seed(7).state(SimulatorState.in(file)).start();
	}

}
