package io.github.twiliospring.messaging.simulator;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import com.twilio.security.RequestValidator;
import io.github.twiliospring.messaging.message.MessageDirection;
import io.github.twiliospring.messaging.message.MessageStatus;
import io.github.twiliospring.messaging.simulator.ApiClient.Answer;
import io.github.twiliospring.messaging.simulator.CallbackReceiver.Received;
import io.github.twiliospring.messaging.simulator.CallbackReceiver.Reply;
import io.github.twiliospring.messaging.simulator.junit.TwilioSimulatorExtension;
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
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Messages from phones, and what is answered.
 */
class InboundTests {

	private static final String PHONE = ApiClient.TO;

	private static final String NUMBER = ApiClient.FROM;

	private static final MessageMatcher REPLY = MessageMatcher.direction(MessageDirection.OUTBOUND_REPLY);

	@RegisterExtension
	final TwilioSimulatorExtension extension = new TwilioSimulatorExtension(
			(builder) -> builder.manualClock(Instant.parse("2026-03-02T09:00:00Z")).seed(9));

	private TwilioSimulator simulator;

	private CallbackReceiver receiver;

	private ApiClient api;

	@BeforeEach
	void start(TwilioSimulator simulator) {
		this.simulator = simulator;
		this.receiver = new CallbackReceiver();
		this.api = new ApiClient(this.simulator);
		this.simulator.inboundUrl(this.receiver.url("/inbound"));
	}

	@AfterEach
	void stop() {
		this.receiver.close();
	}

	@Test
	void handsAMessageToTheWebhookAndSendsWhatItAnswers() {
		this.receiver.answer((request) -> new Reply(200,
				"<?xml version=\"1.0\"?><Response><Message statusCallback=\"" + this.receiver.url("/status")
						+ "\">Thanks, &amp; bye</Message><Message><Body>Two</Body>"
						+ "<Media>https://shop.example.com/a.png</Media></Message></Response>"));
		this.simulator.receive(PHONE, NUMBER, "Hello", "https://phone.example.com/b.jpg");
		this.simulator.awaitMessage(REPLY.and(MessageMatcher.body("Thanks, & bye")).and(MessageMatcher.sentTo(PHONE)));
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
		this.simulator.awaitIdle(Duration.ofSeconds(30));
		assertThat(this.receiver.statuses()).contains("sent", "delivered");
	}

	@ParameterizedTest
	@ValueSource(strings = { "<Response/>", "", "<Response><Say>Hello</Say><Unheard-of/></Response>" })
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
	@ValueSource(strings = { "GET", "POST" })
	void goesOnWithTheDocumentThatARedirectLeadsTo(String method) {
		this.receiver.answer((request) -> new Reply(200, request.url().contains("/next")
				? "<Response><Message action='status?a=1'><Body>Two</Body><Media>/a.png</Media></Message></Response>"
				: "<Response><Message>One</Message><Redirect method='" + method
						+ "'>next/?step=2</Redirect><Message>Never reached</Message></Response>"));
		this.simulator.receive(PHONE, NUMBER, "Hello");
		SimulatedMessage second = this.simulator.awaitMessage(REPLY.and(MessageMatcher.body("Two")));
		assertThat(second.mediaUrls()).containsExactly(this.receiver.url("/a.png"));
		assertThat(this.simulator.messages()).extracting(SimulatedMessage::body).containsExactly("Hello", "One", "Two");
		Received redirected = this.receiver.received().get(1);
		assertThat(redirected.url()).startsWith(this.receiver.url("/next/?step=2"));
		assertThat(redirected.form()).containsEntry("Body", "Hello");
		assertThat(new RequestValidator(this.simulator.authToken()).validate(redirected.url(),
				method.equals("GET") ? Map.of() : redirected.form(),
				redirected.headers().getFirst("X-Twilio-Signature")))
			.isTrue();
		this.simulator.clock().advance(Duration.ofMinutes(1));
		this.simulator.awaitIdle(Duration.ofSeconds(30));
		assertThat(this.receiver.received())
			.anySatisfy((request) -> assertThat(request.url()).isEqualTo(this.receiver.url("/next/status?a=1")));
	}

	@Test
	void endsACircleOfRedirects() {
		this.receiver.answer((request) -> new Reply(200, "<Response><Redirect>/again</Redirect></Response>"));
		this.simulator.receive(PHONE, NUMBER, "Hello");
		this.simulator.awaitIdle(Duration.ofSeconds(30));
		assertThat(this.receiver.received()).hasSize(11);
		assertThat(notes()).last().asString().startsWith("More than 10 redirects");
	}

