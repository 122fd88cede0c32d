package io.github.twiliospring.messaging.message;

/**
 * Whether the provider keeps a recipient's address (create parameter
 * {@code AddressRetention}). Values that came later can be given by their text.
 *
 * @param value the text on the wire
 */
public record AddressRetention(String value) {

	/** Keep it. */
	public static final AddressRetention RETAIN = new AddressRetention("retain");

	/** Store it obfuscated. */
	public static final AddressRetention OBFUSCATE = new AddressRetention("obfuscate");

	@Override
	public String toString() {
		return this.value;
	}

}
