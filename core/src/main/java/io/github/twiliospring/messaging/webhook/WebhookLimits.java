package io.github.twiliospring.messaging.webhook;

import java.time.Duration;

/**
 * What a request may be, how long its answer may take, and what methods may hold.
 *
 * @param maximumBytes the longest body
 * @param maximumParameters the most parameters, in the form and in the query
 * @param bodyTimeout how long a body may take to arrive
 * @param answerTimeout how long the answer to a status callback may take, the body's
 * arrival included, before the provider is asked to repeat; on the servlet stack the time
 * in which a method runs on the container's thread doesn't count
 * @param inboundAnswerTimeout the same for the answer to an incoming message; the
 * provider waits 15 seconds for it
 * @param maximumConcurrentHandlers the most methods that block at once
 * @param handlerLimit how long a method may hold its claim on a message: afterwards it's
 * interrupted, and the next request of the message calls it again
 */
public record WebhookLimits(int maximumBytes, int maximumParameters, Duration bodyTimeout, Duration answerTimeout,
		Duration inboundAnswerTimeout, int maximumConcurrentHandlers, Duration handlerLimit) {

	/**
	 * The limits that hold where nothing is configured.
	 * @return 64 KiB, 200 parameters, 4 seconds each, 14 seconds for the answer to an
	 * incoming message, 50 methods at once, 10 minutes for each
	 */
	public static WebhookLimits defaults() {
		return new WebhookLimits(64 * 1024, 200, Duration.ofSeconds(4), Duration.ofSeconds(4), Duration.ofSeconds(14),
				50, Duration.ofMinutes(10));
	}

}
