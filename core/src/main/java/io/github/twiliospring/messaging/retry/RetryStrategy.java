package io.github.twiliospring.messaging.retry;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * Decides whether a failed attempt is followed by another, and after which pause. It's
 * asked only about attempts that are safe to repeat, so it can only say no to what the
 * client would allow.
 */
@FunctionalInterface
public interface RetryStrategy {

	/** Never repeats anything. */
	RetryStrategy NEVER = () -> (failure) -> null;

	/**
	 * Asks Spring Retry's policies, without ever sleeping.
	 * @param policies the policies for every send
	 * @return the strategy
	 */
	static RetryStrategy of(TwilioRetryPolicies policies) {
		return new SpringRetryStrategy(policies);
	}

	/**
	 * Begins one operation. Called once for each send, on any thread; never blocks.
	 * @return the decisions for this operation
	 */
	Attempts begin();

	/**
	 * The decisions for one operation; used by one thread at a time.
	 */
	@FunctionalInterface
	interface Attempts {

		/**
		 * Reports a failed attempt that is safe to repeat.
		 * @param failure what the caller would get if this were the last attempt
		 * @return the pause before the next attempt, or {@code null} to give up
		 */
		@Nullable Duration afterFailure(Throwable failure);

		/**
		 * Ends the operation, whatever its outcome. Called once.
		 */
		default void end() {
		}

	}

}
