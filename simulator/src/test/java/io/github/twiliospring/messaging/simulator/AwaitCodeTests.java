package io.github.twiliospring.messaging.simulator;

import java.time.Duration;
import java.time.Instant;

import io.github.twiliospring.messaging.simulator.engine.OneTimeCodes;
import io.github.twiliospring.messaging.simulator.engine.Timeline;
import io.github.twiliospring.messaging.simulator.junit.TwilioSimulatorExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static io.github.twiliospring.messaging.simulator.MessageMatcher.sentTo;
import static io.github.twiliospring.messaging.simulator.assertj.SimulatorAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Codes that a test reads out of messages.
 */
@ExtendWith(TwilioSimulatorExtension.class)
class AwaitCodeTests {

	private static final String TO = ApiClient.TO;

	@Test
	void readsTheLatestCodeThatWasSentToAPhone(TwilioSimulator simulator) {
		ApiClient api = new ApiClient(simulator);
		api.create("To", TO, "From", ApiClient.FROM, "Body", "Your code is 111222");
		api.create("To", TO, "From", ApiClient.FROM, "Body", "Your code is 333444. It ends in 10 minutes.");
		api.create("To", "+15558675311", "From", ApiClient.FROM, "Body", "Your code is 555666");
		api.create("To", TO, "From", ApiClient.FROM, "Body", "See you at 9");
		assertThat(simulator.awaitCode(TO)).isEqualTo("333444");
	}

	@Test
	void readsTheCodeOfAMessageInOneSegment(TwilioSimulator simulator) {
		new ApiClient(simulator).create("To", TO, "From", ApiClient.FROM, "Body", "482913 is your code");
		assertThat(simulator.awaitMessage(sentTo("+15558675310"))).inOneSegment();
		assertThat(simulator.awaitCode("+15558675310")).isEqualTo("482913");
	}

	@Test
	void saysThatNoCodeCame() {
		try (Timeline timeline = Timeline.start(Instant.EPOCH, TwilioSimulator.builder().settings(),
				(callback, readTimeout, givenUp, whenDone) -> {
				}, () -> "")) {
			assertThatExceptionOfType(AssertionError.class)
				.isThrownBy(() -> new Awaiter(timeline).code(TO, Duration.ZERO))
				.withMessageContaining("that tells a code");
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			value = { "Your code is 482913.|482913", "482913 is your code|482913", "Code: 4829|4829",
					"G-482913 is your verification code|482913", "123-456 is your code|123456",
					"Use 123 456 to sign in|123456", "@shop.example.com #482913|482913", "Code 4829-1300.|48291300",
					"Dial +15558675310, then 48291|48291", "(482913)|482913", "Your code is 2027|2027" })
	void findsACode(String body, String code) {
		assertThat(OneTimeCodes.find(body)).isEqualTo(code);
	}

	@ParameterizedTest
	@ValueSource(strings = { "See you at 9", "Call +15558675310", "That's $1200.50", "On 2026-11-29 at 1030:15",
			"https://shop.example.com/1234?code=5678", "Order A12345", "Call 555 867 5310 now",
			"See you on 3 March 2027 at 9", "" })
	void findsNoCodeInOtherNumbers(String body) {
		assertThat(OneTimeCodes.find(body)).isNull();
	}

}
