package io.github.twiliospring.messaging.message;

import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * The kinds of SID, the provider's names of things: two letters and 32 hexadecimal digits
 * (API page, "Message properties"). Thread-safe.
 */
public enum SidKind {

	/** A message. */
	MESSAGE("SM or MM", "SM", "MM"),

	/** A medium. */
	MEDIUM("ME", "ME"),

	/** An account. */
	ACCOUNT("AC", "AC"),

	/** An API key. */
	API_KEY("SK", "SK"),

	/** A Messaging Service. */
	MESSAGING_SERVICE("MG", "MG"),

	/** A content template. */
	CONTENT("HX", "HX"),

	/** An application that has callbacks of its own. */
	APPLICATION("AP", "AP"),

	/** A request, as answers name it to the provider's support. */
	REQUEST("RQ", "RQ");

	private static final int LENGTH = 34;

	private final String prefixes;

	private final Pattern pattern;

	SidKind(String description, String... prefixes) {
		this.prefixes = description;
		this.pattern = Pattern.compile("(" + String.join("|", prefixes) + ")[0-9a-fA-F]{32}");
	}

	/**
	 * Whether a text is a SID of this kind.
	 * @param sid the text, or {@code null}
	 * @return {@code true} if it is
	 */
	public boolean matches(@Nullable String sid) {
		return sid != null && sid.length() == LENGTH && this.pattern.matcher(sid).matches();
	}

	/**
	 * What is shown of a text that should be a SID of this kind.
	 * @param sid the text, or {@code null}
	 * @return the SID, {@code none} for {@code null}, and no more than kind and length of
	 * anything else
	 */
	public String shown(@Nullable String sid) {
		if (sid == null) {
			return "none";
		}
		return matches(sid) ? sid : Masking.sid(sid);
	}

	/**
	 * Says what is wrong with what is no SID of this kind, and shows no more of it than
	 * its kind.
	 * @param sid the text, or {@code null}
	 * @return for example "is PN… with 34 characters, it must be SM or MM and 32
	 * hexadecimal digits"
	 */
	public String problem(@Nullable String sid) {
		String given = (sid != null) ? "is " + Masking.sid(sid) : "is missing";
		return "%s, it must be %s and 32 hexadecimal digits".formatted(given, this.prefixes);
	}

}
