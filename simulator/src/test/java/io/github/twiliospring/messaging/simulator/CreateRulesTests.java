package io.github.twiliospring.messaging.simulator;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import io.github.twiliospring.messaging.simulator.ApiClient.Answer;
import io.github.twiliospring.messaging.simulator.junit.TwilioSimulatorExtension;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What create takes and what it refuses, with which code.
 */
class CreateRulesTests {

	private static final String IN_AN_HOUR = "2026-03-02T10:00:00Z";

	@RegisterExtension
	static final TwilioSimulatorExtension EXTENSION = new TwilioSimulatorExtension(
			(builder) -> builder.manualClock(Instant.parse("2026-03-02T09:00:00Z")).seed(3));

	private TwilioSimulator simulator;

	private ApiClient api;

	@BeforeEach
	void start(TwilioSimulator simulator) {
		this.simulator = simulator;
		this.api = new ApiClient(simulator);
	}

	static Stream<Arguments> refusals() {
		String to = "To=" + ApiClient.TO;
		String from = "From=" + ApiClient.FROM;
		String service = "MessagingServiceSid=" + ApiClient.SERVICE;
		String body = "Body=Hi";
		return Stream.of(refusal(21604, from, body), refusal(21604, "To=", from, body), refusal(21603, to, body),
				refusal(21619, to, from), refusal(21602, to, from, "Body="), refusal(21211, "To=12", from, body),
				refusal(21211, "To=+1555867531012345", from, body), refusal(21211, "To=whatsapp:123", from, body),
				refusal(21212, to, "From=not_a_sender", body), refusal(21212, to, "From=TwelveLetters", body),
				refusal(21266, to, "From=" + ApiClient.TO, body),
				refusal(21910, to, "From=whatsapp:" + ApiClient.FROM, body),
				refusal(21617, to, from, "Body=" + "a".repeat(1601)),
				refusal(21609, to, from, body, "StatusCallback=not a url"),
				refusal(21609, to, from, body, "StatusCallback=https://under_score.example.com/"),
				refusal(21609, to, from, body, "StatusCallback=ftp://example.com/"),
				refusal(21609, to, from, body, "StatusCallback=https://example.com:70000/"),
				refusal(21620, to, from, "MediaUrl=nonsense"), refusal(21620, to, from, body, "MediaUrl="),
				Arguments.of(21623,
						Stream
							.concat(Stream.of(to, from),
									Stream.generate(() -> "MediaUrl=https://example.com/a.png").limit(11))
							.toList()),
				refusal(21624, to, from, body, "ValidityPeriod=0"),
				refusal(21624, to, from, body, "ValidityPeriod=14401"),
				refusal(21624, to, from, body, "ValidityPeriod=soon"), refusal(21654, to, from, "ContentVariables={}"),
				refusal(21655, to, from, "ContentSid=HX12"),
				refusal(21656, to, from, "ContentSid=HX" + "0".repeat(32), "ContentVariables=[1]"),
				refusal(21656, to, from, "ContentSid=HX" + "0".repeat(32), "ContentVariables={1"),
				refusal(21705, to, "MessagingServiceSid=MG12", body),
				refusal(35111, to, service, body, "ScheduleType=fixed"),
				refusal(35114, to, service, body, "ScheduleType=fixed", "SendAt=tomorrow"),
				refusal(35118, to, from, body, "ScheduleType=fixed", "SendAt=" + IN_AN_HOUR),
				refusal(35126, to, service, body, "ScheduleType=loose", "SendAt=" + IN_AN_HOUR),
				refusal(35126, to, service, body, "SendAt=" + IN_AN_HOUR),
				refusal(20001, to, from, body, "MaxPrice=1.23456"), refusal(20001, to, from, body, "Attempt=0"),
				refusal(20001, to, from, body, "SmartEncoded=perhaps"),
				refusal(20001, to, from, body, "ApplicationSid=AP12"), refusal(21212, to, "From=+15005550001", body),
				refusal(21606, to, "From=+15005550007", body), refusal(21611, to, "From=+15005550008", body),
				refusal(21211, "To=+15005550001", from, body), refusal(21612, "To=+15005550002", from, body),
				refusal(21408, "To=+15005550003", from, body), refusal(21610, "To=+15005550004", from, body),
				refusal(21614, "To=+15005550009", from, body));
	}

	@ParameterizedTest
	@MethodSource("refusals")
	void refuses(int code, List<String> parameters) {
		int before = this.simulator.messages().size();
		Answer answer = this.api.create(pairs(parameters));
		assertThat(answer.json().get("code").asInt()).isEqualTo(code);
		assertThat(answer.status()).isEqualTo((code == 21611) ? 429 : 400);
		assertThat(answer.text("message")).isNotBlank();
		assertThat(this.simulator.messages()).hasSize(before);
	}

	static Stream<List<String>> acceptable() {
		String to = "To=" + ApiClient.TO;
		String from = "From=" + ApiClient.FROM;
		return Stream.of(List.of(to, from, "Body=" + "😀".repeat(1600)), List.of(to, "From=My Shop", "Body=Hi"),
				List.of(to, "From=12345", "Body=Hi"), List.of(to, "From=sim:DE" + "0".repeat(32), "Body=Hi"),
				List.of(to, "From=+15005550006", "Body=Hi"), List.of(to, "From=" + ApiClient.SERVICE, "Body=Hi"),
				List.of(to, from, "ContentSid=HX" + "0".repeat(32), "ContentVariables={\"1\":\"x\"}"),
				List.of(to, from, "Body=Hi", "StatusCallback=https://shop.example.com/status?a='b'#rc=2"),
				List.of(to, from, "Body=Hi", "Unknown=parameter"),
				List.of(to, from, "Body=Hi", "ProvideFeedback=true", "Attempt=2", "ValidityPeriod=14400",
						"ForceDelivery=true", "ContentRetention=discard", "AddressRetention=obfuscate",
						"SmartEncoded=true", "ShortenUrls=true", "SendAsMms=true", "PersistentAction=mailto:x",
						"MaxPrice=0.5", "TrafficType=free", "RiskCheck=disable"),
				List.of("To=whatsapp:+15558675310", "From=whatsapp:+15017122661", "Body=Hi"),
				List.of("To=messenger:1234567890", "From=messenger:555", "Body=Hi"));
	}

