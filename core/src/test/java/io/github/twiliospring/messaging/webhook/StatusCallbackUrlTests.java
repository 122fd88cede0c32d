package io.github.twiliospring.messaging.webhook;

import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class StatusCallbackUrlTests {

	private static final Instant TIME = Instant.ofEpochMilli(1_900_000_000_000L);

	@Test
	void keepsWhatTheUrlHadAndBringsAnyReferenceBack() {
		long seed = Long.getLong("seed", 20261124L);
		Random random = new Random(seed);
		List<String> queries = List.of("", "?a=b", "?a=b&c=%20d", "?a", "?my-message-reference=x",
				"?message-reference");
		List<String> fragments = List.of("", "#rc=2&rp=all", "#rp=5xx,ct?&message-send-id=x");
		for (int round = 0; round < 5000; round++) {
			String query = queries.get(random.nextInt(queries.size()));
			String fragment = fragments.get(random.nextInt(fragments.size()));
			String start = "https://a.example.com:8443/b%20c" + query;
			String reference = text(random);
			String first = StatusCallbackUrl.decorate(start + fragment, reference, "id-1", TIME);
			assertThat(first).as("seed %d, round %d", seed, round).startsWith(start).endsWith(fragment);
			URI uri = URI.create(first);
			Map<String, List<String>> parameters = FormParameters.parse(uri.getRawQuery(), 10);
			assertThat(parameters.get(StatusCallbackUrl.REFERENCE)).endsWith(reference);
			assertThat(parameters.get(StatusCallbackUrl.SEND_ID)).containsExactly("id-1");
			assertThat(parameters.get(StatusCallbackUrl.SEND_TIME)).containsExactly("1900000000000");
			String other = text(random);
			assertThat(StatusCallbackUrl.decorate(first, other, "id-2", TIME.plusMillis(1)))
				.isEqualTo(StatusCallbackUrl.decorate(start + fragment, other, "id-2", TIME.plusMillis(1)));
		}
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
