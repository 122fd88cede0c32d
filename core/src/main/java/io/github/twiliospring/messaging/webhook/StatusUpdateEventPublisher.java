package io.github.twiliospring.messaging.webhook;

import java.util.function.Consumer;

import org.springframework.context.ApplicationEventPublisher;

/**
 * Publishes every verified status update as an application event. It's a handler like the
 * application's own: where publishing fails, the provider is asked to repeat.
 */
public class StatusUpdateEventPublisher {

	private final ApplicationEventPublisher events;

	private final Consumer<Runnable> transaction;

	/**
	 * Makes a publisher.
	 * @param events where updates are published
	 * @param transaction runs the publishing, in a transaction where listeners are bound
	 * to one
	 */
	public StatusUpdateEventPublisher(ApplicationEventPublisher events, Consumer<Runnable> transaction) {
		this.events = events;
		this.transaction = transaction;
	}

	/**
	 * Publishes a status update. Blocks while listeners run.
	 * @param update the status update
	 */
	@StatusCallback
	public void publish(StatusUpdate update) {
		this.transaction.accept(() -> this.events.publishEvent(StatusUpdateEvent.of(update)));
	}

}
