package io.github.twiliospring.messaging.message;

import org.jspecify.annotations.Nullable;

/**
 * How personal data is shown in exceptions, logs and {@code toString}: a number keeps its
 * last four digits, an address of a known channel its prefix as well, and nothing else is
 * shown.
 */
public final class Masking {

	private static final int VISIBLE = 4;

	private Masking() {
	}

	/**
	 * A phone number or channel address, masked.
	 * @param address a number in any form, a channel address such as
	 * {@code whatsapp:+15558675310}, or {@code null}
	 * @return for example {@code …5310} or {@code whatsapp:…5310}; {@code none} for
	 * {@code null}
	 */
	public static String address(@Nullable String address) {
		if (address == null || address.isEmpty()) {
			return "none";
		}
		int colon = address.indexOf(':');
		// Any other may be the beginning of a text in the wrong place.
		String prefix = (colon > 0 && !Channels.OTHER.equals(Channels.of(address))) ? address.substring(0, colon + 1)
				: "";
		String rest = address.substring(prefix.length());
		// A short text is hidden whole: four of six digits would give it away.
		return prefix + "…" + ((rest.length() > 2 * VISIBLE) ? rest.substring(rest.length() - VISIBLE) : "");
	}

	/**
	 * What is shown of a text that should be a SID, and may be anything else.
	 * @param text the text
	 * @return its prefix, where it has that of a SID, and its length: for example
	 * {@code PN… with 34 characters}, or {@code a text of 8 characters}
	 */
	public static String sid(String text) {
		boolean prefixed = text.length() > 2 && text.chars().limit(2).allMatch(Masking::isUpperCase);
		return prefixed ? "%s… with %d characters".formatted(text.substring(0, 2), text.length())
				: "a text of %d characters".formatted(text.length());
	}

	private static boolean isUpperCase(int character) {
		return character >= 'A' && character <= 'Z';
	}

}
