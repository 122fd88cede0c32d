package io.github.twiliospring.messaging.simulator;

import java.util.List;
import java.util.Map;

import com.twilio.security.RequestValidator;
import io.github.twiliospring.messaging.signature.RequestSigner;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The provider's own library as the judge of which port may have been signed.
 */
class ProviderValidatorTests {

	private static final String TOKEN = "12345";

	private static final List<String> PORTS = List.of("", ":443", ":80", ":8443", ":8080", ":1");

	private final RequestSigner signer = new RequestSigner(TOKEN);

	private final io.github.twiliospring.messaging.signature.RequestValidator ours = new io.github.twiliospring.messaging.signature.RequestValidator(
			List.of(TOKEN));

	private final RequestValidator theirs = new RequestValidator(TOKEN);

	@ParameterizedTest
	@ValueSource(strings = { "https://shop.example.com%s/status?a=b", "http://shop.example.com%s/status",
			"https://10.0.0.1%s/", "http://localhost%s/twilio/status?message-send-id=x" })
	void acceptsThePortsThatTheProvidersLibraryAccepts(String url) {
		for (String called : PORTS) {
			for (String signed : PORTS) {
				String signature = this.signer.sign(url.formatted(signed), Map.of("Body", List.of("Hi")));
				assertThat(this.ours.isValid(url.formatted(called), Map.of("Body", List.of("Hi")), signature))
					.as("'%s' called, '%s' signed", called, signed)
					.isEqualTo(this.theirs.validate(url.formatted(called), Map.of("Body", "Hi"), signature));
			}
		}
	}

}
