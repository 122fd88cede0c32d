package io.github.twiliospring.messaging.autoconfigure;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Says what to type where the configuration can't work.
 */
class InvalidTwilioConfigurationFailureAnalyzer extends AbstractFailureAnalyzer<InvalidTwilioConfigurationException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, InvalidTwilioConfigurationException cause) {
		return new FailureAnalysis(String.valueOf(cause.getMessage()), cause.getAction(), cause);
	}

}
