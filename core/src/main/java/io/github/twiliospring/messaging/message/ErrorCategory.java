package io.github.twiliospring.messaging.message;

/**
 * What an error code means to the application that has to do something about it. The
 * codes behind each category are listed in {@link ErrorCodes}.
 */
public enum ErrorCategory {

	/** The recipient doesn't want messages: stop sending to this number. */
	OPTED_OUT,

	/** The number or address doesn't exist or can't receive messages: correct it. */
	INVALID_RECIPIENT,

	/** The handset or its carrier can't be reached now: later may succeed. */
	UNREACHABLE,

	/** A carrier or channel refused the content or the sender's habits. */
	FILTERED,

	/** Too much at once: wait, then send less per second. */
	QUEUE_FULL,

	/** Credentials, permissions, suspension, or money. */
	ACCOUNT,

	/** The From number or the Messaging Service can't send this. */
	SENDER,

	/** Body, media or template are missing, too long or unusable. */
	CONTENT,

	/** The time of a scheduled message, or its cancelation. */
	SCHEDULING,

	/** WhatsApp or another channel refused, or isn't set up. */
	CHANNEL,

	/**
	 * Another parameter of the request, or the state of the resource, doesn't allow it.
	 */
	REQUEST,

	/** A fault on the provider's side. */
	PROVIDER,

	/** A code that this version doesn't know, or one that says no more than "error". */
	UNKNOWN

}
