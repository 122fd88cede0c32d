package io.github.twiliospring.messaging;

import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import com.github.tomakehurst.wiremock.matching.UrlPattern;
import io.github.twiliospring.messaging.error.InvalidMessageException;
import io.github.twiliospring.messaging.error.MessageRejectedException;
import io.github.twiliospring.messaging.error.MessagingUnavailableException;
import io.github.twiliospring.messaging.message.AddressRetention;
import io.github.twiliospring.messaging.message.ContentRetention;
import io.github.twiliospring.messaging.message.ErrorCategory;
import io.github.twiliospring.messaging.message.Message;
import io.github.twiliospring.messaging.message.MessageDirection;
import io.github.twiliospring.messaging.message.MessageFault;
import io.github.twiliospring.messaging.message.MessageStatus;
import io.github.twiliospring.messaging.message.OutboundMessageBuilder;
import io.github.twiliospring.messaging.message.RiskCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.jupiter.params.provider.MethodSource;
import io.github.twiliospring.messaging.message.OutboundMessage;
import io.github.twiliospring.messaging.message.MessageQuery;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.deleteRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static io.github.twiliospring.messaging.message.MessageQuery.query;
import static io.github.twiliospring.messaging.message.OutboundMessage.to;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * The exact wire form of every call, against canned answers.
 */
class MessagingTemplateTests {

	private static final String RECIPIENT = "+15558675310";

	private static final String SID = "SM0123456789abcdef0123456789abcdef";

	private static final String ACCOUNT = "/2010-04-01/Accounts/" + TestTemplates.ACCOUNT_SID;

	private static final UrlPattern MESSAGES = urlEqualTo(ACCOUNT + "/Messages.json");

	private static final UrlPattern MESSAGE = urlEqualTo(ACCOUNT + "/Messages/" + SID + ".json");

	@RegisterExtension
	final WireMockExtension api = WireMockExtension.newInstance().build();

	@Test
	void sendsAFormWithBasicAuthAndReadsTheMessage() {
		stub(created());
		Message message = template().send(RECIPIENT, "Your table is ready – ½ off & more+").block();
		this.api.verify(1, postRequestedFor(MESSAGES)
			.withBasicAuth(new com.github.tomakehurst.wiremock.client.BasicCredentials(TestTemplates.ACCOUNT_SID,
					TestTemplates.AUTH_TOKEN))
			.withHeader("Content-Type", equalTo("application/x-www-form-urlencoded"))
			.withHeader("Accept", equalTo("application/json"))
			.withRequestBody(equalTo("To=%2B15558675310&MessagingServiceSid=" + TestTemplates.SERVICE_SID
					+ "&Body=Your+table+is+ready+%E2%80%93+%C2%BD+off+%26+more%2B")));
		assertThat(message.sid()).isEqualTo(SID);
		assertThat(message.status()).isEqualTo(MessageStatus.ACCEPTED);
		assertThat(message.direction()).isEqualTo(MessageDirection.OUTBOUND_API);
		assertThat(message.numSegments()).isZero();
		assertThat(message.dateCreated()).isEqualTo("2019-05-24T17:44:46Z");
		assertThat(message.price().amount()).isEqualTo("-0.00750");
		assertThat(message.subresourceUris()).containsKey("media");
	}

	@ParameterizedTest
	@MethodSource
	void putsEveryParameterOnTheWireInItsExactForm(OutboundMessageBuilder message, String expected) {
		stub(created());
		TestTemplates.at(this.api.baseUrl())
			.limits(new MessageLimits(Duration.ofMinutes(15), Duration.ofDays(7), Duration.ofHours(4), true))
			.build()
			.send(message)
			.block();
		this.api.verify(1, postRequestedFor(MESSAGES).withRequestBody(equalTo(expected)));
	}

