package io.github.twiliospring.messaging.client;

import java.time.Clock;
import java.time.Duration;
import java.util.function.LongSupplier;

import io.github.twiliospring.messaging.retry.RetryBudget;
import io.github.twiliospring.messaging.retry.RetryStrategy;
import reactor.core.scheduler.Scheduler;

/**
 * What rules a call beyond its single attempts.
 *
 * @param retryStrategy whether a safe attempt is repeated
 * @param retryBudget the tokens that all calls share
 * @param deadline the longest that a call may take, all attempts and pauses together
 * @param longestRetryAfter a longer Retry-After fails at once
 * @param clock what tells the time of an attempt
 * @param timer what waits for pauses and deadlines
 * @param nanoTime the timer's monotonic time in nanoseconds
 */
public record ExchangePolicy(RetryStrategy retryStrategy, RetryBudget retryBudget, Duration deadline,
		Duration longestRetryAfter, Clock clock, Scheduler timer, LongSupplier nanoTime) {

}
