package io.github.twiliospring.messaging.error;

import java.time.Duration;

import io.github.twiliospring.messaging.message.ErrorCategory;
import org.jspecify.annotations.Nullable;

/**
 * The API answered with a definite no (a 4xx): nothing was done. Sending the same again
 * gets the same answer, except after a 429, which may succeed later.
 *
 * @serial exclude
 */
@SuppressWarnings("serial")
public final class MessageRejectedException extends MessagingException {

	private final ApiError error;

	private final @Nullable Duration retryAfter;

	/**
	 * Reports an answer.
	 * @param error the answer
	 * @param retryAfter the pause that the answer asked for, or {@code null}
	 * @param reference the message's reference, or {@code null}
	 */
	public MessageRejectedException(ApiError error, @Nullable Duration retryAfter, @Nullable String reference) {
		super("Rejected: " + error, reference, null);
		this.error = error;
		this.retryAfter = retryAfter;
	}

	/**
	 * The answer, with code, HTTP status and request id.
	 * @return the provider's error
	 */
	public ApiError getError() {
		return this.error;
	}

	/**
	 * The provider's error code.
	 * @return a number, or {@code null} where the answer named none
	 */
	public @Nullable Integer getCode() {
		return this.error.code();
	}

	/**
	 * What to do about it.
	 * @return the code's category
	 */
	public ErrorCategory getCategory() {
		return this.error.category();
	}

	/**
	 * The HTTP status.
	 * @return 400 to 499
	 */
	public int getHttpStatus() {
		return this.error.httpStatus();
	}

	/**
	 * How long to wait before the same is asked again, where the answer said so (a 429
	 * with Retry-After).
	 * @return the pause, not negative, or {@code null}
	 */
	public @Nullable Duration getRetryAfter() {
		return this.retryAfter;
	}

	/**
	 * The provider's name for the request, for its support.
	 * @return the header {@code Twilio-Request-Id}, or {@code null}
	 */
	public @Nullable String getRequestId() {
		return this.error.requestId();
	}

}
