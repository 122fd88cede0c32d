package io.github.twiliospring.messaging.error;

import org.jspecify.annotations.Nullable;

/**
 * A call that only reads (fetch, list, media) got no usable answer, after all attempts.
 * Nothing was changed, and calling again is safe.
 *
 * @serial exclude
 */
@SuppressWarnings("serial")
public final class MessagingUnavailableException extends MessagingException {

	private final @Nullable ApiError error;

	/**
	 * Reports a call without a usable answer.
	 * @param problem what happened last
	 * @param error the last answer, where there was one, or {@code null}
	 * @param cause the last failure, or {@code null}
	 */
	public MessagingUnavailableException(String problem, @Nullable ApiError error, @Nullable Throwable cause) {
		super("Unavailable: " + problem, null, cause);
		this.error = error;
	}

	/**
	 * The last answer, where there was one.
	 * @return a 3xx, 408 or 5xx, or {@code null}
	 */
	public @Nullable ApiError getError() {
		return this.error;
	}

}
