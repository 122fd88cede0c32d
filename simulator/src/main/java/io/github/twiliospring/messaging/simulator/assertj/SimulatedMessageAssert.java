package io.github.twiliospring.messaging.simulator.assertj;

import java.util.List;
import java.util.stream.Collectors;

import io.github.twiliospring.messaging.message.Segments;
import io.github.twiliospring.messaging.simulator.SimulatedMessage;
import org.assertj.core.api.AbstractObjectAssert;
import org.jspecify.annotations.Nullable;

/**
 * Assertions about a message. Their failures say what makes a text long, without the text
 * itself.
 */
public final class SimulatedMessageAssert extends AbstractObjectAssert<SimulatedMessageAssert, SimulatedMessage> {

	private static final int NAMED = 10;

	SimulatedMessageAssert(@Nullable SimulatedMessage actual) {
		super(actual, SimulatedMessageAssert.class);
	}

	/**
	 * Checks that the message is charged as a single SMS.
	 * @return this
	 */
	public SimulatedMessageAssert inOneSegment() {
		return inSegments(1);
	}

	/**
	 * Checks how many SMS the message is charged as.
	 * @param count 1 or more
	 * @return this
	 */
	public SimulatedMessageAssert inSegments(int count) {
		isNotNull();
		if (this.actual.numSegments() != count) {
			throw failure("Expected %s to take %s, but it takes %s: %s", this.actual, segments(count),
					segments(this.actual.numSegments()), explained(this.actual.body()));
		}
		return this;
	}

	private static String segments(int count) {
		return count + ((count == 1) ? " segment" : " segments");
	}

	private static String explained(String body) {
		Segments counted = Segments.of(body);
		if (counted.encoding() == Segments.Encoding.GSM_7) {
			return counted.units() + " units of GSM-7; one segment holds 160, each of several 153";
		}
		List<String> outside = body.codePoints()
			.distinct()
			.filter((character) -> Segments.of(Character.toString(character)).encoding() == Segments.Encoding.UCS_2)
			.mapToObj((character) -> "%s (U+%04X)".formatted(Character.toString(character), character))
			.toList();
		return counted.units() + " units of UCS-2, since GSM-7 has no "
				+ outside.stream().limit(NAMED).collect(Collectors.joining(", "))
				+ ((outside.size() > NAMED) ? " and " + (outside.size() - NAMED) + " more" : "")
				+ "; one segment holds 70, each of several 67";
	}

}
