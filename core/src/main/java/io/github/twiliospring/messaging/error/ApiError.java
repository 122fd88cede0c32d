package io.github.twiliospring.messaging.error;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.github.twiliospring.messaging.message.CreateParameter;
import io.github.twiliospring.messaging.message.ErrorCategory;
import io.github.twiliospring.messaging.message.ErrorCodes;
import org.jspecify.annotations.Nullable;

import static java.util.stream.Collectors.joining;

/**
 * An error answer of the API, or of a proxy before it (API page "Twilio's response").
 *
 * @param httpStatus the HTTP status
 * @param code the provider's error code, or {@code null} where the body named none
 * @param message the provider's description with every number masked, or {@code null}
 * @param requestId the header {@code Twilio-Request-Id}, or {@code null}
 */
public record ApiError(int httpStatus, @Nullable Integer code, @Nullable String message, @Nullable String requestId) {

	// Seven digits and more, whatever separates them.
	private static final Pattern NUMBER = Pattern.compile("\\p{Nd}(?:[^\\p{L}\\p{N}]{0,3}+\\p{Nd}){6,}+");

	// A parameter's name, an apostrophe, or else what may begin a quotation.
	private static final Pattern MARK = Pattern
		.compile("'(?:" + Stream.of(CreateParameter.values()).map(CreateParameter::wireName).collect(joining("|"))
				+ ")'|(?<=\\p{L})['’](?=\\p{L})|([\"'`´“”„‟«»‹›‘’‚‛])");

	private static final int MESSAGE_LIMIT = 200;

	// Masking shortens a number to a fifth of what it was at most, so that none that's
	// cut here is among what is kept.
	private static final int READ_LIMIT = 10 * MESSAGE_LIMIT;

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
		String description = (known != null || this.message == null) ? known : withoutQuotations(this.message);
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
		String read = (message.length() > READ_LIMIT) ? message.substring(0, READ_LIMIT) : message;
		String masked = NUMBER.matcher(read).replaceAll((match) -> {
			String digits = match.group().replaceAll("\\P{Nd}", "");
			return "…" + digits.substring(digits.length() - 4);
		});
		return (masked.length() > MESSAGE_LIMIT) ? masked.substring(0, MESSAGE_LIMIT) + "…" : masked;
	}

	// A quotation may be of the text that was sent, and where it ends isn't sure.
	private static String withoutQuotations(String message) {
		Matcher mark = MARK.matcher(message);
		while (mark.find()) {
			if (mark.group(1) != null) {
				return message.substring(0, mark.start()) + "…";
			}
		}
		return message;
	}

}
