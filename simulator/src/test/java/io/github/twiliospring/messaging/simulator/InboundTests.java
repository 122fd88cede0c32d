package io.github.twiliospring.messaging.simulator;

import java.time.Duration;
import java.time.Instant;

import io.github.twiliospring.messaging.message.MessageDirection;
import io.github.twiliospring.messaging.message.MessageStatus;
import io.github.twiliospring.messaging.simulator.CallbackReceiver.Reply;
import io.github.twiliospring.messaging.simulator.engine.PhoneNumber;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Messages from phones, and what is answered.
 */
class InboundTests {

	private static final String PHONE = ApiClient.TO;

	private static final String NUMBER = ApiClient.FROM;

	private static final MessageMatcher REPLY = MessageMatcher.direction(MessageDirection.OUTBOUND_REPLY);

	private TwilioSimulator simulator;

	private CallbackReceiver receiver;

	private ApiClient api;

	@BeforeEach
	void start() {
		this.simulator = TwilioSimulator.builder().manualClock(Instant.parse("2026-03-02T09:00:00Z")).seed(9).start();
		this.receiver = new CallbackReceiver();
		this.api = new ApiClient(this.simulator);
		this.simulator.inboundUrl(this.receiver.url("/inbound"));
	}

	@AfterEach
	void stop() {
		this.simulator.close();
		this.receiver.close();
	}

	@Test
	void handsAMessageToTheWebhookAndSendsWhatItAnswers() {
		this.receiver.answer((request) -> new Reply(200,
				"<?xml version=\"1.0\"?><Response><Message statusCallback=\"" + this.receiver.url("/status")
						+ "\">Thanks, &amp; bye</Message><Message><Body>Two</Body>"
						+ "<Media>https://shop.example.com/a.png</Media></Message></Response>"));
		this.simulator.receive(PHONE, NUMBER, "Hello", "https://phone.example.com/b.jpg");
		this.simulator.awaitMessage(REPLY.and(MessageMatcher.body("Thanks, & bye")).and(MessageMatcher.to(PHONE)));
		SimulatedMessage second = this.simulator.awaitMessage(REPLY.and(MessageMatcher.body("Two")));
		assertThat(second.mediaUrls()).containsExactly("https://shop.example.com/a.png");
		assertThat(second.from()).contains(NUMBER);
		assertThat(this.receiver.received().get(0).form()).containsEntry("Body", "Hello")
			.containsEntry("From", PHONE)
			.containsEntry("To", NUMBER)
			.containsEntry("NumMedia", "1")
			.containsEntry("MediaContentType0", "image/jpeg")
			.containsKeys("MessageSid", "SmsSid", "SmsMessageSid", "AccountSid", "MediaUrl0", "ApiVersion");
		this.receiver.answer((request) -> new Reply(204, ""));
		this.simulator.clock().advance(Duration.ofMinutes(1));
		this.simulator.awaitIdle(Duration.ofSeconds(10));
		assertThat(this.receiver.statuses()).contains("sent", "delivered");
	}

	@ParameterizedTest
	@ValueSource(strings = { "<Response/>", "", "<Response><Redirect>x</Redirect></Response>" })
	void sendsNothingForAnAnswerWithoutMessages(String twiml) {
		this.receiver.answer((request) -> new Reply(200, twiml));
		SimulatedMessage message = this.simulator.receive(PHONE, NUMBER, "Hello");
		this.simulator.awaitCallback(MessageMatcher.sid(message.sid()), MessageStatus.RECEIVED);
		assertThat(this.simulator.messages()).hasSize(1);
	}

	@ParameterizedTest
	@ValueSource(strings = { "<html><body>Oops</body></html>", "{\"json\":true}", "<Response><Message>",
			"<!DOCTYPE r [<!ENTITY x SYSTEM \"file:///etc/hostname\">]><Response><Message>&x;</Message></Response>" })
	void notesAnAnswerThatIsNoTwiml(String nonsense) {
		this.receiver.answer((request) -> new Reply(200, nonsense));
		SimulatedMessage message = this.simulator.receive(PHONE, NUMBER, "Hello");
		this.simulator.awaitCallback(MessageMatcher.sid(message.sid()), MessageStatus.RECEIVED);
		assertThat(this.simulator.messages()).hasSize(1);
		assertThat(this.api.get("/simulator/callbacks").json().get("callbacks").get(0).get("note").asString())
			.startsWith("12100");
	}

	@ParameterizedTest
	@ValueSource(strings = { "STOP", " stop ", "Unsubscribe" })
	void stopsAndStartsMessagesOnThePhonesWord(String word) {
		this.simulator.receive(PHONE, NUMBER, word);
		assertThat(this.simulator.awaitMessage(REPLY).body()).contains("unsubscribed");
		assertThat(this.api.send().json().get("code").asInt()).isEqualTo(21610);
		assertThat(this.api.send("To", PHONE).status()).isEqualTo(400);
		assertThat(this.api.create("To", PHONE, "From", "+15017122662", "Body", "Hi").status()).isEqualTo(201);
		this.simulator.receive(PHONE, NUMBER, "START");
		assertThat(this.api.send().status()).isEqualTo(201);
	}

	@Test
	void failsAServicesMessageToAPhoneThatSaidStop() {
		this.simulator.receive(PHONE, "+15005550006", "STOP");
		String sid = this.api.create("To", PHONE, "MessagingServiceSid", ApiClient.SERVICE, "Body", "Hi").sid();
		this.simulator.clock().advance(Duration.ofMinutes(1));
		assertThat(this.api.fetch(sid).text("status")).isEqualTo("failed");
		assertThat(this.api.fetch(sid).json().get("error_code").asInt()).isEqualTo(21610);
	}

	@Test
	void prefersTheNumbersOwnWebhook() {
		this.simulator.configure((directory) -> directory.put(new PhoneNumber(NUMBER, this.receiver.url("/own"), 0)));
		SimulatedMessage message = this.simulator.receive(PHONE, NUMBER, "Hello");
		this.simulator.awaitCallback(MessageMatcher.sid(message.sid()), MessageStatus.RECEIVED);
		assertThat(this.receiver.received().get(0).url()).endsWith("/own");
	}

}
