package io.github.twiliospring.messaging.simulator.control;

import java.util.List;

import io.github.twiliospring.messaging.message.Segments;

/**
 * What makes a text take the segments that it takes.
 *
 * @param encoding {@code GSM-7} or {@code UCS-2}
 * @param segments how many it takes
 * @param units the units in them
 * @param unitsLeft the units still free in the last one
 * @param outside the characters that GSM-7 doesn't have, each once, in order
 * @param smartSegments how many it would take with {@code SmartEncoded}
 */
record TextFacts(String encoding, int segments, int units, int unitsLeft, List<String> outside, int smartSegments) {

	static TextFacts of(String text) {
		Segments segments = Segments.of(text);
		return new TextFacts(segments.encoding().name().replace('_', '-'), segments.count(), segments.units(),
				segments.unitsLeft(), outside(text), Segments.ofSmartEncoded(text).count());
	}

	private static List<String> outside(String text) {
		return text.codePoints()
			.distinct()
			.mapToObj(Character::toString)
			.filter((character) -> Segments.of(character).encoding() == Segments.Encoding.UCS_2)
			.toList();
	}

}
