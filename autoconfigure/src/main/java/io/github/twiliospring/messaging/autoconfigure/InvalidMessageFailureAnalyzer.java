package io.github.twiliospring.messaging.autoconfigure;

import io.github.twiliospring.messaging.error.InvalidMessageException;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Says what's wrong with a message that an application sends while it starts, the missing
 * sender above all.
 */
class InvalidMessageFailureAnalyzer extends AbstractFailureAnalyzer<InvalidMessageException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, InvalidMessageException cause) {
		return new FailureAnalysis(String.valueOf(cause.getMessage()),
				"Correct these fields of the message that the application sends while it starts. A sender for all messages"
						+ " is set by the property 'twilio.messaging.messaging-service-sid' or 'twilio.messaging.from'.",
				cause);
	}

}
