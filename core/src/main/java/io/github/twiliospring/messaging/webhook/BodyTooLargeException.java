package io.github.twiliospring.messaging.webhook;

/**
 * Tells that a body is longer than {@link WebhookLimits#maximumBytes()}. An adapter
 * signals it as soon as it knows, without keeping what it read.
 */
@SuppressWarnings("serial")
final class BodyTooLargeException extends RuntimeException {

	/**
	 * Makes an exception without a stack trace: it's raised by whoever sends too much.
	 */
	BodyTooLargeException() {
		super("The body is too large", null, false, false);
	}

}