	static Stream<Arguments> putsEveryParameterOnTheWireInItsExactForm() {
		String service = "MessagingServiceSid=" + TestTemplates.SERVICE_SID;
		String start = "To=%2B15558675310&" + service + "&";
		return Stream.of(
				Arguments.of(to(RECIPIENT).from("+15017122661").body("x"),
						"To=%2B15558675310&From=%2B15017122661&Body=x"),
				Arguments.of(to(RECIPIENT).from("12345").body("x"), "To=%2B15558675310&From=12345&Body=x"),
				Arguments.of(to(RECIPIENT).from("My Shop 1").body("x"), "To=%2B15558675310&From=My+Shop+1&Body=x"),
				Arguments.of(to(RECIPIENT).from("sim:DE0123").body("x"), "To=%2B15558675310&From=sim%3ADE0123&Body=x"),
				Arguments.of(to("whatsapp:" + RECIPIENT).from("whatsapp:+15017122661").body("x"),
						"To=whatsapp%3A%2B15558675310&From=whatsapp%3A%2B15017122661&Body=x"),
				Arguments.of(to("messenger:4711").from("messenger:12").body("x"),
						"To=messenger%3A4711&From=messenger%3A12&Body=x"),
				Arguments.of(
						to(RECIPIENT).from("+15017122661").messagingServiceSid(TestTemplates.SERVICE_SID).body("x"),
						"To=%2B15558675310&From=%2B15017122661&" + service + "&Body=x"),
				Arguments.of(service().mediaUrl("https://a.example/1.png").mediaUrl(URI.create("https://a.example/2")),
						start + "MediaUrl=https%3A%2F%2Fa.example%2F1.png&MediaUrl=https%3A%2F%2Fa.example%2F2"),
				Arguments.of(
						service().contentSid("HX0123456789abcdef0123456789abcdef")
							.contentVariables(Map.of("1", "Ada \"A\"")),
						start + "ContentSid=HX0123456789abcdef0123456789abcdef"
								+ "&ContentVariables=%7B%221%22%3A%22Ada+%5C%22A%5C%22%22%7D"),
				Arguments.of(service().body("x").applicationSid("AP0123456789abcdef0123456789abcdef"),
						start + "Body=x&ApplicationSid=AP0123456789abcdef0123456789abcdef"),
				Arguments.of(service().body("x").maxPrice(new BigDecimal("1E-2")), start + "Body=x&MaxPrice=0.01"),
				Arguments.of(service().body("x").maxPrice(new BigDecimal("0.50000")), start + "Body=x&MaxPrice=0.5"),
				Arguments.of(service().body("x").provideFeedback(true), start + "Body=x&ProvideFeedback=true"),
				Arguments.of(service().body("x").attempt(2), start + "Body=x&Attempt=2"),
				Arguments.of(service().body("x").validityPeriod(Duration.ofMinutes(10)),
						start + "Body=x&ValidityPeriod=600"),
				Arguments.of(service().body("x").forceDelivery(false), start + "Body=x&ForceDelivery=false"),
				Arguments.of(service().body("x").contentRetention(ContentRetention.DISCARD),
						start + "Body=x&ContentRetention=discard"),
				Arguments.of(service().body("x").addressRetention(new AddressRetention("hash")),
						start + "Body=x&AddressRetention=hash"),
				Arguments.of(service().body("x").smartEncoded(true), start + "Body=x&SmartEncoded=true"),
				Arguments.of(service().body("x").persistentAction("geo:1,2|A").persistentAction("b"),
						start + "Body=x&PersistentAction=geo%3A1%2C2%7CA&PersistentAction=b"),
				Arguments.of(service().body("x").shortenUrls(true), start + "Body=x&ShortenUrls=true"),
				Arguments.of(
						service().body("x")
							.sendAt(ZonedDateTime.of(2030, 3, 2, 9, 0, 0, 1, ZoneId.of("Europe/Berlin"))),
						start + "Body=x&ScheduleType=fixed&SendAt=2030-03-02T08%3A00%3A01Z"),
				Arguments.of(service().body("x").sendAsMms(true), start + "Body=x&SendAsMms=true"),
				Arguments.of(service().body("x").trafficType("free"), start + "Body=x&TrafficType=free"),
				Arguments.of(service().body("x").riskCheck(RiskCheck.DISABLE), start + "Body=x&RiskCheck=disable"),
				Arguments.of(service().body("x").fallbackFrom("+15017122662"),
						start + "Body=x&FallbackFrom=%2B15017122662"));
	}

