package io.github.twiliospring.messaging.retry;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import org.springframework.retry.RetryContext;
import org.springframework.retry.RetryPolicy;
import org.springframework.retry.backoff.BackOffContext;
import org.springframework.retry.backoff.BackOffPolicy;
import org.springframework.retry.backoff.Sleeper;
import org.springframework.retry.backoff.SleepingBackOffPolicy;

/**
 * Asks Spring Retry's policies without ever sleeping.
 */
final class SpringRetryStrategy implements RetryStrategy {

	private final TwilioRetryPolicies policies;

	SpringRetryStrategy(TwilioRetryPolicies policies) {
		this.policies = policies;
	}

	@Override
	public Attempts begin() {
		return new PolicyAttempts(this.policies);
	}

	private static final class PolicyAttempts implements Attempts {

		private final RetryPolicy retryPolicy;

		private final RetryContext context;

		private final RecordingSleeper sleeper = new RecordingSleeper();

		private final TwilioRetryPolicies policies;

		private @Nullable BackOffPolicy backOffPolicy;

		private @Nullable BackOffContext backOffContext;

		PolicyAttempts(TwilioRetryPolicies policies) {
			this.policies = policies;
			this.retryPolicy = policies.retryPolicy();
			this.context = this.retryPolicy.open(null);
		}

		@Override
		public @Nullable Duration afterFailure(Throwable failure) {
			BackOffPolicy policy = this.backOffPolicy;
			if (policy == null) {
				// A copy for each send, with pauses of its own; most never need one.
				policy = (this.policies.backOffPolicy() instanceof SleepingBackOffPolicy<?> sleeping)
						? sleeping.withSleeper(this.sleeper) : this.policies.backOffPolicy();
				this.backOffPolicy = policy;
				this.backOffContext = policy.start(this.context);
			}
			this.retryPolicy.registerThrowable(this.context, failure);
			if (!this.retryPolicy.canRetry(this.context) || this.context.isExhaustedOnly()) {
				return null;
			}
			this.sleeper.recorded = 0;
			policy.backOff(this.backOffContext);
			return Duration.ofMillis(this.sleeper.recorded);
		}

		@Override
		public void end() {
			this.retryPolicy.close(this.context);
		}

	}

	@SuppressWarnings("serial")
	private static final class RecordingSleeper implements Sleeper {

		private long recorded;

		@Override
		public void sleep(long backOffPeriod) {
			this.recorded += backOffPeriod;
		}

	}

}
