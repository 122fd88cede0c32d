package io.github.twiliospring.messaging.webhook.dispatch;

import java.time.Duration;

/**
 * What a request may be, and how long its answer may take.
 *
 * @param maximumBytes the longest body
 * @param maximumParameters the most parameters, in the form and in the query
 * @param bodyTimeout how long a body may take to arrive
 * @param answerTimeout how long an answer may take, the body's arrival included, before
 * the provider is asked to repeat
 */
public record WebhookLimits(int maximumBytes, int maximumParameters, Duration bodyTimeout, Duration answerTimeout) {

	/**
	 * The limits that hold where nothing is configured.
	 * @return 64 KiB, 200 parameters, 4 seconds each
	 */
	public static WebhookLimits defaults() {
		return new WebhookLimits(64 * 1024, 200, Duration.ofSeconds(4), Duration.ofSeconds(4));
	}

}
