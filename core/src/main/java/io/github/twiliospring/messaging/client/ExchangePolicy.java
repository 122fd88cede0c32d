package io.github.twiliospring.messaging.client;

import java.time.Clock;
import java.time.Duration;

import io.github.twiliospring.messaging.retry.RetryBudget;
import io.github.twiliospring.messaging.retry.RetryStrategy;
import io.github.twiliospring.messaging.timer.SharedTimer;

/**
 * What rules a call beyond its single attempts.
 *
 * @param retryStrategy whether a safe attempt is repeated
 * @param retryBudget the tokens that all calls share
 * @param deadline the longest that a call may take, all attempts and pauses together
 * @param longestRetryAfter a longer Retry-After fails at once
 * @param clock what tells the time of an attempt
 * @param timer what waits for pauses and deadlines
 */
public record ExchangePolicy(RetryStrategy retryStrategy, RetryBudget retryBudget, Duration deadline,
		Duration longestRetryAfter, Clock clock, SharedTimer timer) {

}
