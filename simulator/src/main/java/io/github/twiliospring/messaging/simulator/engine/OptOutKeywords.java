package io.github.twiliospring.messaging.simulator.engine;

import java.util.Locale;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * The words that the provider answers by itself, when they are the whole text.
 */
enum OptOutKeywords {

	/** No messages any more. */
	STOP(Set.of("STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"),
			"You have successfully been unsubscribed. You will not receive any more messages from this number. "
					+ "Reply START to resubscribe."),

	/** Messages again. */
	START(Set.of("START", "YES", "UNSTOP"),
			"You have successfully been re-subscribed to messages from this number. Reply HELP for help. "
					+ "Reply STOP to unsubscribe. Msg&Data Rates May Apply."),

	/** What to do. */
	HELP(Set.of("HELP", "INFO"), "Reply STOP to unsubscribe. Msg&Data Rates May Apply.");

	private final Set<String> words;

	private final String answer;

	OptOutKeywords(Set<String> words, String answer) {
		this.words = words;
		this.answer = answer;
	}

	String answer() {
		return this.answer;
	}

	static @Nullable OptOutKeywords of(String body) {
		String word = body.strip().toUpperCase(Locale.ROOT);
		for (OptOutKeywords keyword : values()) {
			if (keyword.words.contains(word)) {
				return keyword;
			}
		}
		return null;
	}

}
