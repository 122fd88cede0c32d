package io.github.twiliospring.messaging.message;

import java.util.Set;

/**
 * The channels that addresses such as {@code whatsapp:+15558675310} name (API page
 * "Channel addresses"), as far as they're known: a closed set for metrics, and for what
 * may be shown of an address. Thread-safe.
 */
final class Channels {

	/** The channel of an address without a prefix. */
	static final String SMS = "sms";

	/** Any channel that isn't known. */
	static final String OTHER = "other";

	private static final Set<String> KNOWN = Set.of(SMS, "whatsapp", "messenger", "rcs");

	private Channels() {
	}

	/**
	 * The channel of an address.
	 * @param address a number in any form or a channel address; not {@code null}
	 * @return its prefix in lower case, {@link #SMS} where it has none, {@link #OTHER}
	 * where that isn't known
	 */
	static String of(String address) {
		int colon = address.indexOf(':');
		String prefix = (colon > 0) ? address.substring(0, colon) : SMS;
		return KNOWN.contains(prefix) ? prefix : OTHER;
	}

}
