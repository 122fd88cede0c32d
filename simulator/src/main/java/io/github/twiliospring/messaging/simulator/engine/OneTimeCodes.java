package io.github.twiliospring.messaging.simulator.engine;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Finds the code in a message that tells one.
 */
public final class OneTimeCodes {

	// Whole, or in halves as 123-456 is; no part of an amount, a time, a date or a link.
	private static final Pattern CODE = Pattern
		.compile("(?<![\\p{L}\\d.,:/+=?&%$€£_-]|\\d )(?:[A-Z]-)?(\\d{4,10}|\\d{3}[- ]\\d{3}|\\d{4}[- ]\\d{4})"
				+ "(?![\\p{L}\\d:/%€£_-]|[.,]\\d| \\d)");

	private static final Pattern YEAR = Pattern.compile("(?:19|20)\\d\\d");

	private static final Pattern NAMED = Pattern.compile("code|\\bpin\\b|\\botp\\b|passw", Pattern.CASE_INSENSITIVE);

	private OneTimeCodes() {
	}

	/**
	 * The first code in a text. What may be a year is none, unless the text speaks of a
	 * code.
	 * @param text the body
	 * @return its digits, or {@code null} if there's none
	 */
	public static @Nullable String find(String text) {
		Matcher matcher = CODE.matcher(text);
		while (matcher.find()) {
			String digits = matcher.group(1).replaceAll("\\D", "");
			if (!YEAR.matcher(digits).matches() || NAMED.matcher(text).find()) {
				return digits;
			}
		}
		return null;
	}

}
