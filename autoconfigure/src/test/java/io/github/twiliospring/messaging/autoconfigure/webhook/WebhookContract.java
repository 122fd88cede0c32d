package io.github.twiliospring.messaging.autoconfigure.webhook;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.github.twiliospring.messaging.autoconfigure.webhook.WebhookApplication.Server;
import io.github.twiliospring.messaging.message.MessageStatus;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

import static io.github.twiliospring.messaging.autoconfigure.webhook.WebhookClient.form;
import static io.github.twiliospring.messaging.autoconfigure.webhook.WebhookClient.newSid;
import static io.github.twiliospring.messaging.autoconfigure.webhook.WebhookClient.sign;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a webhook does with good and bad input, over real connections: written once, held
 * by both stacks, with and without Spring Security.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
abstract class WebhookContract {

	private static final String FORGED = "AAAAAAAAAAAAAAAAAAAAAAAAAAA=";

	final WebhookClient client = new WebhookClient();

	private final Server server;

	private final boolean security;

	private final String[] properties;

	WebhookApplication application;

	private final Class<?> configuration;

	WebhookContract(Server server, boolean security, String... properties) {
		this(server, security, WebhookApplication.Handlers.class, properties);
	}

	WebhookContract(Server server, boolean security, Class<?> configuration, String... properties) {
		this.server = server;
		this.security = security;
		this.configuration = configuration;
		this.properties = properties;
	}

	@BeforeAll
	void start() {
		this.application = WebhookApplication.start(this.server, this.security, this.configuration, this.properties);
	}

	@AfterAll
	void stop() {
		this.application.close();
	}

	String url() {
		return "http://localhost:" + this.application.port() + WebhookApplication.PATH;
	}

	List<MessageStatus> statusesOf(String sid) {
		return this.application.handlers().statusesOf(sid);
	}

	@Test
	void handsAGenuineReportToABlockingAndAReactiveMethod() {
		String sid = newSid();
		assertThat(this.client.postSigned(url() + "?message-reference=order%2042", form(sid, "delivered")))
			.isEqualTo(204);
		assertThat(statusesOf(sid)).containsExactly(MessageStatus.DELIVERED);
		assertThat(this.application.handlers().reactive.get(sid).get(0).reference()).isEqualTo("order 42");
		assertThat(this.application.handlers().reactive.get(sid).get(0).parameter("Body")).isEqualTo(" a &");
		assertThat(this.application.handlers().onEventLoop).isNotEmpty().containsOnly(false);
	}

	@Test
	void leavesEveryOtherPathToTheApplicationAndItsSecurity() {
		for (String path : List.of("/", "/status/twilio/status", "/x")) {
			URI uri = URI.create("http://localhost:" + this.application.port() + path);
			assertThat(this.client.send(HttpRequest.newBuilder(uri).build()).statusCode())
				.isEqualTo(this.security ? 401 : 404);
		}
	}

	@Test
	void servesNoOtherSpellingOfItsPath() {
		String sid = newSid();
		for (String path : List.of("/", "/x", ";a=b", "%20")) {
			assertThat(this.client.postSigned(url() + path, form(sid, "sent"))).isBetween(400, 499);
		}
		String spelled = url().replace("/status", "/%73tatus");
		assertThat(this.client.postSigned(spelled, form(sid, "sent"))).isBetween(400, 499);
		assertThat(statusesOf(sid)).isEmpty();
	}

	@Test
	void refusesAMissingMalformedRepeatedOrWrongSignature() {
		String form = form(newSid(), "sent");
		String genuine = sign(url(), form);
		assertThat(this.client.post(url(), form)).isEqualTo(403);
		for (String signature : List.of("", "AAAA", "not base64", genuine.substring(1), genuine + "=",
				genuine.toLowerCase(), FORGED, genuine + "," + genuine)) {
			assertThat(this.client.post(url(), form, signature)).as(signature).isEqualTo(403);
		}
		assertThat(this.client.post(url(), form, genuine, genuine)).isEqualTo(403);
		assertThat(this.client.post(url(), form, FORGED, genuine)).isEqualTo(403);
	}

	@Test
	void refusesATamperedAddedRemovedOrTrimmedParameter() {
		String sid = newSid();
		String form = form(sid, "sent");
		String genuine = sign(url(), form);
		for (String tampered : List.of(form.replace("=sent", "=delivered"), form + "&Extra=1",
				form.replace("&To=%2B15558675310", ""), form.replace("=+a+", "=a+"), form.replace("=+a+", "=+a"),
				form.replace("To=", "to="), form + "&MessageStatus=delivered")) {
			assertThat(this.client.post(url(), tampered, genuine)).as(tampered).isEqualTo(403);
		}
		assertThat(this.client.post(url() + "?message-reference=other", form, genuine)).isEqualTo(403);
		assertThat(statusesOf(sid)).isEmpty();
	}

