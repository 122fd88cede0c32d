package io.github.twiliospring.messaging;

import java.time.Duration;

import io.github.twiliospring.messaging.error.MessagingException;
import io.github.twiliospring.messaging.retry.RetryStrategy;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Whether, and after which pause, what may be repeated is repeated. Strategy, budget and
 * Retry-After can only say no. Thread-safe.
 */
final class Retries {

	private static final Log logger = LogFactory.getLog(Retries.class);

	private final RetryStrategy strategy;

	private final RetryBudget budget;

	private final Duration longestRetryAfter;

	/**
	 * Rules calls.
	 * @param strategy the strategy of each call
	 * @param budget the tokens that all calls share
	 * @param longestRetryAfter a longer Retry-After fails at once
	 */
	Retries(RetryStrategy strategy, RetryBudget budget, Duration longestRetryAfter) {
		this.strategy = strategy;
		this.budget = budget;
		this.longestRetryAfter = longestRetryAfter;
	}

	/**
	 * The same for a caller that repeats by itself.
	 */
	Retries never() {
		return new Retries(RetryStrategy.NEVER, this.budget, this.longestRetryAfter);
	}

	OfCall begin() {
		this.budget.deposit();
		try {
			return new OfCall(this.strategy.begin());
		}
		catch (RuntimeException ex) {
			logger.warn("The retry policy failed, nothing is repeated", ex);
			return new OfCall(RetryStrategy.NEVER.begin());
		}
	}

	/**
	 * The retries of one call; used by one thread at a time.
	 */
	final class OfCall {

		private final RetryStrategy.Attempts attempts;

		private OfCall(RetryStrategy.Attempts attempts) {
			this.attempts = attempts;
		}

		/**
		 * Asks for another attempt.
		 * @param failure how the call ends otherwise
		 * @param retryAfter the pause that the API asks for, or {@code null}
		 * @param remaining how much time is left
		 * @return the pause before it, or {@code null} for none
		 */
		@Nullable Duration pauseAfter(MessagingException failure, @Nullable Duration retryAfter, Duration remaining) {
			Duration asked = (retryAfter != null) ? retryAfter : Duration.ZERO;
			if (asked.compareTo(Retries.this.longestRetryAfter) > 0) {
				return null;
			}
			Duration pause = pauseAfter(failure);
			if (pause == null) {
				return null;
			}
			Duration longer = (pause.compareTo(asked) >= 0) ? pause : asked;
			return (longer.compareTo(remaining) < 0 && Retries.this.budget.tryWithdraw()) ? longer : null;
		}

		// A policy that fails itself can't say yes, and must not hide what happened.
		private @Nullable Duration pauseAfter(MessagingException failure) {
			try {
				return this.attempts.afterFailure(failure);
			}
			catch (RuntimeException ex) {
				failure.addSuppressed(ex);
				return null;
			}
		}

		void end() {
			this.attempts.end();
		}

	}

}
