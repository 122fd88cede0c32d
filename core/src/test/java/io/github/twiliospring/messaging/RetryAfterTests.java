package io.github.twiliospring.messaging;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class RetryAfterTests {

	private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-06T08:49:30Z"), ZoneOffset.UTC);

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			value = { "0|0", "7|7", " 120 |120", "99999999999|2147483647", "Fri, 06 Nov 2026 08:49:37 GMT|7",
					"Friday, 06-Nov-26 08:49:37 GMT|7", "Fri Nov  6 08:49:37 2026|7",
					"Fri, 06 Nov 2026 08:49:00 GMT|0" })
	void readsSecondsAndDates(String value, long seconds) {
		assertThat(RetryAfter.parse(value, CLOCK)).isEqualTo(Duration.ofSeconds(seconds));
	}

	@ParameterizedTest
	@NullSource
	@ValueSource(strings = { "", " ", "soon", "-1", "1.5", "0x10", "Fri, 32 Nov 2026 08:49:37 GMT",
			"Sat Nov 06 08:49:37 +999999999" })
	void passesOverAnythingElse(String value) {
		assertThat(RetryAfter.parse(value, CLOCK)).isNull();
	}

}
