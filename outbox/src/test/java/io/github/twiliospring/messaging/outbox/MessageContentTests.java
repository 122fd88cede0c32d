package io.github.twiliospring.messaging.outbox;

import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import io.github.twiliospring.messaging.message.AddressRetention;
import io.github.twiliospring.messaging.message.ContentRetention;
import io.github.twiliospring.messaging.message.CreateParameter;
import io.github.twiliospring.messaging.message.OutboundMessage;
import io.github.twiliospring.messaging.message.OutboundMessageBuilder;
import io.github.twiliospring.messaging.message.RiskCheck;
import org.junit.jupiter.api.Test;

import static io.github.twiliospring.messaging.message.OutboundMessage.to;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * A message comes out of the table as it went in.
 */
class MessageContentTests {

	@Test
	void everyParameterIsReadAsItWasWritten() {
		OutboundMessage message = full().build();
		OutboundMessage other = to("+15558675310").applicationSid("AP0123456789abcdef0123456789abcdef")
			.body("Hi")
			.build();
		Set<CreateParameter> seen = new TreeSet<>(Set.of(CreateParameter.SEND_AT, CreateParameter.SCHEDULE_TYPE));
		for (OutboundMessage each : List.of(message, other)) {
			OutboundMessage read = MessageContent.read(MessageContent.write(each));
			assertThat(read).isNotNull();
			assertThat(parameters(read)).isEqualTo(parameters(each));
			assertThat(read.reference()).isEqualTo(each.reference());
			seen.addAll(parameters(read).keySet());
		}
		assertThat(seen).containsExactly(CreateParameter.values());
	}

	@Test
	void theSameMessageIsTheSameTextWhateverTheOrderOfItsVariables() {
		Map<String, Object> forth = new LinkedHashMap<>();
		Map<String, Object> back = new LinkedHashMap<>();
		for (int i = 0; i < 9; i++) {
			forth.put("v" + i, i);
			back.put("v" + (8 - i), 8 - i);
		}
		assertThat(MessageContent.write(full().contentVariables(forth).build()))
			.isEqualTo(MessageContent.write(full().contentVariables(back).build()));
	}

	@Test
	void whatThisVersionDoesntKnowIsntReadInPart() {
		String json = MessageContent.write(to("+15558675310").body("Hi").build());
		assertThat(MessageContent.read(json.replace("}", ",\"ParameterOfTomorrow\":1}"))).isNull();
		assertThat(MessageContent.read("{")).isNull();
		assertThat(MessageContent.read("[]")).isNull();
		assertThat(MessageContent.read("{\"To\":1}")).isNull();
	}

	@Test
	void differencesAreNamedAndNotShown() {
		String one = MessageContent.write(to("+15558675310").body("Hi").build());
		String other = MessageContent.write(to("+15558675310").body("Hello").shortenUrls(true).build());
		assertThat(MessageContent.differences(one, other)).containsExactly("Body", "ShortenUrls");
		assertThat(MessageContent.differences(one, one)).isEmpty();
	}

	private static OutboundMessageBuilder full() {
		return to("whatsapp:+15558675310").from("whatsapp:+15017122661")
			.messagingServiceSid("MG0123456789abcdef0123456789abcdef")
			.body("Grüße 👋 \"quoted\"")
			.mediaUrl("https://example.com/a.png?x=1&y=%20")
			.mediaUrl(URI.create("https://example.com/b.png"))
			.contentSid("HX0123456789abcdef0123456789abcdef")
			.contentVariables(Map.of("1", "Ann", "2", 7))
			.statusCallback("https://example.com/status?a=b#rc=2")
			.maxPrice(new BigDecimal("0.0500"))
			.provideFeedback(true)
			.attempt(2)
			.validityPeriod(Duration.ofHours(1))
			.forceDelivery(false)
			.contentRetention(ContentRetention.DISCARD)
			.addressRetention(AddressRetention.OBFUSCATE)
			.smartEncoded(true)
			.persistentAction("geo:37.7,-122.4|Office")
			.shortenUrls(false)
			.sendAsMms(true)
			.trafficType("free")
			.riskCheck(RiskCheck.DISABLE)
			.fallbackFrom("whatsapp:+15017122662")
			.reference("order-1");
	}

	private static Map<CreateParameter, Object> parameters(OutboundMessage message) {
		Map<CreateParameter, Object> parameters = new HashMap<>();
		message.forEachParameter(parameters::put);
		return parameters;
	}

}
