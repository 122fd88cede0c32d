package io.github.twiliospring.messaging.webhook.dispatch;

import io.github.twiliospring.messaging.observation.WebhookObservationContext;
import io.github.twiliospring.messaging.webhook.WebhookResponse;
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
	 * Handles a request when it's subscribed. Must not block.
	 * @param request the request
	 * @param context takes what became of it
	 * @return the answer, or the failure of a handler
	 */
	Mono<WebhookResponse> receive(GenuineRequest request, WebhookObservationContext context);

}
