package io.github.twiliospring.messaging.autoconfigure;

import io.github.twiliospring.messaging.retry.UnusableRetryPolicyException;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Says which policies can be used in place of one that can't.
 */
class UnusableRetryPolicyFailureAnalyzer extends AbstractFailureAnalyzer<UnusableRetryPolicyException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, UnusableRetryPolicyException cause) {
		return new FailureAnalysis(String.valueOf(cause.getMessage()),
				"In the TwilioRetryPolicies bean, use a retry policy without circuit breaker, and a back-off policy that"
						+ " implements SleepingBackOffPolicy (as all of Spring Retry's do) or NoBackOffPolicy.",
				cause);
	}

}