	@Test
	void doesNotLetAFormFieldChangeTheMethod() {
		String form = form(newSid(), "sent") + "&_method=DELETE";
		assertThat(this.client.postSigned(url(), form)).isEqualTo(204);
	}

	@Test
	void takesPlusAndPercentTwentyForTheSameSpace() {
		String form = form(newSid(), "sent");
		assertThat(this.client.post(url(), form.replace("+", "%20"), sign(url(), form))).isEqualTo(204);
	}

	@Test
	void takesADefaultPortAndNoneForTheSame() throws Exception {
		for (String signed : List.of("http://shop.example.com", "http://shop.example.com:80")) {
			for (String host : List.of("shop.example.com", "shop.example.com:80")) {
				String form = form(newSid(), "sent");
				String signature = sign(signed + WebhookApplication.PATH, form);
				assertThat(WebhookClient.rawPost(this.application.port(), WebhookApplication.PATH, host, form,
						List.of("X-Twilio-Signature: " + signature)))
					.as(signed + " called at " + host)
					.isEqualTo(204);
			}
		}
	}

	@Test
	void takesAnotherPortSignedOrLeftOutAndNoOther() throws Exception {
		for (String port : List.of(":8080", "", ":8081", ":80", ":808")) {
			String form = form(newSid(), "sent");
			String signature = sign("http://shop.example.com" + port + WebhookApplication.PATH, form);
			assertThat(WebhookClient.rawPost(this.application.port(), WebhookApplication.PATH, "shop.example.com:8080",
					form, List.of("X-Twilio-Signature: " + signature)))
				.as("signed with '%s'", port)
				.isEqualTo((port.isEmpty() || port.equals(":8080")) ? 204 : 403);
		}
	}

	@Test
	void doesNotExpectAFragmentToBeSigned() {
		String form = form(newSid(), "sent");
		assertThat(this.client.post(url(), form, sign(url() + "#rc=2&rp=5xx", form))).isEqualTo(204);
	}

	@Test
	void takesAnEmptyQueryWhetherItWasSignedOrNot() throws Exception {
		for (String signed : List.of("", "?")) {
			String form = form(newSid(), "sent");
			List<String> signature = List
				.of("X-Twilio-Signature: " + sign("http://shop.example.com" + WebhookApplication.PATH + signed, form));
			assertThat(WebhookClient.rawPost(this.application.port(), WebhookApplication.PATH + "?", "shop.example.com",
					form, signature))
				.as("signed with '%s'", signed)
				.isEqualTo(204);
			assertThat(WebhookClient.rawPost(this.application.port(), WebhookApplication.PATH + "??",
					"shop.example.com", form, signature))
				.isEqualTo(403);
		}
	}

	@Test
	void keepsTheQueryAsItStandsOnTheWire() {
		for (String query : List.of("a=%c3%a9&b=%C3%A9", "b=1&a=2", "a+b=%20", "a&b=&=c")) {
			assertThat(this.client.postSigned(url() + "?" + query, form(newSid(), "sent"))).as(query).isEqualTo(204);
		}
	}

	@Test
	void doesNotBelieveForwardedHeaders() {
		String form = form(newSid(), "sent");
		String signature = sign("https://shop.example.com" + WebhookApplication.PATH, form);
		assertThat(this.client
			.post(url(), form,
					Map.of("X-Forwarded-Proto", "https", "X-Forwarded-Host", "shop.example.com", "X-Forwarded-Port",
							"443", "Forwarded", "proto=https;host=shop.example.com"),
					signature)
			.statusCode()).isEqualTo(403);
	}

	@Test
	void answersAnotherMethodWith405AndAnotherTypeWith415() {
		for (String method : List.of("GET", "PUT", "DELETE", "PATCH")) {
			HttpRequest request = HttpRequest.newBuilder(URI.create(url()))
				.method(method, HttpRequest.BodyPublishers.noBody())
				.build();
			HttpResponse<String> answer = this.client.send(request);
			assertThat(answer.statusCode()).as(method).isEqualTo(405);
			assertThat(answer.headers().firstValue("Allow")).contains("POST");
		}
		for (String type : List.of("application/json", "text/plain", "multipart/form-data; boundary=x", "*/*", "x")) {
			assertThat(this.client.post(url(), "{}", Map.of("Content-Type", type), sign(url(), "")).statusCode())
				.as(type)
				.isEqualTo(415);
		}
	}

	@Test
	void refusesABodyOverTheLimitHoweverItsLengthIsTold() throws Exception {
		String large = form(newSid(), "sent") + "&Filler=" + "a".repeat(64 * 1024);
		assertThat(this.client.postSigned(url(), large)).isEqualTo(413);
	}

