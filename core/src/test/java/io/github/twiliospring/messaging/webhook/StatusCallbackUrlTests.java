package io.github.twiliospring.messaging.webhook;

import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class StatusCallbackUrlTests {

	private static final Instant TIME = Instant.ofEpochMilli(1_900_000_000_000L);

	@Test
	void keepsWhatTheUrlHadAndBringsAnyReferenceBack() {
		long seed = Long.getLong("seed", 20261124L);
		Random random = new Random(seed);
		List<String> queries = List.of("", "?a=b", "?z=1&a=b&c=%20d", "?a", "?my-message-reference=x",
				"?message-reference", "?message%2Dreference=x&b", "?x=2&x=1", "?n%5b1%5D=%C3%A9&N=+", "?&&b==&%zz=%");
		List<String> fragments = List.of("", "#rc=2&rp=all", "#rp=5xx,ct?&message-send-id=x");
		for (int round = 0; round < 5000; round++) {
			String query = queries.get(random.nextInt(queries.size()));
			String fragment = fragments.get(random.nextInt(fragments.size()));
			String start = "https://a.example.com:8443/b%20c";
			String reference = text(random);
			String first = StatusCallbackUrl.decorate(start + query + fragment, reference, "id-1", TIME);
			assertThat(first).as("seed %d, round %d", seed, round).startsWith(start + "?").endsWith(fragment);
			String decorated = first.substring(start.length() + 1, first.length() - fragment.length());
			Map<String, List<String>> parameters = FormParameters.parse(decorated.replace("%zz=%", ""), 10);
			assertThat(parameters.get(StatusCallbackUrl.REFERENCE)).containsExactly(reference);
			assertThat(parameters.get(StatusCallbackUrl.SEND_ID)).containsExactly("id-1");
			assertThat(parameters.get(StatusCallbackUrl.SEND_TIME)).containsExactly("1900000000000");
			String other = text(random);
			assertThat(StatusCallbackUrl.decorate(first, other, "id-2", TIME.plusMillis(1)))
				.isEqualTo(StatusCallbackUrl.decorate(start + query + fragment, other, "id-2", TIME.plusMillis(1)));
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', nullValues = "-", value = {
			// ours stand where their names belong, the fragment stays last
			"z=1&a=2#rc=2&a=0              | a=2&message-reference=r&message-send-id=i&message-send-time=1&z=1#rc=2&a=0",
			"message=1&zone=eu             | message=1&message-reference=r&message-send-id=i&message-send-time=1&zone=eu",
			"message-reference=old&b=1     | b=1&message-reference=r&message-send-id=i&message-send-time=1",
			// the values of a repeated name in the application's order, not sorted
			"x=2&a=1&x=1                   | a=1&message-reference=r&message-send-id=i&message-send-time=1&x=2&x=1",
			// by the name alone: '-' sorts ahead of '='
			"a-b=1&a=2                     | a=2&a-b=1&message-reference=r&message-send-id=i&message-send-time=1",
			// capital letters first, as the provider sorts what it signs
			"b=1&B=2&_=3&%61=4             | B=2&_=3&%61=4&b=1&message-reference=r&message-send-id=i&message-send-time=1",
			// by what the name says, written as it was
			"tags%5B1%5D=b&tags%5b0%5d=%C3%A9&t=+ "
					+ "| message-reference=r&message-send-id=i&message-send-time=1&t=+&tags%5b0%5d=%C3%A9&tags%5B1%5D=b",
			"&z&&y=                        | message-reference=r&message-send-id=i&message-send-time=1&y=&z" })
	void sortsTheWholeQueryByName(String query, String expected) {
		String start = "https://shop.example.com/status?";
		assertThat(StatusCallbackUrl.decorate(start + query, "r", "i", Instant.ofEpochMilli(1)))
			.isEqualTo(start + expected);
		assertThat(StatusCallbackUrl.decorate(start + expected, "r", "i", Instant.ofEpochMilli(1)))
			.isEqualTo(start + expected);
	}

	private static String text(Random random) {
		StringBuilder text = new StringBuilder("r");
		for (int length = random.nextInt(20); length > 0; length--) {
			int character = random.nextBoolean() ? random.nextInt(128) : random.nextInt(Character.MAX_CODE_POINT + 1);
			text.appendCodePoint(
					(character >= Character.MIN_SURROGATE && character <= Character.MAX_SURROGATE) ? '?' : character);
		}
		return text.toString();
	}

}
