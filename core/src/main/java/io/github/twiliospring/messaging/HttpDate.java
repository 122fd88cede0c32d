package io.github.twiliospring.messaging;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;

/**
 * Reads HTTP dates in any of their three forms (RFC 9110, section 5.6.7); a year of two
 * digits is one of this century.
 */
final class HttpDate {

	private HttpDate() {
	}

	/**
	 * Reads a date.
	 * @param text the text, or {@code null}
	 * @return the instant, in whole seconds, or {@code null} for what is no date
	 */
	static @Nullable Instant parse(@Nullable String text) {
		if (text == null) {
			return null;
		}
		HttpHeaders headers = new HttpHeaders();
		// The oldest form fills up the day with a blank, which Spring doesn't read.
		headers.set(HttpHeaders.DATE, text.trim().replace("  ", " 0"));
		try {
			return Instant.ofEpochMilli(headers.getFirstDate(HttpHeaders.DATE));
		}
		catch (IllegalArgumentException | ArithmeticException ex) {
			return null;
		}
	}

}
