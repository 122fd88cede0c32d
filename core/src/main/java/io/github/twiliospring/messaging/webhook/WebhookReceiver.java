package io.github.twiliospring.messaging.webhook;

import java.time.Duration;

import io.github.twiliospring.messaging.observation.WebhookObservationContext;
import reactor.core.publisher.Mono;

/**
 * Takes genuine requests of one kind.
 */
interface WebhookReceiver {

	/**
	 * What is taken, for metrics and logs.
	 * @return {@code status} or {@code inbound}
	 */
	String kind();

	/**
	 * Whether the application asks for this kind at all.
	 * @return {@code false} to leave the path to the application
	 */
	boolean isActive();

	/**
	 * How long the answer may take, the body's arrival included.
	 * @param limits the limits that are configured
	 * @return the one of this kind
	 */
	Duration answerTimeout(WebhookLimits limits);

	/**
	 * Handles a request when it's subscribed. Must not block.
	 * @param request the request
	 * @param context takes what became of it
	 * @param executor calls the application's methods
	 * @return the answer, or the failure of a handler
	 */
	Mono<WebhookResponse> receive(GenuineRequest request, WebhookObservationContext context, HandlerExecutor executor);

}
