package io.github.twiliospring.messaging.simulator.engine;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which texts are addresses on the web. Lenient about the path and strict about the host,
 * as the provider is.
 */
public final class Urls {

	private static final Pattern WEB = Pattern
		.compile("https?://(?:[^/?#@\\s]*@)?(?:\\[[0-9a-f:.]+]|[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?\\.?)(?::(\\d{1,5}))?"
				+ "(?:[/?#]\\S*)?", Pattern.CASE_INSENSITIVE);

	// As they're written, and as forms write them, who may escape them or not.
	private static final Pattern PASSWORD = Pattern
		.compile(
				"(https?(?::|%3A)(?:/|%2F){2})(?:(?!%2F|%3F|%23|%20|%0|%3A)[^/?#&+\\s\"'<>:]){0,4000}"
						+ "(?::|%3A)(?:(?!%2F|%3F|%23|%20|%0)[^/?#&+\\s\"'<>]){0,4000}(?:@|%40)",
				Pattern.CASE_INSENSITIVE);

	private static final int LENGTH_LIMIT = 4000;

	private static final int PORT_LIMIT = 65535;

	private Urls() {
	}

	/**
	 * Whether a text is an address: http or https, a valid host name without underscore,
	 * a port that exists, no blanks.
	 * @param url the text
	 * @return {@code true} if so
	 */
	public static boolean isWeb(String url) {
		if (url.length() > LENGTH_LIMIT) {
			return false;
		}
		Matcher matcher = WEB.matcher(url);
		if (!matcher.matches()) {
			return false;
		}
		String port = matcher.group(1);
		return port == null || Integer.parseInt(port) <= PORT_LIMIT;
	}

	/**
	 * What may be shown of a text: in the place of user names and passwords of the
	 * addresses in it stands an ellipsis.
	 * @param text the text, for example a form
	 * @return the text without them
	 */
	public static String withoutPasswords(String text) {
		return PASSWORD.matcher(text).replaceAll("$1…@");
	}

}
