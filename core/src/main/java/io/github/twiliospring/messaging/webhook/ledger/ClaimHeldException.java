package io.github.twiliospring.messaging.webhook.ledger;

/**
 * A delivery waited for its turn, and another's handler was still running: nothing was
 * done, and the provider has to be asked to repeat. Without a stack trace.
 */
@SuppressWarnings("serial")
public final class ClaimHeldException extends RuntimeException {

	ClaimHeldException() {
		super("Another delivery of this message was still being handled, and this one's time to wait was over", null,
				false, false);
	}

}
