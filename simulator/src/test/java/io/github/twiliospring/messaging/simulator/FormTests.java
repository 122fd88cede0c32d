package io.github.twiliospring.messaging.simulator;

import java.net.http.HttpRequest.BodyPublishers;
import java.time.Instant;

import io.github.twiliospring.messaging.simulator.ApiClient.Answer;
import io.github.twiliospring.messaging.simulator.junit.TwilioSimulatorExtension;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * In which form a create may come.
 */
class FormTests {

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

	@Test
	void readsAFormInPartsAsCurlSendsIt() {
		Answer answer = post("multipart/form-data; boundary=------------------------7f3c",
				parts("To", ApiClient.TO, "From", ApiClient.FROM, "Body", "Grüße & 😀\r\nbis bald", "MediaUrl",
						"https://example.com/a.png", "MediaUrl", "https://example.com/b.png"));
		assertThat(answer.status()).isEqualTo(201);
		assertThat(answer.text("body")).isEqualTo("Grüße & 😀\r\nbis bald");
		assertThat(answer.text("num_media")).isEqualTo("2");
		assertThat(this.simulator.requests().get(this.simulator.requests().size() - 1).parameters().get("MediaUrl"))
			.hasSize(2);
	}

	@Test
	void saysThatAFileIsNoText() {
		String file = parts("To", ApiClient.TO).replace("name=\"To\"", "name=\"MediaUrl\"; filename=\"a.png\"");
		Answer answer = post("multipart/form-data; boundary=------------------------7f3c", file);
		assertThat(answer.status()).isEqualTo(400);
		assertThat(answer.text("message")).contains("'MediaUrl' is a file");
	}

	@ParameterizedTest
	@ValueSource(strings = { "application/json", "text/plain", "application/xml" })
	void saysThatABodyIsNoForm(String type) {
		Answer answer = post(type, "{\"To\": \"+15558675310\"}");
		assertThat(answer.status()).isEqualTo(400);
		assertThat(answer.json().get("code").asInt()).isEqualTo(20001);
		assertThat(answer.text("message")).contains("application/x-www-form-urlencoded").contains(type);
	}

	@ParameterizedTest
	@ValueSource(strings = { "multipart/form-data", "multipart/form-data; boundary=other" })
	void saysThatPartsCannotBeRead(String type) {
		Answer answer = post(type, parts("To", ApiClient.TO));
		assertThat(answer.status()).isEqualTo(400);
		assertThat(answer.json().get("code").asInt()).isEqualTo(20001);
		assertThat(answer.response().body()).doesNotContain("Exception");
	}

	@ParameterizedTest
	@ValueSource(strings = { "2026-03-02T10:00:00Z", "2026-03-02T10:00:00+00:00", "2026-03-02T10:00:00+0000",
			"2026-03-02T10:00:00+00", "2026-03-02T10:00:00.000Z", "2026-03-02T10:00:00,000Z", "2026-03-02t10:00:00z",
			"2026-03-02T10:00Z", "2026-03-02T10Z", "20260302T100000Z", "20260302T100000+0000", "20260302T1000Z",
			"20260302T120000.5+0200", "2026-03-02T05:30:00-0430", "2026-03-02T10:00:00", "2026-061T10:00:00Z",
			"2026-W10-1T10:00:00Z", "2026-03-02T24:00:00Z" })
	void takesATimeInEveryFormOfIso(String time) {
		Answer answer = schedule(time);
		assertThat(answer.status()).isEqualTo(201);
		Instant expected = Instant.parse(time.contains("24:00") ? "2026-03-03T00:00:00Z"
				: time.contains(".5") ? "2026-03-02T10:00:00.500Z" : "2026-03-02T10:00:00Z");
		SimulatedMessage message = this.simulator.awaitMessage(MessageMatcher.sid(answer.sid()));
		assertThat(message.sendAt()).isEqualTo(expected);
	}

	@ParameterizedTest
	@ValueSource(strings = { "tomorrow", "2026-03-02T25:00:00Z", "2026-13-02T10:00:00Z", "2026-03-02 10:00",
			"1772445600", "2026-03-02T10:00:00 0000", "2026-03-02T10:00:00Z!", "T10:00:00Z" })
	void refusesATimeThatIsNone(String time) {
		assertThat(schedule(time).json().get("code").asInt()).isEqualTo(35114);
	}

	private Answer schedule(String time) {
		return this.api.create("To", ApiClient.TO, "MessagingServiceSid", ApiClient.SERVICE, "Body", "Hi",
				"ScheduleType", "fixed", "SendAt", time);
	}

	private Answer post(String type, String body) {
		return this.api.exchange(
				this.api.request("/Messages.json").header("Content-Type", type).POST(BodyPublishers.ofString(body)));
	}

	private static String parts(String... nameValuePairs) {
		StringBuilder parts = new StringBuilder();
		for (int i = 0; i < nameValuePairs.length; i += 2) {
			parts.append("--------------------------7f3c\r\nContent-Disposition: form-data; name=\"")
				.append(nameValuePairs[i])
				.append("\"\r\n\r\n")
				.append(nameValuePairs[i + 1])
				.append("\r\n");
		}
		return parts.append("--------------------------7f3c--\r\n").toString();
	}

}
