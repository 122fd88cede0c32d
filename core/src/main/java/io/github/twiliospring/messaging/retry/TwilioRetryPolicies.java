package io.github.twiliospring.messaging.retry;

import java.time.Duration;

import org.springframework.retry.RetryPolicy;
import org.springframework.retry.backoff.BackOffPolicy;
import org.springframework.retry.backoff.ExponentialRandomBackOffPolicy;
import org.springframework.retry.backoff.NoBackOffPolicy;
import org.springframework.retry.backoff.SleepingBackOffPolicy;
import org.springframework.retry.policy.CircuitBreakerRetryPolicy;
import org.springframework.retry.policy.SimpleRetryPolicy;

/**
 * The two Spring Retry policies that rule how often and how fast a safe attempt is
 * repeated. Declared as a bean, it replaces the ones made from properties; policies that
 * belong to other parts of an application aren't picked up.
 * <p>
 * The policies run without a thread that sleeps: the pause that the back-off policy asks
 * for is recorded and waited for by a timer. So the back-off policy must be one that
 * takes a sleeper ({@link SleepingBackOffPolicy}, as all that Spring Retry ships do), or
 * {@link NoBackOffPolicy}. A circuit breaker inside a composite is harmless and useless:
 * each send opens it anew.
 *
 * @param retryPolicy whether there is another attempt
 * @param backOffPolicy how long to wait before it
 */
public record TwilioRetryPolicies(RetryPolicy retryPolicy, BackOffPolicy backOffPolicy) {

	/**
	 * Refuses policies that can't be used.
	 * @throws UnusableRetryPolicyException if the back-off can't be captured without
	 * blocking, or is a subclass that its copies aren't, or the retry policy is a circuit
	 * breaker, whose state doesn't belong to one send
	 */
	public TwilioRetryPolicies {
		if (retryPolicy instanceof CircuitBreakerRetryPolicy) {
			throw new UnusableRetryPolicyException(retryPolicy,
					"a circuit breaker keeps state across sends, which this library runs independently");
		}
		if (!(backOffPolicy instanceof SleepingBackOffPolicy) && !(backOffPolicy instanceof NoBackOffPolicy)) {
			throw new UnusableRetryPolicyException(backOffPolicy,
					"its pause can't be captured without blocking a thread");
		}
		if (backOffPolicy instanceof SleepingBackOffPolicy<?> sleeping) {
			Class<?> copy = sleeping.withSleeper((period) -> {
			}).getClass();
			if (copy != backOffPolicy.getClass() && copy.isInstance(backOffPolicy)) {
				throw new UnusableRetryPolicyException(backOffPolicy, "its withSleeper method makes a " + copy.getName()
						+ ", and so what it overrides would be lost; override withSleeper, too");
			}
		}
	}

	/**
	 * Exponential back-off with jitter.
	 * @param maxAttempts attempts in all, at least 1
	 * @param initialInterval the shortest first pause
	 * @param multiplier what each pause is multiplied by for the next, over 1
	 * @param maxInterval the longest pause
	 * @return the policies
	 */
	public static TwilioRetryPolicies exponential(int maxAttempts, Duration initialInterval, double multiplier,
			Duration maxInterval) {
		ExponentialRandomBackOffPolicy backOff = new ExponentialRandomBackOffPolicy();
		backOff.setInitialInterval(initialInterval.toMillis());
		backOff.setMultiplier(multiplier);
		backOff.setMaxInterval(maxInterval.toMillis());
		return new TwilioRetryPolicies(new SimpleRetryPolicy(maxAttempts), backOff);
	}

	/**
	 * Three attempts, half a second that doubles, at most ten seconds.
	 * @return the policies that hold where nothing is configured
	 */
	public static TwilioRetryPolicies defaults() {
		return exponential(3, Duration.ofMillis(500), 2, Duration.ofSeconds(10));
	}

}
