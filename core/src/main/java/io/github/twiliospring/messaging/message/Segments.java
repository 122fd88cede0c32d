package io.github.twiliospring.messaging.message;

/**
 * How many SMS a text takes, which is what the provider charges (API page, "NumSegments
 * Property"; alphabet: 3GPP TS 23.038).
 * <p>
 * A text of GSM-7 characters holds 160 units alone and 153 in each of several segments;
 * the ten extension characters take two units and are never split. Any other character
 * makes the whole text UCS-2: 70 units alone, 67 in each of several; a surrogate pair is
 * never split.
 *
 * @param encoding the encoding that the whole text needs
 * @param count the segments; an empty text takes one
 * @param units the units used by the text, in all segments together
 * @param unitsLeft the units still free in the last segment
 */
public record Segments(Encoding encoding, int count, int units, int unitsLeft) {

	/**
	 * Counts a text as it stands.
	 * @param text the body
	 * @return its segments
	 */
	public static Segments of(String text) {
		Encoding encoding = encodingOf(text);
		int units = 0;
		for (int i = 0; i < text.length(); i += step(text, i, encoding)) {
			units += unitsAt(text, i, encoding);
		}
		if (units <= encoding.single) {
			return new Segments(encoding, 1, units, encoding.single - units);
		}
		int count = 1;
		int used = 0;
		for (int i = 0; i < text.length(); i += step(text, i, encoding)) {
			int next = unitsAt(text, i, encoding);
			if (used + next > encoding.part) {
				count++;
				used = 0;
			}
			used += next;
		}
		return new Segments(encoding, count, units, encoding.part - used);
	}

	/**
	 * Counts a text as the provider sends it with {@code SmartEncoded}: typographic
	 * look-alikes (curly quotes, dashes, the ellipsis, no-break spaces …) replaced by
	 * GSM-7 characters first.
	 * @param text the body
	 * @return its segments after the replacement
	 */
	public static Segments ofSmartEncoded(String text) {
		return of(GsmAlphabet.smartEncode(text));
	}

	/**
	 * A text with its typographic look-alikes replaced by GSM-7 characters.
	 * @param text the body
	 * @return the text as smart encoding sends it
	 */
	public static String smartEncode(String text) {
		return GsmAlphabet.smartEncode(text);
	}

	private static Encoding encodingOf(String text) {
		for (int i = 0; i < text.length(); i++) {
			if (GsmAlphabet.units(text.charAt(i)) == 0) {
				return Encoding.UCS_2;
			}
		}
		return Encoding.GSM_7;
	}

	private static int unitsAt(String text, int index, Encoding encoding) {
		return (encoding == Encoding.GSM_7) ? GsmAlphabet.units(text.charAt(index)) : step(text, index, encoding);
	}

	private static int step(String text, int index, Encoding encoding) {
		return (encoding == Encoding.UCS_2) ? Character.charCount(text.codePointAt(index)) : 1;
	}

	/**
	 * How the characters of a text travel.
	 */
	public enum Encoding {

		/** Seven bits a unit. */
		GSM_7(160, 153),

		/** Sixteen bits a unit. */
		UCS_2(70, 67);

		private final int single;

		private final int part;

		Encoding(int single, int part) {
			this.single = single;
			this.part = part;
		}

	}

}
