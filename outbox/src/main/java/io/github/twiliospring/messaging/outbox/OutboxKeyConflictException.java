package io.github.twiliospring.messaging.outbox;

import java.util.List;

/**
 * A key was used again, for another message. Nothing was written.
 *
 * @serial exclude
 */
@SuppressWarnings("serial")
public final class OutboxKeyConflictException extends RuntimeException {

	private final String key;

	private final List<String> differences;

	OutboxKeyConflictException(String key, List<String> differences) {
		super("The outbox has an entry with the key '%s' already, which differs in: %s".formatted(key,
				String.join(", ", differences)));
		this.key = key;
		this.differences = List.copyOf(differences);
	}

	/**
	 * The key.
	 * @return the application's own name for the entry
	 */
	public String getKey() {
		return this.key;
	}

	/**
	 * What differs, without showing it.
	 * @return the API's names of parameters, {@code reference}, {@code time}, or
	 * {@code content} where the entry's own was erased already
	 */
	public List<String> getDifferences() {
		return this.differences;
	}

}
