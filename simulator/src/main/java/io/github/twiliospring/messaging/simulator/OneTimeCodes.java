package io.github.twiliospring.messaging.simulator;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Finds the code in a message that tells one.
 */
final class OneTimeCodes {

	// Whole, or in halves as 123-456 is; no part of an amount, a time, a date or a link.
	private static final Pattern CODE = Pattern
		.compile("(?<![\\p{L}\\d.,:/+=?&%$€£_-]|\\d )(?:[A-Z]-)?(\\d{4,10}|\\d{3}[- ]\\d{3}|\\d{4}[- ]\\d{4})"
				+ "(?![\\p{L}\\d:/%€£_-]|[.,]\\d| \\d)");

	private OneTimeCodes() {
	}

	/**
	 * The first code in a text.
	 * @param text the body
	 * @return its digits, or {@code null} if there's none
	 */
	static @Nullable String find(String text) {
		Matcher matcher = CODE.matcher(text);
		return matcher.find() ? matcher.group(1).replaceAll("\\D", "") : null;
	}

}
