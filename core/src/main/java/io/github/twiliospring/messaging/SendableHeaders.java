package io.github.twiliospring.messaging;

import java.util.regex.Pattern;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.http.HttpHeaders;

/**
 * Which headers can be written (RFC 9110 §5.1 and §5.5). No client writes others, and
 * what somebody's tracer took over from elsewhere is no reason not to send a message.
 */
final class SendableHeaders {

	private static final Log logger = LogFactory.getLog(SendableHeaders.class);

	private static final Pattern NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

	private static final Pattern VALUE = Pattern.compile("(?:[!-~\\x80-\\xff][\\t -~\\x80-\\xff]*)?");

	private SendableHeaders() {
	}

	/**
	 * Removes what can't be written, which the log tells of without showing it.
	 */
	static void keepIn(HttpHeaders headers) {
		boolean removed = headers.headerSet()
			.removeIf((header) -> !NAME.matcher(header.getKey()).matches()
					|| !header.getValue().stream().allMatch((value) -> VALUE.matcher(value).matches()));
		if (removed) {
			logger.warn("A header that an observation handler adds to a request can't be written, and is left out");
		}
	}

}