	@ParameterizedTest
	@MethodSource("acceptable")
	void takes(List<String> parameters) {
		assertThat(this.api.create(pairs(parameters)).response().body()).contains("\"status\":\"");
	}

	@Test
	void takesTheBlankForAPlusThatCurlDidNotEscape() {
		Answer answer = this.api.postRaw("/Messages.json", "To=+15558675310&From=+15017122661&Body=Hi");
		assertThat(answer.status()).isEqualTo(201);
		assertThat(answer.text("to")).isEqualTo("+15558675310");
		assertThat(answer.text("from")).isEqualTo("+15017122661");
	}

	@ParameterizedTest
	@CsvSource(quoteCharacter = '"',
			value = { "+15005550001,Invalid 'To' Phone Number: +1500555XXXX",
					"9647514222232,Invalid 'To' Phone Number: 964751422XXXX",
					"+15005550003,region indicated by the 'To' number: +1500555XXXX.",
					"+15017122661,number cannot be the same: +1501712XXXX", "12,Invalid 'To' Phone Number: 12" })
	void masksTheRecipientInARefusal(String to, String message) {
		Answer answer = this.api.create("To", to, "From", ApiClient.FROM, "Body", "Hi");
		assertThat(answer.text("message")).endsWith(message);
	}

	@Test
	void answersMalformedFormsWithAnErrorAndNoTrace() {
		Answer answer = this.api.postRaw("/Messages.json", "To=%zz&From=%");
		assertThat(answer.status()).isEqualTo(400);
		assertThat(answer.json().get("code").asInt()).isEqualTo(20001);
		assertThat(answer.response().body()).doesNotContain("Exception");
	}

	@Test
	void refusesABodyThatIsFarTooLarge() {
		Answer answer = this.api.postRaw("/Messages.json", "Body=" + "a".repeat(1_000_000));
		assertThat(answer.status()).isEqualTo(413);
		assertThat(this.api.send().status()).isEqualTo(201);
	}

	@Test
	void answersUnknownPathsAndMethods() {
		assertThat(this.api.get("/Calls.json").status()).isEqualTo(404);
		assertThat(this.api.get("/Calls.json").json().get("code").asInt()).isEqualTo(20404);
		assertThat(this.api.delete("/Messages.json").status()).isEqualTo(405);
		assertThat(this.api.fetch("SM" + "0".repeat(32)).text("message")).isEqualTo("The requested resource "
				+ this.api.accountPath() + "/Messages/SM" + "0".repeat(32) + ".json was not found");
	}

	@Test
	void ignoresFurtherMediaOnWhatsapp() {
		Answer answer = this.api.create("To", "whatsapp:+15558675310", "From", "whatsapp:+15017122661", "MediaUrl",
				"https://example.com/a.png", "MediaUrl", "https://example.com/b.png");
		assertThat(answer.text("num_media")).isEqualTo("1");
	}

	@Test
	void countsSegmentsAsTheyAreEncoded() {
		assertThat(this.api.send("Body", "x").text("num_segments")).isEqualTo("1");
		assertThat(this.api.create("To", ApiClient.TO, "From", ApiClient.FROM, "Body", "a".repeat(161))
			.text("num_segments")).isEqualTo("2");
		String curly = "“" + "a".repeat(150) + "”";
		assertThat(this.api.create("To", ApiClient.TO, "From", ApiClient.FROM, "Body", curly).text("num_segments"))
			.isEqualTo("3");
		Answer smart = this.api.create("To", ApiClient.TO, "From", ApiClient.FROM, "Body", curly, "SmartEncoded",
				"true");
		assertThat(smart.text("num_segments")).isEqualTo("1");
		assertThat(smart.text("body")).startsWith("\"a");
	}

	@Test
	void forgetsWhatItWasAskedNotToRetain() {
		String sid = this.api.send("ContentRetention", "discard", "AddressRetention", "obfuscate").sid();
		this.simulator.clock().advance(Duration.ofMinutes(1));
		Answer fetched = this.api.fetch(sid);
		assertThat(fetched.text("body")).isEmpty();
		assertThat(fetched.text("to")).isEqualTo("+1555867XXXX");
	}

	@Test
	void failsAMessageThatCostsMoreThanItMay() {
		String sid = this.api.send("MaxPrice", "0.007").sid();
		String cheap = this.api.send("MaxPrice", "0.0075").sid();
		this.simulator.clock().advance(Duration.ofMinutes(1));
		assertThat(this.api.fetch(sid).text("status")).isEqualTo("failed");
		assertThat(this.api.fetch(sid).json().get("error_code").asInt()).isEqualTo(30010);
		assertThat(this.api.fetch(cheap).text("status")).isEqualTo("delivered");
	}

	private static Arguments refusal(int code, String... parameters) {
		return Arguments.of(code, Arrays.asList(parameters));
	}

	private static String[] pairs(List<String> parameters) {
		return parameters.stream().flatMap((parameter) -> Stream.of(parameter.split("=", 2))).toArray(String[]::new);
	}

}
