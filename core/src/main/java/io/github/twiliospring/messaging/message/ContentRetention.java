package io.github.twiliospring.messaging.message;

/**
 * Whether the provider keeps a message's content (create parameter
 * {@code ContentRetention}). Values that came later can be given by their text.
 *
 * @param value the text on the wire
 */
public record ContentRetention(String value) {

	/** Keep it. */
	public static final ContentRetention RETAIN = new ContentRetention("retain");

	/** Discard it after sending. */
	public static final ContentRetention DISCARD = new ContentRetention("discard");

	@Override
	public String toString() {
		return this.value;
	}

}
