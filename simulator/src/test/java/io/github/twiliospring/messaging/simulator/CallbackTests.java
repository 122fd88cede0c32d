package io.github.twiliospring.messaging.simulator;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import io.github.twiliospring.messaging.message.MessageStatus;
import io.github.twiliospring.messaging.simulator.CallbackReceiver.Reply;
import io.github.twiliospring.messaging.simulator.SimulatedCallback.Attempt;
import io.github.twiliospring.messaging.simulator.SimulatedCallback.Outcome;
import io.github.twiliospring.messaging.simulator.junit.TwilioSimulatorExtension;
import io.github.twiliospring.messaging.simulator.network.Application;
import io.github.twiliospring.messaging.simulator.network.MessagingService;
import io.github.twiliospring.messaging.simulator.fault.Fault;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Callbacks that go wrong, with and without someone having asked for it.
 */
class CallbackTests {

	private static final Instant START = Instant.parse("2026-03-02T09:00:00Z");

	private static final Duration TIMEOUT = Duration.ofSeconds(30);

	@RegisterExtension
	final TwilioSimulatorExtension extension = new TwilioSimulatorExtension(
			(builder) -> builder.manualClock(START).seed(7));

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
	void holdsACallbackBackOnItsClock() {
		this.simulator.inject(Fault.delayCallbacks(Duration.ofHours(1)).times(1));
		this.api.send("StatusCallback", this.receiver.url("/status"));
		this.simulator.clock().advance(Duration.ofMinutes(1));
		this.simulator.awaitIdle(TIMEOUT);
		assertThat(this.receiver.statuses()).containsExactly("delivered");
		this.simulator.clock().advance(Duration.ofHours(1));
		this.simulator.awaitIdle(TIMEOUT);
		assertThat(this.receiver.statuses()).containsExactly("delivered", "sent");
	}

	@Test
	void sendsACallbackTwiceWithTheSameToken() {
		this.simulator.inject(Fault.duplicateCallbacks().times(1));
		this.api.send("StatusCallback", this.receiver.url("/status"));
		this.simulator.clock().advance(Duration.ofMillis(200));
		this.simulator.awaitIdle(TIMEOUT);
		assertThat(this.receiver.statuses()).containsExactly("sent", "sent");
		assertThat(this.receiver.received())
			.extracting((request) -> request.headers().getFirst("I-Twilio-Idempotency-Token"))
			.containsOnly(this.simulator.callbacks().get(0).id());
	}

	@Test
	void letsTheNextCallbackOvertake() {
		this.simulator.inject(Fault.reorderCallbacks().times(1));
		this.api.send("StatusCallback", this.receiver.url("/status"));
		this.simulator.clock().advance(Duration.ofMillis(300));
		this.simulator.awaitCallback(MessageMatcher.any(), MessageStatus.SENT);
		assertThat(this.receiver.statuses()).containsExactly("delivered", "sent");
	}

	@Test
	void dropsACallbackUntilItIsReplayed() {
		this.simulator.inject(Fault.dropCallbacks());
		this.api.send("StatusCallback", this.receiver.url("/status"));
		this.simulator.clock().advance(Duration.ofMillis(200));
		this.simulator.awaitIdle(TIMEOUT);
		assertThat(this.receiver.received()).isEmpty();
		this.simulator.replay(this.simulator.callbacks().get(0));
		this.simulator.awaitIdle(TIMEOUT);
		assertThat(this.receiver.statuses()).containsExactly("sent");
	}

	@Test
	void waitsOnItsClockBetweenTwoAttemptsIfToldTo() {
		try (TwilioSimulator patient = TwilioSimulator.builder()
			.manualClock(START)
			.callbackRetryPause(Duration.ofSeconds(4))
			.start()) {
			this.receiver.answer((request) -> new Reply(500, ""));
			new ApiClient(patient).send("StatusCallback", this.receiver.url("/status#rc=5&rp=5xx"));
			patient.clock().advance(Duration.ofMillis(200));
			patient.awaitIdle(TIMEOUT);
			assertThat(this.receiver.received()).hasSize(1);
			for (int attempts = 2; attempts <= 4; attempts++) {
				patient.clock().advance(Duration.ofSeconds(4));
				patient.awaitIdle(TIMEOUT);
				assertThat(patient.callbacks().get(0).attempts()).hasSize(attempts);
			}
			// A fifth one would come after the 15 seconds of all attempts together.
			assertThat(patient.callbacks().get(0).outcome()).isEqualTo(Outcome.FAILED);
		}
	}

