package io.github.twiliospring.messaging.autoconfigure;

import io.github.twiliospring.messaging.webhook.InvalidHandlerException;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Names the annotated method that can't be called.
 */
class InvalidHandlerFailureAnalyzer extends AbstractFailureAnalyzer<InvalidHandlerException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, InvalidHandlerException cause) {
		return new FailureAnalysis(String.valueOf(cause.getMessage()),
				"Change the method's signature as described, or remove its annotation.", cause);
	}

}
