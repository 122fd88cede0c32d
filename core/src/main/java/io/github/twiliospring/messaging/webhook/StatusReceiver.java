package io.github.twiliospring.messaging.webhook;

import java.time.Duration;

import io.github.twiliospring.messaging.message.MessageError;
import io.github.twiliospring.messaging.observation.WebhookObservationContext;
import reactor.core.publisher.Mono;

/**
 * Takes status callbacks.
 */
final class StatusReceiver implements WebhookReceiver {

	private static final int NO_CONTENT = 204;

	private static final int BAD_REQUEST = 400;

	private final StatusUpdateDispatcher dispatcher;

	StatusReceiver(StatusUpdateDispatcher dispatcher) {
		this.dispatcher = dispatcher;
	}

	@Override
	public String kind() {
		return "status";
	}

	@Override
	public boolean isActive() {
		return true;
	}

	@Override
	public Duration answerTimeout(WebhookLimits limits) {
		return limits.answerTimeout();
	}

	@Override
	public Mono<WebhookResponse> receive(GenuineRequest request, WebhookObservationContext context,
			HandlerExecutor executor) {
		StatusUpdate update = StatusUpdate.of(request.parameters(), request.query());
		if (update == null) {
			return Mono.just(WebhookResponse.problem(BAD_REQUEST, "No message, account or status is named"));
		}
		MessageError error = update.error();
		context.setUpdate(update.status(), (error != null) ? error.category() : null);
		return this.dispatcher.dispatch(update, executor)
			.doOnNext(context::setOutcome)
			.map((outcome) -> WebhookResponse.of(NO_CONTENT));
	}

}
