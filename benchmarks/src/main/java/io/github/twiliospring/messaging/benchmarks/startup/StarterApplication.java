package io.github.twiliospring.messaging.benchmarks.startup;

import io.github.twiliospring.messaging.MessagingOperations;
import io.github.twiliospring.messaging.webhook.StatusCallback;
import io.github.twiliospring.messaging.webhook.StatusUpdate;
import reactor.core.publisher.Mono;

/**
 * The same with the starter: it can send, and receives status updates.
 */
class StarterApplication extends BareApplication {

	private final MessagingOperations messaging;

	StarterApplication(MessagingOperations messaging) {
		this.messaging = messaging;
	}

	@StatusCallback
	Mono<Void> track(StatusUpdate update) {
		return this.messaging.fetch(update.messageSid()).then();
	}

}
