package io.github.twiliospring.messaging;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * The header {@code Retry-After} as seconds or an HTTP date (RFC 9110, section 10.2.3).
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
		Instant date = HttpDate.parse(text);
		if (date == null) {
			return null;
		}
		Duration wait = Duration.between(clock.instant(), date);
		return wait.isNegative() ? Duration.ZERO : wait;
	}

}