	@Test
	void tiesTheSendToItsReportsByTheStatusCallbackUrl() {
		stub(created());
		MessagingTemplate template = TestTemplates.at(this.api.baseUrl())
			.statusCallback("https://shop.example.com/twilio/status#rc=2")
			.build();
		template.send(to(RECIPIENT).body("x").reference("order 42/ä")).block();
		template.send(to(RECIPIENT).body("x").statusCallback("https://own.example.com/s?a=b#rp=all")).block();
		List<String> callbacks = this.api.getAllServeEvents()
			.stream()
			.map((event) -> event.getRequest().formParameter("StatusCallback").firstValue())
			.toList();
		assertThat(callbacks.get(1))
			.matches("https://shop\\.example\\.com/twilio/status\\?message-reference=order%2042%2F%C3%A4"
					+ "&message-send-id=[-0-9a-f]{36}&message-send-time=" + TestTemplates.NOW.toEpochMilli() + "#rc=2");
		assertThat(callbacks.get(0))
			.matches("https://own\\.example\\.com/s\\?a=b&message-send-id=[-0-9a-f]{36}&message-send-time=\\d+#rp=all");
	}

	@Test
	void listsEveryFaultInOneErrorBeforeAnyRequest() {
		MessagingTemplate template = TestTemplates.at(this.api.baseUrl()).from("+15017122661").build();
		InvalidMessageException failure = catchThrowableOfType(InvalidMessageException.class, () -> template
			.schedule(to("5558675310").body("a".repeat(1601)).reference("order-42").validityPeriod(Duration.ofHours(5)),
					TestTemplates.NOW.plusSeconds(60))
			.block());
		assertThat(failure.getFaults()).extracting(MessageFault::field)
			.containsExactly("To", "Body", "ValidityPeriod", "MessagingServiceSid", "SendAt", "reference");
		assertThat(failure).hasMessageContaining("1601 characters, the limit is 1600")
			.hasMessageContaining("twilio.messaging.limits.validity-maximum=10h")
			.hasMessageContaining("order-42")
			.hasMessageNotContaining("5558675310")
			.hasMessageNotContaining("aaaa");
		this.api.verify(0, postRequestedFor(anyUrl()));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '"',
			textBlock = """
					-PT1S   | is past (2030-03-01T11:59:59Z), it must be at least 15 minutes from now (2030-03-01T12:00:00Z by the API's clock)
					PT5M    | 15 minutes from now (2030-03-01T12:00:00Z by the API's clock); the provider has since widened the window to 5 minutes, which twilio.messaging.limits.schedule-minimum=5m allows
					PT1M    | is too soon (2030-03-01T12:01:00Z), it must be at least 15 minutes from now
					P8D     | is too late (2030-03-09T12:00:00Z), it must be at most 7 days from now (2030-03-01T12:00:00Z by the API's clock); the provider has since widened
					P36D    | it must be at most 7 days from now (2030-03-01T12:00:00Z by the API's clock)
					""")
	void saysInWhichWayATimeCannotBe(Duration fromNow, String text) {
		StepVerifier.create(template().schedule(service().body("x"), TestTemplates.NOW.plus(fromNow)))
			.verifyErrorSatisfies((failure) -> {
				assertThat(failure).isInstanceOf(InvalidMessageException.class).hasMessageContaining(text);
				if (fromNow.toDays() > 35) {
					assertThat(failure).hasMessageNotContaining("widened");
				}
			});
	}

