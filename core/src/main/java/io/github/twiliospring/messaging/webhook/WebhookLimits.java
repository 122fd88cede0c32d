package io.github.twiliospring.messaging.webhook;

import java.time.Duration;

/**
 * What a request may be, and how long its answer may take.
 *
 * @param maximumBytes the longest body
 * @param maximumParameters the most parameters, in the form and in the query
 * @param bodyTimeout how long a body may take to arrive
 * @param answerTimeout how long the answer to a status callback may take, the body's
 * arrival included, before the provider is asked to repeat
 * @param inboundAnswerTimeout how long the answer to an incoming message may take, the
 * body's arrival included; the provider waits 15 seconds for it
 */
public record WebhookLimits(int maximumBytes, int maximumParameters, Duration bodyTimeout, Duration answerTimeout,
		Duration inboundAnswerTimeout) {

	/**
	 * The limits that hold where nothing is configured.
	 * @return 64 KiB, 200 parameters, 4 seconds each, and 14 seconds for the answer to an
	 * incoming message
	 */
	public static WebhookLimits defaults() {
		return new WebhookLimits(64 * 1024, 200, Duration.ofSeconds(4), Duration.ofSeconds(4), Duration.ofSeconds(14));
	}

}
