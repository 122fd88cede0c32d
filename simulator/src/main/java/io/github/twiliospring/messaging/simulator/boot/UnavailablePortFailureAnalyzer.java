package io.github.twiliospring.messaging.simulator.boot;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Names the property that moves the simulator.
 */
class UnavailablePortFailureAnalyzer extends AbstractFailureAnalyzer<UnavailablePortException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, UnavailablePortException cause) {
		return new FailureAnalysis(String.valueOf(cause.getMessage()), cause.getAction(), cause);
	}

}