	@Test
	void neverThrowsAndNeverSendsAtOnceForWantOfATime() {
		OutboundMessageBuilder broken = service().mediaUrl((URI) null).persistentAction(null);
		StepVerifier.create(template().send(broken)).verifyError(InvalidMessageException.class);
		StepVerifier.create(template().schedule(service().body("x"), (Instant) null))
			.verifyErrorSatisfies((failure) -> assertThat(failure).hasMessageContaining("SendAt: is missing"));
		OutboundMessageBuilder unwritable = service().contentSid("HX0123456789abcdef0123456789abcdef")
			.contentVariables(Map.of("1", new Object() {

				@SuppressWarnings("unused")
				public String getName() {
					throw new IllegalStateException("secret");
				}

			}));
		StepVerifier.create(template().sendAll(List.of(unwritable.build())))
			.assertNext((result) -> assertThat(result.failure()).isInstanceOf(InvalidMessageException.class)
				.hasMessageContaining("ContentVariables"))
			.verifyComplete();
		this.api.verify(0, postRequestedFor(anyUrl()));
	}

	@Test
	void startsAnewWhenAMessageIsSentAgain() {
		stub(created());
		String url = "https://own.example.com/s?a=b";
		for (int i = 0; i < 3; i++) {
			template().send(service().body("x").statusCallback(url)).block();
			url = this.api.getAllServeEvents().get(0).getRequest().formParameter("StatusCallback").firstValue();
		}
		assertThat(url)
			.matches("https://own\\.example\\.com/s\\?a=b&message-send-id=[-0-9a-f]{36}&message-send-time=\\d+");
	}

	@Test
	void asksForASenderAndForContent() {
		MessagingTemplate template = TestTemplates.at(this.api.baseUrl()).from(null).build();
		StepVerifier.create(template.send(to(RECIPIENT)))
			.verifyErrorSatisfies((failure) -> assertThat(failure).hasMessageContaining("Body: is missing")
				.hasMessageContaining("twilio.messaging.messaging-service-sid"));
		this.api.verify(0, postRequestedFor(anyUrl()));
	}

	@Test
	void acceptsBothEndsOfTheScheduleWindowAndNothingBeyond() {
		stub(created());
		MessagingTemplate template = template();
		for (Instant allowed : List.of(TestTemplates.NOW.plus(Duration.ofMinutes(15)),
				TestTemplates.NOW.plus(Duration.ofDays(7)))) {
			assertThat(template.schedule(service().body("x"), allowed).block()).isNotNull();
		}
		for (Instant refused : List.of(TestTemplates.NOW.plus(Duration.ofMinutes(15)).minusMillis(1),
				TestTemplates.NOW.plus(Duration.ofDays(7)).plusMillis(1))) {
			StepVerifier.create(template.schedule(service().body("x"), refused))
				.verifyError(InvalidMessageException.class);
		}
		this.api.verify(2, postRequestedFor(MESSAGES));
	}

	@Test
	void updatesFetchesAndDeletesByPath() {
		stub(message("canceled"));
		MessagingTemplate template = template();
		assertThat(template.cancel(SID).block().status()).isEqualTo(MessageStatus.CANCELED);
		template.redact(SID).block();
		template.fetch(SID).block();
		this.api.verify(1, postRequestedFor(MESSAGE).withRequestBody(equalTo("Status=canceled")));
		this.api.verify(1, postRequestedFor(MESSAGE).withRequestBody(equalTo("Body=")));
		this.api.verify(1, getRequestedFor(MESSAGE));
		stub(aResponse().withStatus(204));
		template.delete(SID).block();
		this.api.verify(1, deleteRequestedFor(MESSAGE));
	}

	@ParameterizedTest
	@ValueSource(strings = { "cut \uD83D", "\uDE00 cut", "\uD83Dcut" })
	void refusesATextThatWasCutWithinACharacter(String text) {
		InvalidMessageException failure = catchThrowableOfType(InvalidMessageException.class,
				() -> template().send(service().body(text).reference(text).build()).block());
		assertThat(failure.getFaults()).extracting(MessageFault::field).contains("Body", "reference");
		assertThat(failure).hasMessageContaining("half a character");
		InvalidMessageException template = catchThrowableOfType(InvalidMessageException.class, () -> template().send(
				service().contentSid("HX0123456789abcdef0123456789abcdef").contentVariables(Map.of("1", text)).build())
			.block());
		assertThat(template.getFaults()).extracting(MessageFault::field).containsExactly("ContentVariables");
		this.api.verify(0, getRequestedFor(anyUrl()));
	}

