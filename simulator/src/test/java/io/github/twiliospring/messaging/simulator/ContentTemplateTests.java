package io.github.twiliospring.messaging.simulator;

import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.Map;

import io.github.twiliospring.messaging.simulator.ApiClient.Answer;
import io.github.twiliospring.messaging.simulator.junit.TwilioSimulatorExtension;
import io.github.twiliospring.messaging.simulator.network.ContentTemplate;
import io.github.twiliospring.messaging.simulator.network.PhoneNumber;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Messages by template.
 */
@ExtendWith(TwilioSimulatorExtension.class)
class ContentTemplateTests {

	private static final String SID = "HX0123456789abcdef0123456789abcdef";

	private static Answer send(TwilioSimulator simulator, String... more) {
		String[] all = { "To", ApiClient.TO, "From", ApiClient.FROM, "ContentSid", SID };
		String[] given = new String[6 + more.length];
		System.arraycopy(all, 0, given, 0, 6);
		System.arraycopy(more, 0, given, 6, more.length);
		return new ApiClient(simulator).create(given);
	}

	private static void put(TwilioSimulator simulator, ContentTemplate template) {
		simulator.configure((directory) -> directory.put(template));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			value = { "{\"1\":\"nine\",\"name\":\"Ada\"}|Hi Ada, see you at nine",
					"{\"1\":\"$1 \\\\ {{1}}\",\"name\":\"Ada\"}|Hi Ada, see you at $1 \\ {{1}}",
					"{\"1\":9,\"more\":\"x\"}|Hi there, see you at 9" })
	void putsTheVariablesOfAMessageIntoTheText(String variables, String body, TwilioSimulator simulator) {
		put(simulator, new ContentTemplate(SID, "Hi {{name}}, see you at {{ 1 }}", Map.of("name", "there"), List.of()));
		assertThat(send(simulator, "ContentVariables", variables).text("body")).isEqualTo(body);
	}

	@Test
	void countsTheSegmentsOfTheRenderedText(TwilioSimulator simulator) {
		put(simulator, new ContentTemplate(SID, "{{1}}"));
		assertThat(send(simulator, "ContentVariables", "{\"1\":\"" + "A".repeat(161) + "\"}").text("num_segments"))
			.isEqualTo("2");
		assertThat(
				send(simulator, "ContentVariables", "{\"1\":\"" + "A".repeat(1601) + "\"}").json().get("code").asInt())
			.isEqualTo(21617);
	}

	@Test
	void sendsTheMediaOfATemplate(TwilioSimulator simulator) {
		put(simulator,
				new ContentTemplate(SID, "Your ticket", Map.of(), List.of("https://shop.example.com/{{1}}.png")));
		send(simulator, "ContentVariables", "{\"1\":\"42\"}");
		assertThat(simulator.messages().get(0).mediaUrls()).containsExactly("https://shop.example.com/42.png");
	}

	@ParameterizedTest
	@ValueSource(strings = { "{}", "{\"2\":\"x\"}", "{\"1\":null}", "{\"1\":[1]}" })
	void refusesAMessageWithoutAVariableOfItsTemplate(String variables, TwilioSimulator simulator) {
		put(simulator, new ContentTemplate(SID, "See you at {{1}}"));
		assertThat(send(simulator, "ContentVariables", variables).json().get("code").asInt()).isEqualTo(21656);
		assertThat(send(simulator).json().get("code").asInt()).isEqualTo(21656);
		assertThat(simulator.messages()).isEmpty();
	}

	@Test
	void refusesAnUnknownTemplateOnceThereIsOne(TwilioSimulator simulator) {
		assertThat(send(simulator).status()).isEqualTo(201);
		put(simulator, new ContentTemplate("HX" + "1".repeat(32), "Hi"));
		assertThat(send(simulator).json().get("code").asInt()).isEqualTo(21655);
	}

	@Test
	void refusesAnUnknownTemplateWhereItIsStrict() {
		try (TwilioSimulator simulator = TwilioSimulator.builder()
			.strict(true)
			.configure((directory) -> directory.put(new PhoneNumber(ApiClient.FROM, null, 0)))
			.start()) {
			assertThat(send(simulator).json().get("code").asInt()).isEqualTo(21655);
		}
	}

	@Test
	void registersTemplatesOverTheControl(TwilioSimulator simulator) {
		ApiClient api = new ApiClient(simulator);
		Answer added = api.exchange(api.request("/simulator/templates")
			.header("Content-Type", "application/json")
			.POST(BodyPublishers
				.ofString("{\"sid\":\"" + SID + "\",\"body\":\"See you at {{1}}\",\"variables\":{\"1\":\"nine\"}}")));
		assertThat(added.status()).isEqualTo(201);
		assertThat(api.get("/simulator/templates").json().get("templates")).hasSize(1);
		assertThat(send(simulator).text("body")).isEqualTo("See you at nine");
		assertThat(api.post("/simulator/templates", "sid", "HX1").status()).isEqualTo(400);
	}

}
