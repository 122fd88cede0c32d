package io.github.twiliospring.messaging.webhook;

import java.util.Locale;

/**
 * What the provider took a message for that ends, resumes or explains a conversation
 * (parameter {@code OptOutType}; the provider's guide "How to Track Opt-Out, Opt-In and
 * Help Messages Using the OptOutType Parameter"). It tells this for numbers of a
 * Messaging Service with Advanced Opt-Out alone, and has answered the message itself.
 */
public enum OptOutType {

	/** Messages again. */
	START,

	/** No messages any more: further sends are refused with error 21610. */
	STOP,

	/** What to do. */
	HELP,

	/** A type that this version doesn't know. */
	UNKNOWN;

	static OptOutType of(String value) {
		return switch (value.toUpperCase(Locale.ROOT)) {
			case "START" -> START;
			case "STOP" -> STOP;
			case "HELP" -> HELP;
			default -> UNKNOWN;
		};
	}

}
