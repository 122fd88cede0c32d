package io.github.twiliospring.messaging;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;

/**
 * The header {@code Retry-After} as seconds or an HTTP date in any of its three forms
 * (RFC 9110, sections 10.2.3 and 5.6.7); a year of two digits is one of this century.
 */
final class RetryAfter {

	private static final int DIGITS = 9;

	private RetryAfter() {
	}

	/**
	 * Reads the header.
	 * @param value seconds or an HTTP date, or {@code null}
	 * @param clock what a date is measured on
	 * @return how long to wait, not negative; {@code null} for a missing or unreadable
	 * header
	 */
	static @Nullable Duration parse(@Nullable String value, Clock clock) {
		if (value == null || value.isBlank()) {
			return null;
		}
		String text = value.trim();
		if (text.chars().allMatch((character) -> character >= '0' && character <= '9')) {
			// More digits than fit mean "for ever" as well.
			return Duration.ofSeconds((text.length() <= DIGITS) ? Long.parseLong(text) : Integer.MAX_VALUE);
		}
		HttpHeaders headers = new HttpHeaders();
		// The oldest form fills up the day with a blank, which Spring doesn't read.
		headers.set(HttpHeaders.DATE, text.replace("  ", " 0"));
		try {
			Duration wait = Duration.between(clock.instant(),
					Instant.ofEpochMilli(headers.getFirstDate(HttpHeaders.DATE)));
			return wait.isNegative() ? Duration.ZERO : wait;
		}
		catch (IllegalArgumentException | ArithmeticException ex) {
			return null;
		}
	}

}
