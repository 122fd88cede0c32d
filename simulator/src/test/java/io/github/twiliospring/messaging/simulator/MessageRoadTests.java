package io.github.twiliospring.messaging.simulator;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import io.github.twiliospring.messaging.message.MessageStatus;
import io.github.twiliospring.messaging.simulator.ApiClient.Answer;
import io.github.twiliospring.messaging.simulator.CallbackReceiver.Received;
import io.github.twiliospring.messaging.simulator.CallbackReceiver.Reply;
import io.github.twiliospring.messaging.simulator.junit.TwilioSimulatorExtension;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * The road of a message through the simulator: over real sockets, on a manual clock.
 */
class MessageRoadTests {

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
	void answersACreateWithTheWholeResource() {
		Answer answer = this.api.send();
		assertThat(answer.status()).isEqualTo(201);
		JsonNode json = answer.json();
		String sid = json.get("sid").asString();
		assertThat(sid).matches("SM[0-9a-f]{32}");
		assertThat(json.get("status").asString()).isEqualTo("queued");
		assertThat(json.get("num_segments").isString()).isTrue();
		assertThat(json.get("num_segments").asString()).isEqualTo("1");
		assertThat(json.get("num_media").asString()).isEqualTo("0");
		assertThat(json.get("price").isNull()).isTrue();
		assertThat(json.get("error_code").isNull()).isTrue();
		assertThat(json.get("date_created").asString()).isEqualTo("Mon, 02 Mar 2026 09:00:00 +0000");
		assertThat(json.get("date_sent").isNull()).isTrue();
		assertThat(json.get("direction").asString()).isEqualTo("outbound-api");
		assertThat(json.get("uri").asString()).isEqualTo(this.api.accountPath() + "/Messages/" + sid + ".json");
		assertThat(json.get("subresource_uris").get("media").asString())
			.isEqualTo(this.api.accountPath() + "/Messages/" + sid + "/Media.json");
		assertThat(json.get("subresource_uris").has("feedback")).isFalse();
		assertThat(this.api.fetch(sid).json().get("subresource_uris").get("feedback").asString())
			.isEqualTo(this.api.accountPath() + "/Messages/" + sid + "/Feedback.json");
		assertThat(answer.response().headers().firstValue("Twilio-Request-Id")).isPresent();
		assertThat(answer.response().headers().firstValue("Content-Type")).contains("application/json");
	}

	@Test
	void deliversAMessageAsTheClockMovesOn() {
		String sid = this.api.send().sid();
		this.simulator.clock().advance(Duration.ofMillis(100));
		assertThat(this.api.fetch(sid).text("status")).isEqualTo("sending");
		this.simulator.clock().advance(Duration.ofDays(7));
		JsonNode json = this.api.fetch(sid).json();
		assertThat(json.get("status").asString()).isEqualTo("delivered");
		assertThat(json.get("price").asString()).isEqualTo("-0.00750");
		assertThat(json.get("date_sent").asString()).isEqualTo("Mon, 02 Mar 2026 09:00:00 +0000");
	}

	@Test
	void reportsEveryChangeButTheInitialStatusSignedOverTheWholeUrl() {
		this.api.send("StatusCallback", this.receiver.url("/status?reference=order-42&x=%27#rc=2"));
		this.simulator.clock().advance(Duration.ofMinutes(1));
		this.simulator.awaitIdle(TIMEOUT);
		assertThat(this.receiver.statuses()).containsExactlyInAnyOrder("sent", "delivered");
		assertThat(this.receiver.received()).allSatisfy((request) -> {
			assertThat(request.url()).isEqualTo(this.receiver.url("/status?reference=order-42&x=%27"));
			assertThat(request.headers().getFirst("X-Twilio-Signature")).isEqualTo(sign(request));
			assertThat(request.headers().getFirst("User-Agent")).isEqualTo("TwilioProxy/1.1");
			assertThat(request.form()).containsEntry("SmsStatus", request.form().get("MessageStatus"))
				.containsEntry("To", ApiClient.TO)
				.containsEntry("From", ApiClient.FROM)
				.containsEntry("ApiVersion", "2010-04-01")
				.doesNotContainKey("ErrorCode");
		});
	}

