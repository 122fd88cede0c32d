package io.github.twiliospring.messaging;

/**
 * Something between the client and the connector tried to put the same attempt on the
 * wire again.
 */
@SuppressWarnings("serial")
final class RepeatedExchangeException extends IllegalStateException {

	RepeatedExchangeException() {
		super("A second exchange for one attempt was refused: filters must not repeat a request;"
				+ " configure twilio.messaging.retry instead");
	}

}
