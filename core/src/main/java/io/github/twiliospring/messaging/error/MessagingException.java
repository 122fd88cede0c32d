package io.github.twiliospring.messaging.error;

import org.jspecify.annotations.Nullable;

/**
 * The parent of all that a messaging operation can fail with. No message here shows a
 * secret, a body or a whole phone number.
 *
 * @serial exclude
 */
@SuppressWarnings("serial")
public abstract class MessagingException extends RuntimeException {

	private final @Nullable String reference;

	MessagingException(String message, @Nullable String reference, @Nullable Throwable cause) {
		super((reference != null) ? message + " (reference " + reference + ")" : message, cause);
		this.reference = reference;
	}

	/**
	 * The application's own name for the message.
	 * @return the reference that the message was given, or {@code null} for none and for
	 * operations other than sending
	 */
	public final @Nullable String getReference() {
		return this.reference;
	}

}