	@Test
	void callsAndSignsAUrlWithOtherLettersThanAsciiPercentEncoded() {
		this.api.send("StatusCallback", this.receiver.url("/status?name=Jos\u00e9\ud83d\ude00"));
		this.simulator.clock().advance(Duration.ofMinutes(1));
		this.simulator.awaitIdle(TIMEOUT);
		assertThat(this.receiver.received()).hasSize(2).allSatisfy((request) -> {
			assertThat(request.url()).isEqualTo(this.receiver.url("/status?name=Jos%C3%A9%F0%9F%98%80"));
			assertThat(request.headers().getFirst("X-Twilio-Signature")).isEqualTo(sign(request));
		});
	}

	@Test
	void reportsQueuedAfterAMessagingServiceHasPickedTheSender() {
		Answer answer = this.api.create("To", ApiClient.TO, "MessagingServiceSid", ApiClient.SERVICE, "Body", "Hi",
				"StatusCallback", this.receiver.url("/status"));
		assertThat(answer.text("status")).isEqualTo("accepted");
		assertThat(answer.text("num_segments")).isEqualTo("0");
		assertThat(answer.json().get("from").isNull()).isTrue();
		this.simulator.clock().advance(Duration.ofMinutes(1));
		this.simulator.awaitIdle(TIMEOUT);
		assertThat(this.receiver.statuses()).containsExactlyInAnyOrder("queued", "sent", "delivered");
		assertThat(this.receiver.received())
			.allSatisfy((request) -> assertThat(request.form()).containsEntry("MessagingServiceSid", ApiClient.SERVICE)
				.containsEntry("From", "+15005550006"));
	}

	@Test
	void sendsAScheduledMessageWhenItsTimeComes() {
		Answer answer = schedule(START.plus(Duration.ofHours(9)));
		assertThat(answer.status()).isEqualTo(201);
		assertThat(answer.text("status")).isEqualTo("scheduled");
		this.simulator.clock().advance(Duration.ofHours(9).minusMillis(1));
		assertThat(this.api.fetch(answer.sid()).text("status")).isEqualTo("scheduled");
		this.simulator.clock().advance(Duration.ofMillis(1));
		assertThat(this.api.fetch(answer.sid()).text("status")).isEqualTo("queued");
		this.simulator.clock().advance(Duration.ofSeconds(1));
		assertThat(this.simulator.awaitMessage(MessageMatcher.sid(answer.sid())).status())
			.isEqualTo(MessageStatus.DELIVERED);
	}

	@Test
	void cancelsAScheduledMessageAndReportsIt() {
		String sid = schedule(START.plus(Duration.ofHours(9))).sid();
		Answer canceled = this.api.post("/Messages/" + sid + ".json", "Status", "canceled");
		assertThat(canceled.status()).isEqualTo(200);
		assertThat(canceled.text("status")).isEqualTo("canceled");
		this.simulator.awaitIdle(TIMEOUT);
		assertThat(this.receiver.statuses()).containsExactly("canceled");
		this.simulator.clock().advance(Duration.ofDays(1));
		assertThat(this.api.fetch(sid).text("status")).isEqualTo("canceled");
		Answer again = this.api.post("/Messages/" + sid + ".json", "Status", "canceled");
		assertThat(again.status()).isEqualTo(409);
		assertThat(again.json().get("code").asInt()).isEqualTo(30409);
	}

	@Test
	void refusesToScheduleOutsideTheWindow() {
		assertThat(schedule(START.plus(Duration.ofMinutes(15))).status()).isEqualTo(201);
		assertThat(schedule(START.plus(Duration.ofDays(7))).status()).isEqualTo(201);
		for (Instant outside : new Instant[] { START.plus(Duration.ofMinutes(15)).minusMillis(1),
				START.plus(Duration.ofDays(7)).plusMillis(1) }) {
			Answer refused = schedule(outside);
			assertThat(refused.status()).isEqualTo(400);
			assertThat(refused.json().get("code").asInt()).isEqualTo(35114);
		}
	}

