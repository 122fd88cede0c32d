package io.github.twiliospring.messaging.message;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What holds for every message, however its parameters are combined.
 */
class OutboundMessagePropertyTests {

	private static final int ROUNDS = 5000;

	private static final String HEX = "0123456789abcdef0123456789abcdef";

	private static final String SECRET = "5558675310";

	/**
	 * One parameter, with the field that's at fault, or {@code null}.
	 */
	private record Choice(String field, UnaryOperator<OutboundMessageBuilder> setting) {

	}

	private static final List<List<Choice>> CHOICES = List.of(
			choices("MediaUrl", (message) -> message.mediaUrl("https://a.example.com/1.png"),
					(message) -> message.mediaUrl("ftp://" + SECRET)),
			choices("ContentSid", (message) -> message.contentSid("HX" + HEX),
					(message) -> message.contentSid("HX" + SECRET)),
			choices("StatusCallback", (message) -> message.statusCallback("https://a.example.com/s?b=c"),
					(message) -> message.statusCallback("https://a_b.example.com/" + SECRET)),
			choices("MaxPrice", (message) -> message.maxPrice(new BigDecimal("0.0075")),
					(message) -> message.maxPrice(new BigDecimal("-1"))),
			choices("Attempt", (message) -> message.attempt(1), (message) -> message.attempt(0)),
			choices("ValidityPeriod", (message) -> message.validityPeriod(Duration.ofHours(1)),
					(message) -> message.validityPeriod(Duration.ofMillis(1500))),
			choices("MessagingServiceSid", (message) -> message.messagingServiceSid("MG" + HEX),
					(message) -> message.messagingServiceSid("MG" + SECRET)),
			choices("From", (message) -> message.from("+15017122661"), (message) -> message.from("00" + SECRET + "x")),
			choices("FallbackFrom", (message) -> message.fallbackFrom("+15017122661"),
					(message) -> message.fallbackFrom("00" + SECRET + "x")),
			choices("ApplicationSid", (message) -> message.applicationSid("AP" + HEX),
					(message) -> message.applicationSid(SECRET)),
			choices("Body", (message) -> message.body("Hi"), (message) -> message.body(SECRET.repeat(161))),
			choices("ContentRetention", (message) -> message.contentRetention(ContentRetention.DISCARD),
					(message) -> message.contentRetention(null)));

	private static List<Choice> choices(String field, UnaryOperator<OutboundMessageBuilder> right,
			UnaryOperator<OutboundMessageBuilder> wrong) {
		return List.of(new Choice(null, right), new Choice(field.equals("ContentRetention") ? null : field, wrong),
				new Choice(null, UnaryOperator.identity()));
	}

	@Test
	void findsEveryFaultWhateverElseIsWrongAndShowsNoValue() {
		long seed = Long.getLong("seed", 20261124L);
		Random random = new Random(seed);
		for (int round = 0; round < ROUNDS; round++) {
			boolean wrongRecipient = random.nextInt(4) == 0;
			OutboundMessageBuilder builder = OutboundMessage.to(wrongRecipient ? SECRET : "+1" + SECRET);
			TreeSet<String> expected = new TreeSet<>();
			if (wrongRecipient) {
				expected.add("To");
			}
			List<List<Choice>> order = new ArrayList<>(CHOICES);
			java.util.Collections.shuffle(order, random);
			boolean content = false;
			for (List<Choice> choices : order) {
				int picked = random.nextInt(3);
				Choice choice = choices.get(picked);
				builder = choice.setting().apply(builder);
				if (choice.field() != null) {
					expected.add(choice.field());
				}
				content |= picked < 2
						&& List.of("MediaUrl", "ContentSid", "Body").contains(String.valueOf(choices.get(1).field()));
			}
			if (!content) {
				expected.add("Body");
			}
			OutboundMessage message = builder.build();
			TreeSet<String> found = new TreeSet<>();
			message.faults().forEach((fault) -> found.add(fault.field()));
			assertThat(found).as("seed %d, round %d: %s", seed, round, message).isEqualTo(expected);
			assertThat(message.faults().toString() + message + builder).doesNotContain(SECRET);
			assertThat(parameters(message.toBuilder().build())).isEqualTo(parameters(message));
		}
	}

	private static Map<CreateParameter, Object> parameters(OutboundMessage message) {
		Map<CreateParameter, Object> parameters = new java.util.EnumMap<>(CreateParameter.class);
		message.forEachParameter(parameters::put);
		return parameters;
	}

}
