package io.github.twiliospring.messaging.webhook;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/**
 * The query parameters that tie a status callback to the send that asked for it. The
 * provider signs them with the URL, so they can't be forged.
 */
public final class StatusCallbackUrl {

	/** Carries the application's own name for the message. */
	public static final String REFERENCE = "message-reference";

	/** Carries the random id of one send. */
	public static final String SEND_ID = "message-send-id";

	/** Carries the time of the send, in milliseconds since the epoch. */
	public static final String SEND_TIME = "message-send-time";

	private static final Set<String> OWN = Set.of(REFERENCE, SEND_ID, SEND_TIME);

	private StatusCallbackUrl() {
	}

	/**
	 * Adds the parameters to a URL, whose own query and fragment are kept.
	 * @param url an absolute URL
	 * @param reference the application's own name for the message, or {@code null}
	 * @param sendId the random id of this send
	 * @param sendTime when it was sent
	 * @return the URL with the parameters
	 */
	public static String decorate(String url, @Nullable String reference, String sendId, Instant sendTime) {
		int fragment = url.indexOf('#');
		// A message that is sent again has the parameters of its first send: they start
		// anew.
		String base = withoutOwn((fragment >= 0) ? url.substring(0, fragment) : url);
		StringBuilder decorated = new StringBuilder(base);
		decorated.append((base.indexOf('?') >= 0) ? '&' : '?');
		if (reference != null) {
			decorated.append(REFERENCE).append('=').append(encode(reference)).append('&');
		}
		decorated.append(SEND_ID).append('=').append(encode(sendId));
		decorated.append('&').append(SEND_TIME).append('=').append(sendTime.toEpochMilli());
		return (fragment >= 0) ? decorated.append(url, fragment, url.length()).toString() : decorated.toString();
	}

	private static String withoutOwn(String url) {
		int query = url.indexOf('?');
		if (query < 0) {
			return url;
		}
		String kept = Arrays.stream(url.substring(query + 1).split("&", -1))
			.filter((parameter) -> OWN.stream().noneMatch((name) -> parameter.startsWith(name + "=")))
			.collect(Collectors.joining("&"));
		return kept.isEmpty() ? url.substring(0, query) : url.substring(0, query + 1) + kept;
	}

	// Nothing but unreserved characters, so that no proxy finds anything to normalise.
	private static String encode(String value) {
		return URLEncoder.encode(value, StandardCharsets.UTF_8)
			.replace("+", "%20")
			.replace("*", "%2A")
			.replace("%7E", "~");
	}

}