	@Test
	void schedulesFromFiveMinutesToThirtyFiveDaysByTodaysLimits() {
		this.simulator.close();
		this.simulator = TwilioSimulator.builder().manualClock(START).currentLimits().start();
		this.api = new ApiClient(this.simulator);
		for (Duration end : new Duration[] { Duration.ofSeconds(300), Duration.ofDays(35) }) {
			assertThat(schedule(START.plus(end)).status()).isEqualTo(201);
		}
		for (Duration outside : new Duration[] { Duration.ofSeconds(300).minusMillis(1),
				Duration.ofDays(35).plusMillis(1) }) {
			assertThat(schedule(START.plus(outside)).json().get("code").asInt()).isEqualTo(35114);
		}
	}

	@Test
	void standsOnWholeSecondsSoThatTheEndsOfTheWindowHold() {
		try (TwilioSimulator standing = TwilioSimulator.builder().manualClock(START.plusMillis(789)).start()) {
			this.api = new ApiClient(standing);
			Instant now = standing.clock().instant();
			for (Duration ahead : new Duration[] { Duration.ofMinutes(15), Duration.ofDays(7) }) {
				// As a client writes it, whose dates have no fractions.
				assertThat(schedule(now.plus(ahead).truncatedTo(ChronoUnit.SECONDS)).status()).isEqualTo(201);
			}
			assertThat(now).isEqualTo(START);
		}
	}

	@Test
	void takesFeedback() {
		Answer answer = this.api.post("/Messages/" + this.api.send().sid() + "/Feedback.json", "Outcome",
				"unconfirmed");
		assertThat(answer.status()).isEqualTo(200);
		assertThat(answer.text("outcome")).isEqualTo("unconfirmed");
	}

	@Test
	void datesItsAnswersByItsOwnClock() {
		this.simulator.clock().advance(Duration.ofHours(9));
		assertThat(this.api.send().response().headers().firstValue("Date")).contains("Mon, 02 Mar 2026 18:00:00 GMT");
	}

	@Test
	void endsAMessageInTheStatusThatItsErrorOccursWith() {
		this.simulator.fail(MessageMatcher.sentTo(ApiClient.TO), 30003);
		this.simulator.fail(MessageMatcher.body("too many"), 30001);
		String unreachable = this.api.send("StatusCallback", this.receiver.url("/status")).sid();
		String overflow = this.api.create("To", ApiClient.TO, "From", ApiClient.FROM, "Body", "too many").sid();
		this.simulator.clock().advance(Duration.ofMinutes(1));
		assertThat(this.api.fetch(unreachable).text("status")).isEqualTo("undelivered");
		assertThat(this.api.fetch(unreachable).json().get("error_code").asInt()).isEqualTo(30003);
		assertThat(this.api.fetch(overflow).text("status")).isEqualTo("failed");
		assertThat(this.api.fetch(overflow).json().get("price").isNull()).isTrue();
		SimulatedCallback callback = this.simulator.awaitCallback(MessageMatcher.sid(unreachable),
				MessageStatus.UNDELIVERED);
		assertThat(callback.parameters()).containsEntry("ErrorCode", "30003");
	}

	@Test
	void repeatsACallbackAsTheFragmentOfItsUrlSays() {
		this.receiver.answer((request) -> new Reply((this.receiver.received().size() < 3) ? 503 : 204, ""));
		schedule(START.plus(Duration.ofHours(1)), "#rc=2&rp=5xx,ct");
		this.api.post("/Messages/" + this.simulator.messages().get(0).sid() + ".json", "Status", "canceled");
		SimulatedCallback callback = this.simulator.awaitCallback(MessageMatcher.any(), MessageStatus.CANCELED);
		assertThat(callback.outcome()).isEqualTo(SimulatedCallback.Outcome.DELIVERED);
		assertThat(callback.attempts()).extracting(SimulatedCallback.Attempt::httpStatus)
			.containsExactly(503, 503, 204);
		assertThat(this.receiver.received())
			.extracting((request) -> request.headers().getFirst("I-Twilio-Idempotency-Token"))
			.hasSize(3)
			.containsOnly(callback.id());
	}