	@Test
	void givesUpAnAnswerThatDoesNotComeInTime() {
		CountDownLatch never = new CountDownLatch(1);
		this.receiver.answer((request) -> {
			try {
				never.await(30, TimeUnit.SECONDS);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
			return new Reply(204, "");
		});
		this.api.send("StatusCallback", this.receiver.url("/status#rt=100&rp=rt&rc=1"));
		this.simulator.clock().advance(Duration.ofMillis(200));
		SimulatedCallback callback = this.simulator.awaitCallback(MessageMatcher.any(), MessageStatus.SENT);
		never.countDown();
		assertThat(callback.outcome()).isEqualTo(Outcome.FAILED);
		assertThat(callback.attempts()).hasSize(2)
			.allSatisfy((attempt) -> assertThat(attempt.failure()).isEqualTo("No whole answer within 100 ms"));
	}

	@Test
	void isIdleAgainAfterAResetThatOvertookCallbacksWhichTheLogHadDropped() throws Exception {
		try (TwilioSimulator small = TwilioSimulator.builder().manualClock().historyLimit(1).start()) {
			CountDownLatch answer = new CountDownLatch(1);
			this.receiver.answer((request) -> {
				awaitUninterruptibly(answer);
				return new Reply(204, "");
			});
			ApiClient client = new ApiClient(small);
			for (int i = 0; i < 4; i++) {
				client.send("StatusCallback", this.receiver.url("/status"));
				small.clock().advance(Duration.ofMinutes(1));
			}
			small.reset();
			answer.countDown();
			this.receiver.awaitAnswered(8);
			client.send("StatusCallback", this.receiver.url("/status"));
			small.clock().advance(Duration.ofMinutes(1));
			small.awaitIdle(TIMEOUT);
			assertThat(small.callbacks()).hasSize(2);
		}
	}

	@Test
	void sendsNothingAfterAResetOfWhatWaitedForAHungApplication() {
		CountDownLatch answer = new CountDownLatch(1);
		this.receiver.answer((request) -> {
			if (request.url().endsWith("/old")) {
				awaitUninterruptibly(answer);
			}
			return new Reply(204, "");
		});
		IntStream.range(0, 100).forEach((i) -> this.api.send("StatusCallback", this.receiver.url("/old")));
		this.simulator.clock().advance(Duration.ofMinutes(1));
		Awaitility.await().atMost(TIMEOUT).until(() -> this.receiver.received().size() == 64);
		this.simulator.reset();
		this.api.send("StatusCallback", this.receiver.url("/new"));
		this.simulator.clock().advance(Duration.ofMinutes(1));
		// What's under way holds no place that the next test needs.
		this.simulator.awaitIdle(Duration.ofSeconds(10));
		answer.countDown();
		this.receiver.awaitAnswered(66);
		this.api.send("StatusCallback", this.receiver.url("/new"));
		this.simulator.clock().advance(Duration.ofMinutes(1));
		this.simulator.awaitIdle(TIMEOUT);
		assertThat(this.receiver.received()).hasSize(68);
	}

	@Test
	void refusesToReplayACallbackThatIsUnderWay() {
		CountDownLatch answer = new CountDownLatch(1);
		this.receiver.answer((request) -> {
			awaitUninterruptibly(answer);
			return new Reply(204, "");
		});
		this.api.send("StatusCallback", this.receiver.url("/status"));
		this.simulator.clock().advance(Duration.ofMillis(200));
		SimulatedCallback pending = this.simulator.callbacks().get(0);
		assertThatIllegalStateException().isThrownBy(() -> this.simulator.replay(pending));
		assertThat(this.api.post("/simulator/callbacks/" + pending.id() + "/replay").status()).isEqualTo(409);
		answer.countDown();
		this.simulator.awaitIdle(TIMEOUT);
		assertThat(this.receiver.received()).hasSize(1);
	}

	private static void awaitUninterruptibly(CountDownLatch latch) {
		try {
			latch.await(60, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Test
	@ResourceLock(Resources.SYSTEM_ERR)
	void writesOneLineForAllCallbacksThatFail() {
		PrintStream before = System.err;
		ByteArrayOutputStream log = new ByteArrayOutputStream();
		System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
		try (RawServer server = new RawServer()) {
			// Nonsense, an end, half an answer, a reset: in turn.
			server.answer("no HTTP\r\n\r\n", "", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf", RawServer.RESET);
			for (int i = 0; i < 8; i++) {
				this.api.send("StatusCallback", server.url("/status?secret=1#rc=0&rt=2000"));
			}
			this.api.send("StatusCallback", server.url("/silent#rc=0&rt=100"));
			this.simulator.clock().advance(Duration.ofMinutes(1));
			this.simulator.awaitIdle(TIMEOUT);
			assertThat(this.simulator.callbacks()).hasSize(18)
				.allSatisfy((callback) -> assertThat(callback.outcome()).isEqualTo(Outcome.FAILED));
			assertThat(this.simulator.callbacks())
				.anySatisfy((callback) -> assertThat(callback.attempts().get(0).failure()).contains("No whole answer"))
				.anySatisfy((callback) -> assertThat(callback.attempts().get(0).failure()).contains("reset"))
				.anySatisfy((callback) -> assertThat(callback.attempts().get(0).failure()).contains("closed before"));
		}
		finally {
			System.setErr(before);
		}
		assertThat(log.toString(StandardCharsets.UTF_8).lines()).hasSize(2)
			.allSatisfy((line) -> assertThat(line).contains("Callbacks to http://127.0.0.1").doesNotContain("secret"));
	}

	@Test
	void keepsLittleOfAnEndlessAnswer() {
		this.receiver.answer((request) -> new Reply(200, "nonsense ".repeat(200_000)));
		this.api.send("StatusCallback", this.receiver.url("/status"));
		this.simulator.clock().advance(Duration.ofMillis(200));
		SimulatedCallback callback = this.simulator.awaitCallback(MessageMatcher.any(), MessageStatus.SENT);
		assertThat(callback.outcome()).isEqualTo(Outcome.DELIVERED);
		assertThat(callback.attempts().get(0).body()).hasSizeLessThan(3000).startsWith("nonsense");
	}

	@Test
	void notesAHostThatDoesNotExist() {
		this.api.send("StatusCallback", "http://nowhere.invalid/status#rc=0");
		this.simulator.clock().advance(Duration.ofMillis(200));
		SimulatedCallback callback = this.simulator.awaitCallback(MessageMatcher.any(), MessageStatus.SENT,
				Duration.ofSeconds(30));
		assertThat(callback.outcome()).isEqualTo(Outcome.FAILED);
		assertThat(callback.attempts()).singleElement()
			.extracting(Attempt::failure)
			.asString()
			.isEqualTo("There is no host named nowhere.invalid");
	}

	@Test
	void staysUsableWithThousandsOfCallbacksToADeadHost() throws IOException {
		// Its port is nobody else's meanwhile, and nobody listens on it.
		try (Socket deaf = new Socket()) {
			deaf.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
			String dead = "http://127.0.0.1:" + deaf.getLocalPort() + "/status";
			IntStream.range(0, 1000).forEach((i) -> this.api.send("StatusCallback", dead));
			this.simulator.clock().advance(Duration.ofMinutes(1));
			assertThat(this.api.send().status()).isEqualTo(201);
			this.simulator.awaitIdle(Duration.ofSeconds(60));
		}
		assertThat(this.simulator.callbacks()).hasSize(2000)
			.allSatisfy((callback) -> assertThat(callback.attempts()).hasSize(2));
	}

	@Test
	void reportsToTheMessagingServiceUnlessTheMessageSaysOtherwise() {
		this.simulator.configure((directory) -> directory.put(new MessagingService(ApiClient.SERVICE,
				List.of("+15017122661", "+15017122662"), this.receiver.url("/service"), null)));
		String byService = this.api.create("To", ApiClient.TO, "MessagingServiceSid", ApiClient.SERVICE, "Body", "Hi")
			.sid();
		String byMessage = this.api
			.create("To", ApiClient.TO, "MessagingServiceSid", ApiClient.SERVICE, "Body", "Hi", "StatusCallback",
					this.receiver.url("/message"))
			.sid();
		this.simulator.clock().advance(Duration.ofMinutes(1));
		this.simulator.awaitIdle(TIMEOUT);
		assertThat(this.receiver.received()).hasSize(6).allSatisfy((request) -> {
			String sid = request.form().get("MessageSid");
			assertThat(request.url()).endsWith(sid.equals(byService) ? "/service" : "/message");
			assertThat(request.form()).containsEntry("From", sid.equals(byMessage) ? "+15017122662" : "+15017122661");
		});
	}

	@Test
	void tellsAnApplicationOfSentAndFailedAlone() {
		String sid = "AP" + "a".repeat(32);
		this.simulator.configure((directory) -> directory.put(new Application(sid, this.receiver.url("/application"))));
		this.api.send("ApplicationSid", sid, "StatusCallback", this.receiver.url("/message"));
		this.simulator.clock().advance(Duration.ofMinutes(1));
		this.simulator.awaitIdle(TIMEOUT);
		assertThat(this.receiver.statuses()).containsExactly("sent");
		assertThat(this.receiver.received().get(0).url()).endsWith("/application");
	}

	@Test
	void losesNoCallbackToACallThatFails() {
		try (TwilioSimulator immediate = TwilioSimulator.builder().manualClock(START).delay(Duration.ZERO).start()) {
			ApiClient client = new ApiClient(immediate);
			client.send("StatusCallback", this.receiver.url("/status"));
			// What's due comes first, and then this one fails.
			assertThat(client.post("/simulator/inbound", "from", "a", "to", "b", "account_sid", "AC1").status())
				.isEqualTo(400);
			immediate.awaitIdle(TIMEOUT);
			assertThat(this.receiver.statuses()).containsExactlyInAnyOrder("sent", "delivered");
		}
	}

	@Test
	void reportsThatAChannelMessageWasRead() {
		this.simulator.receive("whatsapp:+15558675310", "whatsapp:+15017122661", "Hello");
		this.api.create("To", "whatsapp:+15558675310", "From", "whatsapp:+15017122661", "Body", "Hi", "StatusCallback",
				this.receiver.url("/status"));
		this.simulator.clock().advance(Duration.ofMinutes(1));
		this.simulator.awaitIdle(TIMEOUT);
		assertThat(this.receiver.received())
			.anySatisfy((request) -> assertThat(request.form()).containsEntry("MessageStatus", "read")
				.containsEntry("EventType", "READ")
				.containsEntry("ChannelPrefix", "whatsapp"));
	}

	@Test
	void forgetsOneAccountAlone() {
		String other = "AC" + "b".repeat(32);
		new ApiClient(this.simulator.baseUrl(), other, other, "any").send("StatusCallback",
				this.receiver.url("/status"));
		this.api.send("StatusCallback", this.receiver.url("/status"));
		this.simulator.clock().advance(Duration.ofMinutes(1));
		this.simulator.awaitIdle(TIMEOUT);
		this.simulator.reset(other);
		assertThat(this.simulator.messages()).singleElement()
			.extracting(SimulatedMessage::accountSid)
			.isEqualTo(this.simulator.accountSid());
		assertThat(this.simulator.callbacks()).hasSize(2);
		assertThat(this.simulator.requests()).hasSize(1);
	}

}
