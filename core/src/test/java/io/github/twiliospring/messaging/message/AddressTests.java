package io.github.twiliospring.messaging.message;

import java.util.List;
import java.util.Map;

import io.github.twiliospring.messaging.webhook.Reply;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static io.github.twiliospring.messaging.message.OutboundMessage.to;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * That our own rules are never narrower than the provider's.
 */
class AddressTests {

	@ParameterizedTest
	@ValueSource(strings = { "whatsapp:US.13491208655302741918", "whatsapp:US.ENT.11815799212886844830",
			"whatsapp:FI.2782093025461110", "whatsapp:+15558675310", "messenger:4711", "rcs:+15558675310",
			"newchannel:any-Form.of_it", "+15558675310" })
	void takesWhateverStandsBehindTheNameOfAChannel(String recipient) {
		String prefix = recipient.contains(":") ? recipient.substring(0, recipient.indexOf(':') + 1) : "";
		assertThat(to(recipient).from(prefix + "+15017122661").body("x").build().faults()).isEmpty();
		assertThat(MessageQuery.query().to(recipient).from(recipient).faults()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "A&B-Shop_1+", "My Shop", "12345", "sim:DE0123", "a-b" })
	void takesTheProvidersOwnListOfSenderNames(String sender) {
		assertThat(to("+15558675310").from(sender).fallbackFrom(sender).body("x").build().faults()).isEmpty();
		assertThat(MessageQuery.query().from(sender).faults()).isEmpty();
	}

	@ParameterizedTest
	@CsvSource({ "To,whatsapp:15558675310", "To,whatsapp:+1 555 867 5310", "To,whatsapp:+0155586753101",
			"To,5558675310", "To,whatsapp:", "From,twelve-chars", "From,+-_&", "From,Shop!" })
	void refusesWhatIsPlainlyWrong(String field, String address) {
		OutboundMessage message = field.equals("To") ? to(address).body("x").build()
				: to("+15558675310").from(address).body("x").build();
		assertThat(message.faults()).extracting(MessageFault::field).contains(field);
	}

	@Test
	void countsMediaWhereTheProviderDoes() {
		OutboundMessageBuilder whatsapp = to("whatsapp:+15558675310").from("whatsapp:+15017122661");
		OutboundMessageBuilder sms = to("+15558675310").from("+15017122661");
		for (int i = 0; i < 11; i++) {
			whatsapp.mediaUrl("https://a.example/" + i);
			sms.mediaUrl("https://a.example/" + i);
		}
		assertThat(whatsapp.build().faults()).isEmpty();
		assertThat(sms.build().faults()).extracting(MessageFault::field).containsExactly("MediaUrl");
	}

	@Test
	void findsHalfACharacterInNestedVariablesAndTheirNames() {
		for (Map<String, ?> variables : List.of(Map.of("1", Map.of("a", "cut \uD83D")), Map.of("1", List.of("\uDE00")),
				Map.of("\uD83D", "x"), Map.of("1", Map.of("\uD83D", 1)))) {
			assertThat(to("+15558675310").contentSid("HX0123456789abcdef0123456789abcdef")
				.contentVariables(variables)
				.build()
				.faults()).extracting(MessageFault::field).containsExactly("ContentVariables");
		}
	}

	@Test
	void countsTheCharactersOfAReplyAsThoseOfAMessage() {
		assertThat(Reply.text("\uD83D\uDE00".repeat(1600))).isNotNull();
		assertThatIllegalArgumentException().isThrownBy(() -> Reply.text("\uD83D\uDE00".repeat(1601)))
			.withMessageContaining("not 1601");
	}

	@ParameterizedTest
	@CsvSource({ "no url at all, is no URL", "https://b\u00fccher.example/s, letters beyond ASCII",
			"https://a_b.example/s, without underscore", "ftp://a.example, absolute http or https" })
	void blamesAStatusCallbackForWhatIsWrongWithIt(String url, String problem) {
		OutboundMessage message = to("+15558675310").body("x").statusCallback(url).build();
		OutboundMessage decorated = message.toBuilder()
			.statusCallback(message.statusCallback() + "?message-send-id=1")
			.build();
		for (OutboundMessage each : List.of(message, decorated)) {
			assertThat(each.faults()).singleElement()
				.satisfies((fault) -> assertThat(fault.toString()).contains("StatusCallback")
					.contains(problem)
					.doesNotContain("unreadable"));
		}
	}

}