	@Test
	void repliesWithAPlainTextAsItIs() {
		this.receiver.answer((request) -> new Reply(200, "OK", "text/plain;charset=UTF-8"));
		this.simulator.receive(PHONE, NUMBER, "Hello");
		assertThat(this.simulator.awaitMessage(REPLY).body()).isEqualTo("OK");
	}

	@ParameterizedTest
	@CsvSource({ "<Message><Media>ftp://a.example.com/x</Media></Message>,12300,0",
			"<Message statusCallback='ftp://a.example.com/'>Hi</Message>,21609,1",
			"<Redirect>ftp://x</Redirect>,11100,0", "<Message/>,14103,0" })
	void notesWhatADocumentMustNotAskFor(String verb, String note, int replies) {
		this.receiver.answer((request) -> new Reply(200, "<Response>" + verb + "</Response>"));
		this.simulator.receive(PHONE, NUMBER, "Hello");
		this.simulator.awaitIdle(Duration.ofSeconds(30));
		assertThat(notes()).singleElement().asString().startsWith(note);
		assertThat(this.simulator.messages()).hasSize(1 + replies);
	}

	@Test
	void notesAnAnswerThatLeadsElsewhere() {
		this.receiver.answer((request) -> new Reply(302, "<html>Please log in</html>"));
		this.simulator.receive(PHONE, NUMBER, "Hello");
		this.simulator.awaitIdle(Duration.ofSeconds(30));
		assertThat(notes()).singleElement().asString().contains("isn't followed");
	}

