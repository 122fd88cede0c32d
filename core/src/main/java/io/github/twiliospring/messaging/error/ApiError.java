package io.github.twiliospring.messaging.error;

import java.util.regex.Pattern;

import io.github.twiliospring.messaging.message.ErrorCategory;
import io.github.twiliospring.messaging.message.ErrorCodes;
import org.jspecify.annotations.Nullable;

/**
 * An error answer of the API, or of a proxy before it (API page "Twilio's response").
 *
 * @param httpStatus the HTTP status
 * @param code the provider's error code, or {@code null} where the body named none
 * @param message the provider's description with every number masked, or {@code null}
 * @param requestId the header {@code Twilio-Request-Id}, or {@code null}
 */
public record ApiError(int httpStatus, @Nullable Integer code, @Nullable String message, @Nullable String requestId) {

	private static final Pattern DIGITS = Pattern.compile("\\+?\\d[\\d ().-]{5,}\\d");

	private static final int MESSAGE_LIMIT = 200;

	/**
	 * Masks the description.
	 */
	public ApiError {
		message = (message != null) ? masked(message) : null;
	}

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

	@Override
	public String toString() {
		StringBuilder text = new StringBuilder("HTTP ").append(this.httpStatus);
		if (this.code != null) {
			text.append(", error ").append(this.code);
		}
		String known = (this.code != null) ? ErrorCodes.find(this.code).map(ErrorCodes.Entry::message).orElse(null)
				: null;
		String description = (known != null) ? known : this.message;
		if (description != null) {
			text.append(" (").append(description).append(")");
		}
		if (this.code != null) {
			text.append(", see https://www.twilio.com/docs/errors/").append(this.code);
		}
		if (this.requestId != null) {
			text.append(", request ").append(this.requestId);
		}
		return text.toString();
	}

	private static String masked(String message) {
		String shortened = (message.length() > MESSAGE_LIMIT) ? message.substring(0, MESSAGE_LIMIT) + "…" : message;
		return DIGITS.matcher(shortened)
			.replaceAll((match) -> "…" + match.group().substring(match.group().length() - 4));
	}

}
