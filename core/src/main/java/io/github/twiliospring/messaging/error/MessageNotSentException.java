package io.github.twiliospring.messaging.error;

import org.jspecify.annotations.Nullable;

/**
 * The request surely never reached the API (no connection, no free place in the pool, TLS
 * failed, the deadline passed before anything was written), or was answered with a 503
 * that the application takes for "not processed": it's safe to send the message again.
 */
@SuppressWarnings("serial")
public final class MessageNotSentException extends MessagingException {

	/**
	 * Reports a request that wasn't made.
	 * @param problem what stopped it
	 * @param reference the message's reference, or {@code null}
	 * @param cause the last failure, or {@code null}
	 */
	public MessageNotSentException(String problem, @Nullable String reference, @Nullable Throwable cause) {
		super("Not sent: " + problem, reference, cause);
	}

}
