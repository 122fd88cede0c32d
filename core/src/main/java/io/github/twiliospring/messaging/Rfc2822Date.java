package io.github.twiliospring.messaging;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;

import org.jspecify.annotations.Nullable;

/**
 * Reads the API's dates, as in {@code Thu, 24 Aug 2023 05:01:45 +0000}.
 */
final class Rfc2822Date {

	private static final String MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec";

	private static final String DAYS = "MonTueWedThuFriSatSun";

	private static final String SHAPE = "???, ## ??? #### ##:##:## +0000";

	// Many messages are of the same second.
	private static volatile Parsed last = new Parsed("", null);

	private Rfc2822Date() {
	}

	/**
	 * Reads a date.
	 * @param text the text
	 * @return the instant, or {@code null} for what is no date
	 */
	static @Nullable Instant parse(String text) {
		Parsed known = last;
		if (!known.text().equals(text)) {
			known = new Parsed(text, parseAny(text));
			last = known;
		}
		return known.date();
	}

	private static @Nullable Instant parseAny(String text) {
		try {
			Instant usual = parseUsual(text);
			return (usual != null) ? usual
					: ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
		}
		catch (DateTimeException ex) {
			return null;
		}
	}

	// What the API writes. The formatter reads it, too, but takes as long as all the rest
	// of a message.
	private static @Nullable Instant parseUsual(String text) {
		if (!hasShape(text)) {
			return null;
		}
		int month = indexOf(MONTHS, text, 8);
		int day = indexOf(DAYS, text, 0);
		if (month < 0 || day < 0) {
			return null;
		}
		LocalDateTime time = LocalDateTime.of(number(text, 12, 16), month + 1, number(text, 5, 7), number(text, 17, 19),
				number(text, 20, 22), number(text, 23, 25));
		return (time.getDayOfWeek().getValue() == day + 1) ? time.toInstant(ZoneOffset.UTC) : null;
	}

	private static boolean hasShape(String text) {
		if (text.length() != SHAPE.length()) {
			return false;
		}
		for (int i = 0; i < SHAPE.length(); i++) {
			char expected = SHAPE.charAt(i);
			char actual = text.charAt(i);
			if ((expected == '#') ? (actual < '0' || actual > '9') : (expected != '?' && expected != actual)) {
				return false;
			}
		}
		return true;
	}

	private static int indexOf(String names, String text, int start) {
		int index = names.indexOf(text.substring(start, start + 3));
		return (index % 3 == 0) ? index / 3 : -1;
	}

	private static int number(String text, int start, int end) {
		return Integer.parseInt(text, start, end, 10);
	}

	/**
	 * A text that was read.
	 */
	private record Parsed(String text, @Nullable Instant date) {

	}

}