	@Test
	void refusesASidOfTheWrongKindWithoutARequest() {
		for (String wrong : List.of("", "MM123", "AC0123456789abcdef0123456789abcdef", SID + "/../x")) {
			StepVerifier.create(template().fetch(wrong)).verifyError(InvalidMessageException.class);
		}
		this.api.verify(0, getRequestedFor(anyUrl()));
	}

	@Test
	void namesTheFieldAndTheKindOfAWrongSidAndNothingMoreOfIt() {
		assertThat(catchThrowableOfType(InvalidMessageException.class,
				() -> template().fetch("PN0123456789abcdef0123456789abcdef").block()))
			.hasMessageContaining("Sid: is PN… with 34 characters, it must be SM or MM and 32 hexadecimal digits");
		assertThat(catchThrowableOfType(InvalidMessageException.class,
				() -> template().cancel("0123456789abcdef0123456789abcdef").block()))
			.hasMessageContaining("Sid: is a text of 32 characters");
		assertThat(catchThrowableOfType(InvalidMessageException.class, () -> template().delete(null).block()))
			.hasMessageContaining("Sid: is missing, it must be SM or MM");
	}

	@Test
	void answersANullWithAFaultThatNamesIt() {
		MessagingTemplate template = template();
		Map<String, Publisher<?>> calls = new LinkedHashMap<>();
		calls.put("To: is missing", template.send((OutboundMessage) null));
		calls.put("Body: is missing", template.send((OutboundMessageBuilder) null));
		calls.put("2 faults: To: is missing", template.send(null, null));
		calls.put("SendAt: is missing", template.schedule((OutboundMessage) null, (Instant) null));
		calls.put("faults: To: is missing", template.schedule((OutboundMessageBuilder) null, TestTemplates.NOW));
		calls.put("messages: is missing", template.sendAll((Publisher<OutboundMessage>) null));
		calls.put("fault: messages: is missing", template.sendAll((Iterable<OutboundMessage>) null));
		calls.put("query: is missing", template.list(null));
		calls.put("To: none is no number", template.list(query().to(null)));
		calls.put("From: none is no number", template.list(query().from(null)));
		calls.put("MessageSid: is missing", template.mediaContent(null, null));
		calls.put("MediaSid: is missing", template.deleteMedia("SM0123456789abcdef0123456789abcdef", null));
		calls.put("Outcome: is missing", template.feedback(SID, null));
		calls.put("unknown: is missing", template.reconcile(null));
		calls.forEach((text, call) -> StepVerifier.create(call)
			.verifyErrorSatisfies((failure) -> assertThat(failure).isInstanceOf(InvalidMessageException.class)
				.hasMessageContaining(text)));
		assertThatIllegalArgumentException().isThrownBy(() -> template.forAccount(null))
			.withMessage("The account SID is missing, it must be AC and 32 hexadecimal digits");
		assertThatNullPointerException().isThrownBy(() -> query().sentSince((Instant) null))
			.withMessageContaining("leave the condition out");
		this.api.verify(0, anyRequestedFor(anyUrl()));
	}

	@Test
	void listsEveryFaultOfAQueryBeforeAnyRequest() {
		InvalidMessageException failure = catchThrowableOfType(InvalidMessageException.class,
				() -> template()
					.list(query().to("555-867-5310 ext")
						.from("twenty characters are too many")
						.sentOn(LocalDate.of(2021, 1, 15))
						.sentSince(Instant.parse("2021-01-17T00:00:00Z"))
						.sentUntil(Instant.parse("2021-01-16T00:00:00Z"))
						.pageSize(0))
					.collectList()
					.block());
		assertThat(failure.getFaults()).extracting(MessageFault::field)
			.containsExactly("To", "From", "DateSent", "DateSent>", "PageSize");
		assertThat(failure.toString()).doesNotContain("867", "twenty");
		for (String address : List.of(RECIPIENT, "12345", "Acme Corp", "whatsapp:+15558675310")) {
			assertThat(query().to(address).from(address).faults()).isEmpty();
		}
		this.api.verify(0, getRequestedFor(anyUrl()));
	}

