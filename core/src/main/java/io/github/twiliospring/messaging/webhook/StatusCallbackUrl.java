package io.github.twiliospring.messaging.webhook;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

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
	 * Adds the parameters to a URL, whose own query and fragment are kept. The whole
	 * query is sorted by name: the provider may call a URL with its query sorted, but
	 * sign it as it was given, and no validator could tell how that was.
	 * @param url an absolute URL
	 * @param reference the application's own name for the message, or {@code null}
	 * @param sendId the random id of this send
	 * @param sendTime when it was sent
	 * @return the URL with the parameters; those of one name have the order that they had
	 */
	public static String decorate(String url, @Nullable String reference, String sendId, Instant sendTime) {
		int fragment = url.indexOf('#');
		String address = (fragment >= 0) ? url.substring(0, fragment) : url;
		int query = address.indexOf('?');
		List<String> parameters = new ArrayList<>();
		if (query >= 0) {
			parameters.addAll(Arrays.asList(address.substring(query + 1).split("&")));
			// A message that is sent again has the parameters of its first send: they
			// start
			// anew.
			parameters.removeIf((parameter) -> parameter.isEmpty() || OWN.contains(nameOf(parameter)));
		}
		if (reference != null) {
			parameters.add(REFERENCE + "=" + encode(reference));
		}
		parameters.add(SEND_ID + "=" + encode(sendId));
		parameters.add(SEND_TIME + "=" + sendTime.toEpochMilli());
		parameters.sort(Comparator.comparing(StatusCallbackUrl::nameOf));
		return ((query >= 0) ? address.substring(0, query) : address) + "?" + String.join("&", parameters)
				+ ((fragment >= 0) ? url.substring(fragment) : "");
	}

	private static String nameOf(String parameter) {
		int equals = parameter.indexOf('=');
		String name = (equals >= 0) ? parameter.substring(0, equals) : parameter;
		try {
			return URLDecoder.decode(name, StandardCharsets.UTF_8);
		}
		catch (IllegalArgumentException ex) {
			// A broken escape stays what it is.
			return name;
		}
	}

	// Nothing but unreserved characters, so that no proxy finds anything to normalise.
	private static String encode(String value) {
		return URLEncoder.encode(value, StandardCharsets.UTF_8)
			.replace("+", "%20")
			.replace("*", "%2A")
			.replace("%7E", "~");
	}

}
