package io.github.twiliospring.messaging;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

import io.github.twiliospring.messaging.error.ApiError;
import io.github.twiliospring.messaging.error.InvalidMessageException;
import io.github.twiliospring.messaging.error.MessageRejectedException;
import io.github.twiliospring.messaging.message.Masking;
import io.github.twiliospring.messaging.message.Media;
import io.github.twiliospring.messaging.message.MessageError;
import io.github.twiliospring.messaging.message.MessageFault;
import io.github.twiliospring.messaging.message.MessageQuery;
import io.github.twiliospring.messaging.message.OutboundMessageBuilder;
import io.github.twiliospring.messaging.message.Price;
import io.github.twiliospring.messaging.webhook.FormParameters;
import io.github.twiliospring.messaging.webhook.StatusUpdate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import static io.github.twiliospring.messaging.message.OutboundMessage.to;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Nothing that the library shows gives a number, a body or a secret away.
 */
class PrivacyTests {

	private static final String NUMBER = "+15558675310";

	@ParameterizedTest
	@CsvSource({ "+15558675310,…5310", "whatsapp:+15558675310,whatsapp:…5310", "12345,…", "'',none",
			"15558675310,…5310", "My Shop,…", "mysecrettext:hello there,…here", "rcs:+15558675310,rcs:…5310" })
	void keepsTheLastFourDigitsOfANumberAtMost(String address, String shown) {
		assertThat(Masking.address(address)).isEqualTo(shown);
	}

	static Stream<Object> shown() {
		return Stream.of(to(NUMBER).body("my secret"), to(NUMBER).body("my secret").build(),
				MessageQuery.query().to(NUMBER), ApiCredentials.ofAuthToken("AC1", "my secret"),
				new ApiError(400, 99999, "The number " + NUMBER + " is wrong", null),
				new MessageRejectedException(new ApiError(400, 99999, "No " + NUMBER, null), null, null),
				new ApiError(400, 99999, "The Body 'my secret' is bad", "my secret"),
				new Media("my secret", NUMBER, NUMBER, "my secret", null, null, "my secret"),
				new Price(BigDecimal.ONE, "my secret"), new MessageError(30999, "to " + NUMBER + ": my secret"),
				new InvalidMessageException(List.of(new MessageFault("To", "x")), null),
				StatusUpdate.of(FormParameters
					.parse("AccountSid=AC1&MessageSid=SM1&MessageStatus=sent&To=%2B15558675310&Body=my+secret", 10),
						FormParameters.parse("", 10)),
				new SendResult(to(NUMBER).body("my secret").build(), null, null));
	}

	@ParameterizedTest
	@MethodSource("shown")
	void showsNoNumberBodyOrSecretAsText(Object object) {
		assertThat(object.toString()).doesNotContain("5558675310", "my secret");
	}

	@Test
	void showsNoNumberBodyOrSecretInAnyFault() throws IOException {
		PrintStream standardError = System.err;
		ByteArrayOutputStream captured = new ByteArrayOutputStream();
		System.setErr(new PrintStream(captured, true, StandardCharsets.UTF_8));
		try {
			MessagingTemplate template = TestTemplates.at("http://127.0.0.1:1").build();
			for (OutboundMessageBuilder message : List.of(to("5558675310").body("my secret"),
					to(NUMBER).body("my secret".repeat(200)), to(NUMBER).from("0015558675310x").body("my secret"),
					to(NUMBER).body("my secret"), to(NUMBER).body("my secret").reference("r"))) {
				template.send(message).onErrorResume((failure) -> {
					failure.printStackTrace();
					return reactor.core.publisher.Mono.empty();
				}).block();
			}
		}
		finally {
			System.setErr(standardError);
		}
		assertThat(captured.toString(StandardCharsets.UTF_8)).contains("MessageNotSentException")
			.contains("InvalidMessageException")
			.doesNotContain("5558675310", "my secret", TestTemplates.AUTH_TOKEN);
	}

}