	@Test
	void takesLittleOfABodyWithoutEndAndCloses() throws Exception {
		// What the sockets' buffers hold, and what a server reads before it closes.
		assertThat(WebhookClient.flood(this.application.port(), WebhookApplication.PATH)).isLessThan(16L << 20);
	}

	@Test
	void takesABodyThatJustFits() {
		String form = form(newSid(), "sent") + "&Filler=";
		assertThat(this.client.postSigned(url(), form + "a".repeat(64 * 1024 - form.length()))).isEqualTo(204);
		// On the same connection, which mustn't be closed under an answer that's on its
		// way.
		assertThat(this.client.postSigned(url(), form + "a".repeat(64 * 1024 - form.length() + 1))).isEqualTo(413);
	}

	@Test
	void refusesMoreParametersThanAreAllowedAndBrokenEscapes() {
		String most = form(newSid(), "sent") + parameters(195);
		assertThat(this.client.postSigned(url(), most)).isEqualTo(204);
		assertThat(this.client.postSigned(url(), most + "&one=more")).isEqualTo(400);
		assertThat(this.client.post(url(), "MessageSid=%zz", FORGED)).isEqualTo(400);
		assertThat(this.client.post(url(), "MessageSid=%", FORGED)).isEqualTo(400);
	}

	@Test
	void givesUpOnABodyThatTricklesIn() throws Exception {
		for (boolean drip : new boolean[] { true, false }) {
			assertThat(WebhookClient.stall(this.application.port(), WebhookApplication.PATH, drip, () -> {
			})).isEqualTo(408);
		}
	}

	@Test
	void refusesAGenuineRequestThatNamesNoMessageAccountOrStatus() {
		for (String form : List.of("", "MessageSid=SM1&MessageStatus=sent", "AccountSid=AC1&MessageSid=SM1",
				"AccountSid=AC1&MessageStatus=sent")) {
			assertThat(this.client.postSigned(url(), form)).as(form).isEqualTo(400);
		}
	}

	@Test
	void handsOnAStatusThatItDoesNotKnow() {
		String sid = newSid();
		assertThat(this.client.postSigned(url(), form(sid, "teleported"))).isEqualTo(204);
		assertThat(statusesOf(sid)).containsExactly(MessageStatus.UNKNOWN);
		assertThat(this.application.handlers().reactive.get(sid).get(0).rawStatus()).isEqualTo("teleported");
	}

	@Test
	void acknowledgesAReplayAndALateReportAndHandsOnNeither() {
		String sid = newSid();
		assertThat(this.client.postSigned(url(), form(sid, "delivered"))).isEqualTo(204);
		assertThat(this.client.postSigned(url(), form(sid, "delivered"))).isEqualTo(204);
		assertThat(this.client.postSigned(url(), form(sid, "sent"))).isEqualTo(204);
		assertThat(statusesOf(sid)).containsExactly(MessageStatus.DELIVERED);
	}

	@Test
	void answersAnIncomingMessageOnceAndGivesADuplicateTheSameAnswer() {
		String url = url().replace("/status", "/inbound");
		String form = "AccountSid=AC1&MessageSid=" + newSid() + "&From=%2B15558675310&To=%2B15005550006&Body=a%26b";
		HttpResponse<String> first = this.client.post(url, form, Map.of(), sign(url, form));
		assertThat(first.statusCode()).isEqualTo(200);
		assertThat(first.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/xml");
		assertThat(first.body()).contains("<Response><Message><Body>a&amp;b ");
		assertThat(this.client.post(url, form, Map.of(), sign(url, form)).body()).isEqualTo(first.body());
		assertThat(this.client.post(url, form + "&Extra=1", sign(url, form))).isEqualTo(403);
	}

	@Test
	void handsAnOptOutToTheMethodThatAsksForItAndOthersToTheGeneralOne() {
		String url = url().replace("/status", "/inbound");
		for (String type : List.of("STOP", "START", "PAUSE", "")) {
			String form = "AccountSid=AC1&MessageSid=" + newSid()
					+ "&From=%2B15558675310&To=%2B15005550006&Body=enough&OptOutType=" + type;
			HttpResponse<String> answer = this.client.post(url, form, Map.of(), sign(url, form));
			assertThat(answer.statusCode()).as(type).isEqualTo(200);
			assertThat(answer.body()).as(type)
				.contains(type.equals("STOP") ? "<Message to=\"+15005550009\"><Body>taken for STOP</Body></Message>"
						: "<Message><Body>enough ");
		}
	}

	private static String parameters(int count) {
		return IntStream.range(0, count).mapToObj((i) -> "&p" + i + "=x").collect(Collectors.joining());
	}

}
