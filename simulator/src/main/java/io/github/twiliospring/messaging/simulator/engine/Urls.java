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

}
