package io.github.twiliospring.messaging.webhook;

import java.io.ByteArrayInputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import javax.xml.parsers.DocumentBuilderFactory;

import io.github.twiliospring.messaging.signature.RequestSigner;
import io.github.twiliospring.messaging.signature.RequestValidator;
import io.github.twiliospring.messaging.webhook.ledger.InMemoryCallbackLedger;
import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.web.util.UriUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class InboundMessageHandlersTests {

	private static final String URL = "https://shop.example.com/twilio/inbound";

	private AnnotationConfigApplicationContext context;

	private WebhookEndpoint endpoint;

	@BeforeEach
	void start() {
		start(Answering.class);
	}

	private void start(Class<?> configuration) {
		this.context = new AnnotationConfigApplicationContext(configuration);
		WebhookGate gate = new WebhookGate(new RequestValidator(List.of("token")), WebhookLimits.defaults());
		this.endpoint = WebhookEndpoint.forInbound(gate,
				new IncomingMessageDispatcher(this.context.getBean(InboundMessageHandlers.class),
						new InMemoryCallbackLedger(100, Duration.ofDays(1))),
				ObservationRegistry.NOOP, null);
	}

	@AfterEach
	void stop() {
		this.context.close();
	}

	@ParameterizedTest
	@CsvSource({ "' help ',+15005550006,keyword", "HELP,+15005550006,keyword", "help me,+15005550006,receiver",
			"order 42,+15005550006,pattern 42", "order 42!,+15005550006,receiver", "hi,+15005550007,anything" })
	void givesAMessageToTheMostSpecificMethod(String text, String receiver, String answeredBy) {
		assertThat(text(send("SM1", text, receiver))).isEqualTo(answeredBy);
	}

	@ParameterizedTest
	@CsvSource({ "stop,STOP,opted out", "arret,STOP,opted out", "stop,stop,opted out", "stop,PAUSE,keyword",
			"stop,'',keyword", "hello,START,receiver", "hello,UNKNOWN,receiver" })
	void handsAnOptOutToTheMethodThatAsksForItsType(String text, String type, String answeredBy) {
		this.context.close();
		start(OptingOut.class);
		assertThat(text(send("SM1", text, "+15005550006", "&OptOutType=" + type))).isEqualTo(answeredBy);
	}

	@Test
	void tellsAnOperatorTheOptOutTypesOfAMethod() {
		this.context.close();
		start(OptingOut.class);
		assertThat(this.context.getBean(InboundMessageHandlers.class).describe().get(0).conditions())
			.containsExactly("opt-out [STOP, HELP]");
	}

	@Test
	void handsTheRulesOfOrderOnToAMethodThatAsksForAnOptOutType() {
		this.context.close();
		start(FirstOfAll.class);
		assertThat(text(send("SM1", "stop", "+15005550006", "&OptOutType=STOP"))).isEqualTo("first");
	}

	@Test
	void handsTheMethodThePartsThatTheMessageHas() {
		assertThat(text(send("SM1", "parts", "+15005550007",
				"&Latitude=51.5&Label=Home&OptOutType=HELP"
						+ "&ButtonText=Yes&ListId=7&OriginalRepliedMessageSid=SM0&ReferralSourceType=ad")))
			.isEqualTo("51.5 Home HELP Yes 7 SM0 ad Jo");
		assertThat(text(send("SM2", "no parts", "+15005550007"))).isEqualTo("null null null null null null");
	}

	@Test
	void answersWithARedirectAlone() {
		assertThat(send("SM1", "redirect", "+15005550007").body())
			.endsWith("<Response><Redirect method=\"POST\">/next</Redirect></Response>");
	}

	@Test
	void givesADuplicateTheFirstAnswerAgainWithoutRunningTheMethod() {
		String first = send("SM1", "count", "+15005550007").body();
		assertThat(send("SM1", "count", "+15005550007").body()).isEqualTo(first);
		assertThat(send("SM2", "count", "+15005550007").body()).isNotEqualTo(first);
		assertThat(this.context.getBean(Answering.class).counted).hasSize(2);
	}

	@Test
	void rendersTextMediaAndSeveralMessagesAsTwiml() throws Exception {
		WebhookResponse response = send("SM1", "several", "+15005550007");
		assertThat(response.contentType()).isEqualTo("text/xml;charset=UTF-8");
		assertThat(response.body()).isEqualTo("<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response>"
				+ "<Message><Body>&lt;a&gt; &amp; \uFFFD 😀 é</Body></Message>"
				+ "<Message><Body>look</Body><Media>https://shop.example.com/a?b=1&amp;c=2</Media>"
				+ "<Media>https://shop.example.com/d</Media></Message></Response>");
		Document document = DocumentBuilderFactory.newInstance()
			.newDocumentBuilder()
			.parse(new ByteArrayInputStream(response.bytes()));
		assertThat(document.getElementsByTagName("Body").item(0).getTextContent()).isEqualTo("<a> & \uFFFD 😀 é");
	}

	@ParameterizedTest
	@ValueSource(strings = { "nothing", "no reply", "empty mono" })
	void answersWithAnEmptyDocumentWhereThereIsNoReply(String text) throws Exception {
		WebhookResponse response = send("SM1", text, "+15005550007");
		assertThat(response.status()).isEqualTo(200);
		Document document = DocumentBuilderFactory.newInstance()
			.newDocumentBuilder()
			.parse(new ByteArrayInputStream(response.bytes()));
		assertThat(document.getDocumentElement().getTagName()).isEqualTo("Response");
		assertThat(document.getDocumentElement().hasChildNodes()).isFalse();
	}

	@Test
	void showsMediaAndChannelFields() {
		send("SM1", "fields", "+15005550007");
		IncomingMessage message = this.context.getBean(Answering.class).messages.get(0);
		assertThat(message.media()).extracting(IncomingMessage.Media::url)
			.containsExactly("https://m.example.com/0", "https://m.example.com/1");
		assertThat(message.media()).extracting(IncomingMessage.Media::contentType).containsExactly("image/png", null);
		assertThat(message.profile().name()).isEqualTo("Jo");
		assertThat(message.numSegments()).isEqualTo(1);
		assertThat(message.parameter("FromCity")).isEqualTo("OAKLAND");
		assertThat(message.toString()).doesNotContain("+15558675310", "Jo", "fields").contains("…5310");
	}

	@Test
	void answersFiveHundredWhereAMethodFailsAndCallsItAgain() {
		assertThat(send("SM1", "fail once", "+15005550007").status()).isEqualTo(500);
		assertThat(text(send("SM1", "fail once", "+15005550007"))).isEqualTo("recovered");
	}

	@Test
	void refusesAForgedMessageAndOneThatNamesNoSender() {
		WebhookRequest genuine = request("SM1", "fields", "+15005550007");
		WebhookRequest forged = new WebhookRequest(genuine.url(), null, genuine.contentType(), genuine.contentLength(),
				List.of("x"), genuine.body());
		assertThat(this.endpoint.receive(Mono.just(forged), Pools.pool()).block().status()).isEqualTo(403);
		String form = "AccountSid=AC1&MessageSid=SM1&Body=x";
		assertThat(this.endpoint.receive(Mono.just(signed(form)), Pools.pool()).block().status()).isEqualTo(400);
		assertThat(this.context.getBean(Answering.class).messages).isEmpty();
	}

	@Test
	void aPatternThatOverflowsTheStackIsAnswered() {
		try (AnnotationConfigApplicationContext own = new AnnotationConfigApplicationContext(Overflowing.class)) {
			WebhookEndpoint overflowing = WebhookEndpoint.forInbound(
					new WebhookGate(new RequestValidator(List.of("token")), WebhookLimits.defaults()),
					new IncomingMessageDispatcher(own.getBean(InboundMessageHandlers.class),
							new InMemoryCallbackLedger(100, Duration.ofDays(1))),
					ObservationRegistry.NOOP, null);
			WebhookRequest request = request("SM1", "ab".repeat(30_000), "+15005550006");
			assertThat(overflowing.receive(Mono.just(request), Pools.pool()).block().status()).isEqualTo(500);
		}
	}

	@ParameterizedTest
	@ValueSource(classes = { ReturnsText.class, ReturnsSeveral.class, BadPattern.class, BadParameter.class })
	void failsTheStartupWhereAMethodCannotAnswer(Class<?> configuration) {
		assertThatExceptionOfType(InvalidHandlerException.class)
			.isThrownBy(() -> new AnnotationConfigApplicationContext(configuration).close())
			.withMessageContaining(configuration.getName() + ".answer");
	}

	@Test
	void leavesItsPathToTheApplicationWhereNoMethodIsAnnotated() {
		assertThat(this.endpoint.isActive()).isTrue();
		this.context.close();
		start(Base.class);
		assertThat(this.endpoint.isActive()).isFalse();
	}

	@Test
	void refusesARepliesTextOrMediaThatTheProviderWouldRefuse() {
		assertThatIllegalArgumentException().isThrownBy(() -> Reply.text("a".repeat(1601)));
		assertThatIllegalArgumentException().isThrownBy(() -> Reply.media("no media"));
		assertThat(Reply.text("secret").toString()).doesNotContain("secret");
	}

	private WebhookResponse send(String sid, String text, String receiver) {
		return send(sid, text, receiver, "");
	}

	private WebhookResponse send(String sid, String text, String receiver, String more) {
		return this.endpoint.receive(Mono.just(request(sid, text, receiver, more)), Pools.pool()).block();
	}

	private static WebhookRequest request(String sid, String text, String receiver) {
		return request(sid, text, receiver, "");
	}

	private static WebhookRequest request(String sid, String text, String receiver, String more) {
		return signed("AccountSid=AC1&MessageSid=" + sid + "&From=%2B15558675310&To=" + encode(receiver) + "&Body="
				+ encode(text) + "&NumMedia=2&MediaUrl0=https%3A%2F%2Fm.example.com%2F0&MediaContentType0=image%2Fpng"
				+ "&MediaUrl1=https%3A%2F%2Fm.example.com%2F1&NumSegments=1&ProfileName=Jo&FromCity=OAKLAND" + more);
	}

	private static WebhookRequest signed(String form) {
		String signature = new RequestSigner("token").sign(URL, FormParameters.parse(form, 30));
		return new WebhookRequest(URL, null, "application/x-www-form-urlencoded", form.length(), List.of(signature),
				form.getBytes(StandardCharsets.UTF_8));
	}

	private static String encode(String text) {
		return UriUtils.encode(text, StandardCharsets.UTF_8);
	}

	private static String text(WebhookResponse response) {
		return response.body().replaceAll("(?s).*<Body>(.*)</Body>.*", "$1");
	}

	@Configuration(proxyBeanMethods = false)
	static class Overflowing extends Base {

		@InboundMessage(pattern = "(a|b)*c")
		void answer() {
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Base {

		@Bean
		InboundMessageHandlers handlers(AnnotationConfigApplicationContext context) {
			return new InboundMessageHandlers(context.getBeanFactory());
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Answering extends Base {

		final List<String> counted = new CopyOnWriteArrayList<>();

		final List<IncomingMessage> messages = new CopyOnWriteArrayList<>();

		private boolean failed;

		@InboundMessage
		Reply anything() {
			return Reply.text("anything");
		}

		@InboundMessage(receivers = "${shop.number:+15005550006}")
		Reply receiver() {
			return Reply.text("receiver");
		}

		@InboundMessage(keywords = { "help", "info" })
		Mono<Reply> keyword() {
			return Mono.just(Reply.text("keyword"));
		}

		@InboundMessage(pattern = "order \\d+")
		Reply pattern(IncomingMessage message, @CallbackParameter("Body") String body) {
			return Reply.text("pattern " + body.substring("order ".length()));
		}

		@InboundMessage(keywords = "count")
		Reply count(IncomingMessage message) {
			this.counted.add(message.messageSid());
			return Reply.text("number " + this.counted.size());
		}

		@Order(1)
		@InboundMessage(keywords = "several")
		Reply several() {
			return Reply.text("<a> & \u0007 😀 é")
				.and(Reply.media("look", URI.create("https://shop.example.com/a?b=1&c=2"),
						URI.create("https://shop.example.com/d")));
		}

		@InboundMessage(keywords = "nothing")
		void nothing() {
		}

		@InboundMessage(keywords = "no reply")
		Reply noReply() {
			return Reply.none();
		}

		@InboundMessage(keywords = "empty mono")
		Mono<Reply> emptyMono() {
			return Mono.empty();
		}

		@InboundMessage(keywords = "fields")
		Mono<Void> fields(IncomingMessage message) {
			return Mono.fromRunnable(() -> this.messages.add(message));
		}

		@InboundMessage(keywords = "parts")
		Reply parts(Location location, @Nullable OptOutType type, ButtonReply button, ListReply item,
				RepliedMessage replied, Referral referral, SenderProfile profile) {
			return Reply.text("%s %s %s %s %s %s %s %s".formatted(location.latitude(), location.label(), type,
					button.text(), item.id(), replied.sid(), referral.source().type(), profile.name()));
		}

		@InboundMessage(keywords = "no parts")
		Reply noParts(@Nullable Location location, @Nullable OptOutType type, @Nullable ButtonReply button,
				@Nullable ListReply item, @Nullable RepliedMessage replied, @Nullable Referral referral) {
			return Reply.text("%s %s %s %s %s %s".formatted(location, type, button, item, replied, referral));
		}

		@InboundMessage(keywords = "redirect")
		Reply redirect() {
			return Reply.redirect(URI.create("/next"));
		}

		@InboundMessage(keywords = "fail once")
		Reply fail() {
			if (!this.failed) {
				this.failed = true;
				throw new IllegalStateException("once");
			}
			return Reply.text("recovered");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OptingOut extends Base {

		@InboundMessage
		Reply anything() {
			return Reply.text("anything");
		}

		@InboundMessage(receivers = "+15005550006")
		Reply receiver() {
			return Reply.text("receiver");
		}

		@InboundMessage(keywords = "stop")
		Reply keyword() {
			return Reply.text("keyword");
		}

		@InboundMessage(optOut = { OptOutType.HELP, OptOutType.STOP })
		Reply optOut() {
			return Reply.text("opted out");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class FirstOfAll extends OptingOut {

		@Order(1)
		@InboundMessage
		Reply first() {
			return Reply.text("first");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ReturnsText extends Base {

		@InboundMessage
		String answer() {
			return "";
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ReturnsSeveral extends Base {

		@InboundMessage
		Flux<Reply> answer() {
			return Flux.empty();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class BadPattern extends Base {

		@InboundMessage(pattern = "(")
		Reply answer() {
			return Reply.none();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class BadParameter extends Base {

		@InboundMessage
		Reply answer(int amount) {
			return Reply.none();
		}

	}

}