	@Test
	void repeatsAFailedAnswerOnlyIfAskedTo() {
		this.receiver.answer((request) -> new Reply(500, ""));
		String sid = schedule(START.plus(Duration.ofHours(1))).sid();
		this.api.post("/Messages/" + sid + ".json", "Status", "canceled");
		SimulatedCallback callback = this.simulator.awaitCallback(MessageMatcher.any(), MessageStatus.CANCELED);
		assertThat(callback.outcome()).isEqualTo(SimulatedCallback.Outcome.FAILED);
		assertThat(callback.attempts()).hasSize(1);
	}

	@Test
	void triesADeadHostOnceMore() {
		String dead = this.receiver.url("/status");
		this.receiver.close();
		this.api.send("StatusCallback", dead);
		this.simulator.clock().advance(Duration.ofMinutes(1));
		SimulatedCallback callback = this.simulator.awaitCallback(MessageMatcher.any(), MessageStatus.DELIVERED);
		assertThat(callback.attempts()).hasSize(2).allSatisfy((attempt) -> {
			assertThat(attempt.httpStatus()).isNull();
			assertThat(attempt.failure()).startsWith("Nothing listens at 127.0.0.1:");
		});
	}

	@Test
	void redactsAMessageOnceItHasEnded() {
		String sid = this.api.send().sid();
		Answer early = this.api.post("/Messages/" + sid + ".json", "Body", "");
		assertThat(early.status()).isEqualTo(409);
		assertThat(early.json().get("code").asInt()).isEqualTo(20009);
		this.simulator.clock().advance(Duration.ofMinutes(1));
		Answer redacted = this.api.post("/Messages/" + sid + ".json", "Body", "");
		assertThat(redacted.status()).isEqualTo(200);
		assertThat(redacted.text("body")).isEmpty();
		assertThat(redacted.text("to")).isEqualTo(ApiClient.TO);
	}

	@Test
	void refusesWrongCredentials() {
		String sid = this.simulator.accountSid();
		Answer answer = new ApiClient(this.simulator.baseUrl(), sid, sid, "wrong").send();
		assertThat(answer.status()).isEqualTo(401);
		assertThat(answer.json().get("code").asInt()).isEqualTo(20003);
		assertThat(answer.text("more_info")).isEqualTo("https://www.twilio.com/docs/errors/20003");
		assertThat(answer.json().get("status").asInt()).isEqualTo(401);
		assertThat(answer.text("detail")).isEqualTo("Your AccountSid or AuthToken was incorrect.");
	}

	@Test
	void opensASubaccountWithItsOwnersCredentials() {
		String owner = this.simulator.accountSid();
		String token = this.simulator.authToken();
		String subaccount = "AC" + "5".repeat(32);
		Answer answer = new ApiClient(this.simulator.baseUrl(), subaccount, owner, token).send();
		assertThat(answer.status()).isEqualTo(201);
		assertThat(answer.text("account_sid")).isEqualTo(subaccount);
		assertThat(new ApiClient(this.simulator.baseUrl(), subaccount, owner, "wrong").send().status()).isEqualTo(401);
		assertThat(new ApiClient(this.simulator.baseUrl(), owner, subaccount, token).send().status()).isEqualTo(401);
		String stranger = "AC" + "6".repeat(32);
		assertThat(new ApiClient(this.simulator.baseUrl(), stranger, stranger, "t").send().status()).isEqualTo(201);
		assertThat(new ApiClient(this.simulator.baseUrl(), stranger, owner, token).send().status()).isEqualTo(401);
	}

	@Test
	void takesAnApiKeyForTheAccountOfThePath() {
		String key = "SK0123456789abcdef0123456789abcdef";
		String account = this.simulator.accountSid();
		assertThat(new ApiClient(this.simulator.baseUrl(), account, key, "secret").send().status()).isEqualTo(201);
		assertThat(new ApiClient(this.simulator.baseUrl(), account, key, "other").send().status()).isEqualTo(401);
	}

	@Test
	void saysWhatCameInsteadOfTheMessageThatWasAwaited() {
		this.api.send();
		MessageMatcher other = MessageMatcher.sentTo("+15550001111");
		assertThatThrownBy(() -> this.simulator.awaitMessage(other, Duration.ofMillis(1)))
			.isInstanceOf(AssertionError.class)
			.hasMessageContaining("to +15550001111")
			.hasMessageContaining("…5310");
	}

