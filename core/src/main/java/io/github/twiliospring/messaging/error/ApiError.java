package io.github.twiliospring.messaging.error;

import io.github.twiliospring.messaging.message.ErrorCategory;
import io.github.twiliospring.messaging.message.ErrorCodes;
import io.github.twiliospring.messaging.message.SidKind;
import org.jspecify.annotations.Nullable;

/**
 * An error answer of the API, or of a proxy before it (API page "Twilio's response").
 *
 * @param httpStatus the HTTP status
 * @param code the provider's error code, or {@code null} where the body named none
 * @param message the provider's own description, or {@code null}; may quote a number or
 * the text that was sent, and so it's shown here and nowhere else
 * @param requestId the header {@code Twilio-Request-Id} as it came, or {@code null}
 */
public record ApiError(int httpStatus, @Nullable Integer code, @Nullable String message, @Nullable String requestId) {

	/**
	 * What to do about it: the group of the code or, where the answer named none, what
	 * the HTTP status says.
	 * @return the category, {@link ErrorCategory#UNKNOWN} where neither is known
	 */
	public ErrorCategory category() {
		if (this.code != null) {
			return ErrorCodes.categoryOf(this.code);
		}
		return switch (this.httpStatus) {
			case 401, 403 -> ErrorCategory.ACCOUNT;
			case 404, 409 -> ErrorCategory.REQUEST;
			case 429 -> ErrorCategory.QUEUE_FULL;
			default -> (this.httpStatus >= 500) ? ErrorCategory.PROVIDER : ErrorCategory.UNKNOWN;
		};
	}

	/**
	 * Status, code, our own text for the code and its page in the provider's error
	 * dictionary; nothing that the answer says in words.
	 */
	@Override
	public String toString() {
		StringBuilder text = new StringBuilder("HTTP ").append(this.httpStatus);
		if (this.code != null) {
			text.append(", error ").append(this.code);
		}
		String known = (this.code != null) ? ErrorCodes.find(this.code).map(ErrorCodes.Entry::message).orElse(null)
				: null;
		if (known != null) {
			text.append(" (").append(known).append(")");
		}
		if (this.code != null) {
			text.append(", see https://www.twilio.com/docs/errors/").append(this.code);
		}
		if (SidKind.REQUEST.matches(this.requestId)) {
			text.append(", request ").append(this.requestId);
		}
		return text.toString();
	}

}