	private List<String> notes() {
		List<String> notes = new ArrayList<>();
		this.api.get("/simulator/callbacks")
			.json()
			.get("callbacks")
			.forEach((callback) -> notes.add(callback.get("note").asString()));
		return notes;
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

	@ParameterizedTest
	@CsvSource({ "STOP,STOP", " unsubscribe ,STOP", "yes,START", "Info,HELP", "stop please,", "Hello," })
	void tellsTheWebhookOfAServiceTheOptOutType(String word, String type) {
		this.simulator.configure(
				(directory) -> directory.put(new MessagingService(ApiClient.SERVICE, List.of(NUMBER), null, null)));
		SimulatedMessage message = this.simulator.receive(PHONE, NUMBER, word);
		this.simulator.awaitCallback(MessageMatcher.sid(message.sid()), MessageStatus.RECEIVED);
		Map<String, String> form = this.receiver.received().get(0).form();
		assertThat(form).containsKey("MessagingServiceSid");
		assertThat(form.get("OptOutType")).isEqualTo(type);
	}

	@Test
	void tellsTheWebhookOfANumberWithoutAServiceNoOptOutType() {
		SimulatedMessage message = this.simulator.receive(PHONE, NUMBER, "STOP");
		this.simulator.awaitCallback(MessageMatcher.sid(message.sid()), MessageStatus.RECEIVED);
		assertThat(this.receiver.received().get(0).form()).containsEntry("Body", "STOP")
			.doesNotContainKey("OptOutType");
	}

	@Test
	void tellsTheWebhookOfAPlace() {
		String phone = "whatsapp:+15558675310";
		this.simulator.receive(
				PhoneMessage.of(phone, "whatsapp:+15017122661").location(52.52, 13.405).place("Office", "Main St 1"));
		this.simulator.awaitCallback(MessageMatcher.any(), MessageStatus.RECEIVED);
		assertThat(this.receiver.received().get(0).form()).containsEntry("Latitude", "52.52")
			.containsEntry("Longitude", "13.405")
			.containsEntry("Label", "Office")
			.containsEntry("Address", "Main St 1")
			.containsEntry("MessageType", "location")
			.containsEntry("Body", "");
	}

	@Test
	void tellsTheWebhookOfAButtonAndAnAdvertisement() {
		this.simulator.receive(PhoneMessage.of("whatsapp:+15558675310", "whatsapp:+15017122661")
			.button("Yes", "confirm-42")
			.referral(Map.of("Headline", "Spring sale", "SourceUrl", "https://shop.example.com/ad")));
		this.simulator.awaitCallback(MessageMatcher.any(), MessageStatus.RECEIVED);
		assertThat(this.receiver.received().get(0).form()).containsEntry("ButtonText", "Yes")
			.containsEntry("ButtonPayload", "confirm-42")
			.containsEntry("Body", "Yes")
			.containsEntry("MessageType", "button")
			.containsEntry("ReferralHeadline", "Spring sale")
			.containsEntry("ReferralSourceUrl", "https://shop.example.com/ad");
	}

	@Test
	void stopsMessagesByTheOptOutTypeOfAKeywordOfTheAccountsOwn() {
		this.simulator.receive(PhoneMessage.of(PHONE, NUMBER).body("Arret").optOutType("STOP"));
		this.simulator.awaitCallback(MessageMatcher.body("Arret"), MessageStatus.RECEIVED);
		assertThat(this.receiver.received().get(0).form()).containsEntry("OptOutType", "STOP");
		assertThat(this.api.send().json().get("code").asInt()).isEqualTo(21610);
	}

	@Test
	void takesAllThatOverTheControlToo() {
		Answer answer = this.api.post("/simulator/inbound", "from", PHONE, "to", NUMBER, "latitude", "-33.5",
				"longitude", "151", "button_text", "Yes", "button_payload", "y", "opt_out_type", "HELP",
				"referral_ctwa_clid", "abc");
		assertThat(answer.status()).isEqualTo(201);
		assertThat(answer.json().get("extras").get("Latitude").asString()).isEqualTo("-33.5");
		this.simulator.awaitIdle(Duration.ofSeconds(30));
		assertThat(this.receiver.received().get(0).form()).containsEntry("Longitude", "151.0")
			.containsEntry("OptOutType", "HELP")
			.containsEntry("ReferralCtwaClid", "abc");
	}

	@ParameterizedTest
	@CsvSource({ "latitude,91", "latitude,north", "longitude,1", "label,Office", "button_payload,x",
			"opt_out_type,stop" })
	void refusesWhatNoPhoneSays(String name, String value) {
		Answer answer = this.api.post("/simulator/inbound", "from", PHONE, "to", NUMBER, name, value);
		assertThat(answer.status()).isEqualTo(400);
		assertThat(answer.text("error")).isNotBlank();
		assertThat(this.simulator.messages()).isEmpty();
	}

	@Test
	void failsAServicesMessageToAPhoneThatSaidStop() {
		this.simulator.receive(PHONE, "+15005550006", "STOP");
		String sid = this.api.create("To", PHONE, "MessagingServiceSid", ApiClient.SERVICE, "Body", "Hi").sid();
		this.simulator.clock().advance(Duration.ofMinutes(1));
		assertThat(this.api.fetch(sid).text("status")).isEqualTo("failed");
		assertThat(this.api.fetch(sid).json().get("error_code").asInt()).isEqualTo(21610);
	}

	@ParameterizedTest
	@CsvSource({ "a,+15017122661", "+15558675310,b", "15558675310,+15017122661", "+15558675310,My Shop",
			"+1,+15017122661", "whatsapp:+15558675310,+15017122661", "+15558675310,whatsapp:+15017122661",
			"whatsapp:123,whatsapp:+15017122661", "My Shop,+15017122661" })
	void refusesAddressesThatCouldNotExist(String from, String to) {
		assertThatIllegalArgumentException().isThrownBy(() -> this.simulator.receive(from, to, "Hello"))
			.withMessageContaining("A phone is a number such as +15558675310");
		Answer answer = this.api.post("/simulator/inbound", "from", from, "to", to, "body", "Hello");
		assertThat(answer.status()).isEqualTo(400);
		assertThat(this.simulator.messages()).isEmpty();
	}

	@ParameterizedTest
	@CsvSource({ "+15558675310,12345", "12345,+15017122661", "messenger:1,messenger:2",
			"whatsapp:+15558675310,whatsapp:+15017122661" })
	void takesWhatAPhoneCouldWrite(String from, String to) {
		assertThat(this.simulator.receive(from, to, "Hello").to()).isEqualTo(to);
	}

	@Test
	void prefersTheNumbersOwnWebhook() {
		this.simulator.configure((directory) -> directory.put(new PhoneNumber(NUMBER, this.receiver.url("/own"), 0)));
		SimulatedMessage message = this.simulator.receive(PHONE, NUMBER, "Hello");
		this.simulator.awaitCallback(MessageMatcher.sid(message.sid()), MessageStatus.RECEIVED);
		assertThat(this.receiver.received().get(0).url()).endsWith("/own");
	}

}