	@Test
	void refusesTimesThatTheApisDatesCanNotHold() {
		InvalidMessageException failure = catchThrowableOfType(InvalidMessageException.class,
				() -> template().list(query().sentSince(Instant.MIN).sentUntil(Instant.MAX)).collectList().block());
		assertThat(failure.getFaults()).extracting(MessageFault::field).containsExactly("DateSent>", "DateSent<");
		this.api.verify(0, getRequestedFor(anyUrl()));
	}

	@Test
	void deliversAPageUpToAnElementThatIsUnreadable() {
		stub(okJson("{\"messages\":[{\"sid\":\"SM1\"},{\"status\":\"sent\"},{\"sid\":\"SM3\"}],"
				+ "\"next_page_uri\":\"/next\"}"));
		StepVerifier.create(template().list(query()).map(Message::sid))
			.expectNext("SM1")
			.verifyErrorSatisfies((failure) -> assertThat(failure).isInstanceOf(MessagingUnavailableException.class)
				.hasMessageContaining("unreadable element"));
		this.api.verify(1, getRequestedFor(anyUrl()));
	}

	@ParameterizedTest
	@CsvSource({ "://,names no page", "mailto:somebody,names no page",
			"/2010-04-01/Accounts/x/Messages.json,names no page", "/elsewhere?Page=1,name each other",
			"/2010-04-01/Accounts/x/Messages.json?Page=1,name each other" })
	void deliversAPageWhoseNextOneCanNotBeAskedFor(String next, String problem) {
		stub(page(2, next));
		StepVerifier.create(template().list(query()))
			.expectNextCount(problem.startsWith("names no") ? 2 : 4)
			.verifyErrorSatisfies((failure) -> assertThat(failure).hasMessageContaining(problem));
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2, 3, 10 })
	void endsAListWhosePagesNameEachOtherForEver(int length) {
		for (int i = 0; i < length; i++) {
			this.api.stubFor(get(urlEqualTo(ACCOUNT + "/Messages.json?Page=" + i))
				.willReturn(page(1, ACCOUNT + "/Messages.json?Page=" + (i + 1) % length)));
		}
		this.api.stubFor(get(urlPathEqualTo(ACCOUNT + "/Messages.json")).withQueryParam("PageSize", equalTo("50"))
			.willReturn(page(1, ACCOUNT + "/Messages.json?Page=0")));
		StepVerifier.create(template().list(query()))
			.thenConsumeWhile((message) -> true)
			.verifyErrorSatisfies((failure) -> assertThat(failure).hasMessageContaining("for ever"));
		assertThat(this.api.getAllServeEvents()).hasSizeBetween(length + 1, 3 * length + 1);
	}

	@Test
	void asksForTheNextPageOnlyWhenItIsDemanded() {
		String second = ACCOUNT + "/Messages.json?PageSize=3&Page=1&PageToken=PASM2";
		this.api.stubFor(
				get(urlPathEqualTo(ACCOUNT + "/Messages.json")).willReturn(page(3, "https://evil.example" + second)));
		this.api.stubFor(get(urlEqualTo(second)).willReturn(page(2, null)));
		MessagingTemplate template = template();
		StepVerifier.create(template.list(query().pageSize(3)), 3).expectNextCount(3).thenCancel().verify();
		this.api.verify(1, getRequestedFor(anyUrl()));
		assertThat(template.list(query().pageSize(3)).take(3).collectList().block()).hasSize(3);
		this.api.verify(2, getRequestedFor(anyUrl()));
		assertThat(template.list(query().pageSize(3)).limitRate(1).collectList().block()).hasSize(5);
		this.api.verify(1, getRequestedFor(urlEqualTo(second)));
	}

	@Test
	void encodesTheFiltersOfAList() {
		stub(page(0, null));
		ZonedDateTime since = ZonedDateTime.of(2021, 1, 15, 2, 23, 45, 0, ZoneId.of("Europe/Paris"));
		template()
			.list(query().to(RECIPIENT)
				.from("+15017122661")
				.sentSince(since)
				.sentUntil(Instant.parse("2021-01-17T01:23:45Z"))
				.pageSize(1000))
			.collectList()
			.block();
		this.api.verify(1,
				getRequestedFor(urlEqualTo(ACCOUNT + "/Messages.json?PageSize=1000&To=%2B15558675310"
						+ "&From=%2B15017122661&DateSent%3E=2021-01-15T01%3A23%3A45Z"
						+ "&DateSent%3C=2021-01-17T01%3A23%3A45Z")));
		StepVerifier.create(template().list(query().pageSize(1001))).verifyError(InvalidMessageException.class);
	}

	@Test
	void turnsARejectionIntoItsCodeCategoryAndRequestId() {
		stub(aResponse().withStatus(400)
			.withHeader("Twilio-Request-Id", "RQ1")
			.withBody("{\"code\":21211,\"message\":\"The 'To' number +15558675310 is not a valid phone number.\","
					+ "\"more_info\":\"https://www.twilio.com/docs/errors/21211\",\"status\":400}"));
		MessageRejectedException failure = catchThrowableOfType(MessageRejectedException.class,
				() -> template().send(service().body("secret text")).block());
		assertThat(failure.getCode()).isEqualTo(21211);
		assertThat(failure.getCategory()).isEqualTo(ErrorCategory.INVALID_RECIPIENT);
		assertThat(failure.getHttpStatus()).isEqualTo(400);
		assertThat(failure.getRequestId()).isEqualTo("RQ1");
		assertThat(failure.getError().message()).contains("+15558675310");
		assertThat(failure.toString()).doesNotContain("5558675310", "secret text", TestTemplates.AUTH_TOKEN);
	}

	@Test
	void givesATypedErrorForAnAnswerThatIsNoJson() {
		stub(aResponse().withStatus(403).withBody("<html>Forbidden by proxy</html>"));
		MessageRejectedException failure = catchThrowableOfType(MessageRejectedException.class,
				() -> template().send(service().body("x")).block());
		assertThat(failure.getCode()).isNull();
		assertThat(failure.getHttpStatus()).isEqualTo(403);
		stub(aResponse().withStatus(502).withBody(""));
		StepVerifier.create(template().fetch(SID)).verifyError(MessagingUnavailableException.class);
	}

	@Test
	void readsAnAnswerWithUnknownFieldsUnknownValuesAndNullEverywhere() {
		stub(aResponse().withStatus(200)
			.withBody(
					"{\"sid\":\"" + SID + "\",\"status\":\"teleported\",\"direction\":\"sideways\",\"new\":{\"a\":[1]},"
							+ "\"num_segments\":2,\"error_code\":\"30003\",\"date_sent\":\"soon\",\"price\":{},"
							+ "\"subresource_uris\":null,\"body\":null}"));
		Message message = template().fetch(SID).block();
		assertThat(message.status()).isEqualTo(MessageStatus.UNKNOWN);
		assertThat(message.rawStatus()).isEqualTo("teleported");
		assertThat(message.numSegments()).isEqualTo(2);
		assertThat(message.error().category()).isEqualTo(ErrorCategory.UNREACHABLE);
		assertThat(message.dateSent()).isNull();
		assertThat(message.price()).isNull();
	}

	@Test
	void sendsManyWithOneResultEachAndNoneCutShort() {
		this.api.stubFor(any(anyUrl()).willReturn(created()));
		this.api.stubFor(com.github.tomakehurst.wiremock.client.WireMock.post(MESSAGES)
			.withRequestBody(com.github.tomakehurst.wiremock.client.WireMock.containing("Body=bad"))
			.willReturn(aResponse().withStatus(400).withBody("{\"code\":21610}")));
		List<SendResult> results = template()
			.sendAll(Flux.range(0, 30)
				.map((i) -> service().body((i % 10 == 3) ? "bad" : (i % 10 == 7) ? "" : "good " + i).build()))
			.collectList()
			.block();
		assertThat(results).hasSize(30);
		assertThat(results.stream().filter(SendResult::isSent)).hasSize(24);
		assertThat(results.stream().filter((result) -> result.failure() instanceof MessageRejectedException))
			.hasSize(3);
		assertThat(results.stream().filter((result) -> result.failure() instanceof InvalidMessageException)).hasSize(3);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "/gateway" })
	void callsTheApiBelowThePathOfAGateway(String prefixOfNextPage) {
		String second = ACCOUNT + "/Messages.json?PageSize=50&Page=1&PageToken=PASM2";
		this.api.stubFor(get(urlPathEqualTo("/gateway" + ACCOUNT + "/Messages.json"))
			.willReturn(page(1, prefixOfNextPage + second)));
		this.api.stubFor(get(urlEqualTo("/gateway" + second)).willReturn(page(1, null)));
		this.api.stubFor(get(urlEqualTo("/gateway" + ACCOUNT + "/Messages/" + SID + ".json")).willReturn(created()));
		MessagingTemplate template = TestTemplates.at(this.api.baseUrl() + "/gateway/").build();
		assertThat(template.fetch(SID).block()).isNotNull();
		assertThat(template.list(query().to(RECIPIENT)).collectList().block()).hasSize(2);
	}

	@Test
	void callsAnotherAccountWithTheSameCredentials() {
		stub(created());
		String other = "ACffffffffffffffffffffffffffffffff";
		template().forAccount(other).send(service().body("x")).block();
		this.api.verify(1, postRequestedFor(urlEqualTo("/2010-04-01/Accounts/" + other + "/Messages.json")));
	}

	private static OutboundMessageBuilder service() {
		return to(RECIPIENT).messagingServiceSid(TestTemplates.SERVICE_SID);
	}

	private MessagingTemplate template() {
		return TestTemplates.at(this.api.baseUrl()).build();
	}

	@Test
	void deliversTheResultsOnTheirWayBeforeTheFailureOfTheSource() {
		stub(aResponse().withStatus(201).withFixedDelay(100).withBody("{\"sid\":\"SM1\"}"));
		Flux<OutboundMessage> source = Flux.just(service().body("1").build(), service().body("2").build())
			.concatWith(Flux.error(new IllegalStateException("the cursor broke")));
		StepVerifier.create(template().sendAll(source))
			.expectNextMatches(SendResult::isSent)
			.expectNextMatches(SendResult::isSent)
			.verifyErrorMessage("the cursor broke");
	}

	@Test
	void endsAListWhoseAnswerIsNoPageInAnErrorAndNotEmpty() {
		stub(aResponse().withStatus(200).withBody("{}"));
		StepVerifier.create(template().list(MessageQuery.query())).verifyError(MessagingUnavailableException.class);
	}

	private void stub(ResponseDefinitionBuilder response) {
		this.api.stubFor(any(anyUrl()).willReturn(response));
	}

	private static ResponseDefinitionBuilder created() {
		return message("accepted").withStatus(201);
	}

	private static ResponseDefinitionBuilder message(String status) {
		return aResponse().withHeader("Content-Type", "application/json")
			.withBody("{\"sid\":\"" + SID + "\",\"status\":\"" + status
					+ "\",\"direction\":\"outbound-api\",\"num_segments\":\"0\",\"num_media\":\"0\","
					+ "\"price\":\"-0.00750\",\"price_unit\":\"USD\",\"error_code\":null,"
					+ "\"date_created\":\"Fri, 24 May 2019 17:44:46 +0000\","
					+ "\"subresource_uris\":{\"media\":\"/2010-04-01/x\"}}");
	}

	private static ResponseDefinitionBuilder page(int messages, String next) {
		String rows = IntStream.range(0, messages)
			.mapToObj((i) -> "{\"sid\":\"SM" + "%032d".formatted(i) + "\"}")
			.collect(java.util.stream.Collectors.joining(","));
		return aResponse().withBody("{\"messages\":[" + rows + "],\"next_page_uri\":"
				+ ((next != null) ? "\"" + next + "\"" : "null") + "}");
	}

}
