package io.github.twiliospring.messaging.message;

import org.jspecify.annotations.Nullable;

/**
 * Why a message failed or wasn't delivered.
 *
 * @param code the provider's number (API page, "Delivery Related Errors")
 * @param message the provider's description, which may hold a number, or {@code null}
 * where it gave none; {@link #toString()} leaves it out
 */
public record MessageError(int code, @Nullable String message) {

	/**
	 * The group of the code, for a handler to switch on.
	 * @return the category, {@link ErrorCategory#UNKNOWN} where the code isn't known
	 */
	public ErrorCategory category() {
		return ErrorCodes.categoryOf(this.code);
	}

	/**
	 * The code's page in the provider's error dictionary.
	 * @return an absolute URL
	 */
	public String moreInfo() {
		return "https://www.twilio.com/docs/errors/" + this.code;
	}

	@Override
	public String toString() {
		return "MessageError[code=" + this.code + "]";
	}

}