	@Test
	void saysThatAnIncomingMessageWentNowhere() {
		String sid = this.simulator.receive("+15558675310", "+15017122661", "Hello").sid();
		assertThatThrownBy(
				() -> this.simulator.awaitMessage(MessageMatcher.body("You wrote: Hello"), Duration.ofMillis(1)))
			.hasMessageContaining("The incoming message " + sid + " went nowhere: no URL is set for it. In a test of"
					+ " Spring Boot, the starter fills it in where the application has a real port");
	}

	@Test
	void saysThatAMessageWithoutAnAddressIsNotReported() {
		String sid = this.api.send().text("sid");
		assertThatThrownBy(() -> this.simulator.awaitCallback(MessageMatcher.sid(sid), MessageStatus.DELIVERED,
				Duration.ofMillis(1)))
			.isInstanceOf(AssertionError.class)
			.hasMessageEndingWith("The message " + sid + " names no StatusCallback URL. In a test of Spring Boot, the"
					+ " starter fills it in where the application has a real port: webEnvironment = RANDOM_PORT");
	}

	@Test
	void listsNoMoreThanTheLatestTwentyOfThem() {
		for (int i = 0; i < 25; i++) {
			this.api.send();
		}
		assertThatThrownBy(
				() -> this.simulator.awaitMessage(MessageMatcher.sentTo("+15550001111"), Duration.ofMillis(1)))
			.hasMessageEndingWith("and 5 before these")
			.satisfies((ex) -> assertThat(ex.getMessage().split("…5310")).hasSize(21));
	}

	@Test
	void forgetsEverythingButItsAccountsOnReset() {
		String sid = this.api.send().sid();
		this.simulator.fail(MessageMatcher.any(), 30003);
		this.simulator.reset();
		assertThat(this.simulator.messages()).isEmpty();
		assertThat(this.api.fetch(sid).status()).isEqualTo(404);
		String next = this.api.send().sid();
		this.simulator.clock().advance(Duration.ofMinutes(1));
		assertThat(this.api.fetch(next).text("status")).isEqualTo("delivered");
	}

	@Test
	void runsOnTheSystemClockByItselfAndCanBeMovedAheadOfIt() {
		try (TwilioSimulator running = TwilioSimulator.builder().delay(Duration.ofMillis(5)).start()) {
			ApiClient client = new ApiClient(running);
			client.send();
			running.awaitMessage(MessageMatcher.status(MessageStatus.DELIVERED));
			Instant later = running.clock().instant().plus(Duration.ofDays(2));
			String sid = client
				.create("To", ApiClient.TO, "MessagingServiceSid", ApiClient.SERVICE, "Body", "Later", "ScheduleType",
						"fixed", "SendAt", later.toString())
				.sid();
			running.clock().advance(Duration.ofDays(3));
			assertThat(running.awaitMessage(MessageMatcher.sid(sid)).status()).isEqualTo(MessageStatus.DELIVERED);
			assertThat(running.clock().instant()).isAfter(later);
		}
	}

	private Answer schedule(Instant at) {
		return schedule(at, "");
	}

	private Answer schedule(Instant at, String fragment) {
		return this.api.create("To", ApiClient.TO, "MessagingServiceSid", ApiClient.SERVICE, "Body", "See you",
				"ScheduleType", "fixed", "SendAt", at.toString(), "StatusCallback",
				this.receiver.url("/status" + fragment));
	}

	/** The provider's algorithm, written for this test from its documentation. */
	private String sign(Received request) {
		StringBuilder text = new StringBuilder(request.url());
		for (Map.Entry<String, String> parameter : new TreeMap<>(request.form()).entrySet()) {
			text.append(parameter.getKey()).append(parameter.getValue());
		}
		try {
			Mac mac = Mac.getInstance("HmacSHA1");
			mac.init(new SecretKeySpec(this.simulator.authToken().getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
			return Base64.getEncoder().encodeToString(mac.doFinal(text.toString().getBytes(StandardCharsets.UTF_8)));
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
