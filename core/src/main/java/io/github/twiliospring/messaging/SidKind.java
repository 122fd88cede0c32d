package io.github.twiliospring.messaging;

import java.util.List;
import java.util.regex.Pattern;

import io.github.twiliospring.messaging.error.InvalidMessageException;
import io.github.twiliospring.messaging.message.Masking;
import io.github.twiliospring.messaging.message.MessageFault;
import org.jspecify.annotations.Nullable;

/**
 * The kinds of SID that operations take.
 */
enum SidKind {

	MESSAGE("SM or MM", "(SM|MM)"), MEDIUM("ME", "ME"), ACCOUNT("AC", "AC");

	private final String prefixes;

	private final Pattern pattern;

	SidKind(String prefixes, String expression) {
		this.prefixes = prefixes;
		this.pattern = Pattern.compile(expression + "[0-9a-fA-F]{32}");
	}

	/**
	 * Refuses what is no SID of this kind.
	 * @param field the field's name
	 * @param sid what was given
	 * @return the SID
	 * @throws InvalidMessageException if it's another kind, or nothing
	 */
	String check(String field, @Nullable String sid) {
		if (sid == null || !matches(sid)) {
			throw new InvalidMessageException(List.of(new MessageFault(field, problem(sid))), null);
		}
		return sid;
	}

	boolean matches(@Nullable String sid) {
		return sid != null && this.pattern.matcher(sid).matches();
	}

	/**
	 * Says what is wrong with what is no SID of this kind.
	 */
	String problem(@Nullable String sid) {
		String given = (sid != null) ? "is " + Masking.sid(sid) : "is missing";
		return "%s, it must be %s and 32 hexadecimal digits".formatted(given, this.prefixes);
	}

}
