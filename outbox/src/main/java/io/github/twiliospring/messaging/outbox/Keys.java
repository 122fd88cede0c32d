package io.github.twiliospring.messaging.outbox;

import org.jspecify.annotations.Nullable;

/**
 * What is a key.
 */
final class Keys {

	private static final int LIMIT = 100;

	private Keys() {
	}

	/**
	 * Refuses what every database would store differently.
	 */
	static String checked(@Nullable String key) {
		if (key == null || key.isBlank()) {
			throw new IllegalArgumentException("The key of an outbox entry is missing");
		}
		if (key.length() > LIMIT) {
			throw new IllegalArgumentException(
					"The key of an outbox entry has %d characters, the limit is %d".formatted(key.length(), LIMIT));
		}
		if (key.codePoints().anyMatch(Keys::isControl)) {
			throw new IllegalArgumentException(
					"The key of an outbox entry holds a control character, or half a character");
		}
		return key;
	}

	private static boolean isControl(int character) {
		return Character.isISOControl(character) || Character.getType(character) == Character.SURROGATE;
	}

}
