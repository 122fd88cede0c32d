package io.github.twiliospring.messaging.outbox;

import java.util.function.Consumer;

import org.springframework.context.ApplicationEventPublisher;

/**
 * Publishes what {@link OutboxUpdate @OutboxUpdate} methods hear of as an application
 * event. It's such a method itself: where publishing fails, it's published again.
 */
public class OutboxUpdateEventPublisher {

	private final ApplicationEventPublisher events;

	private final Consumer<Runnable> transaction;

	/**
	 * Makes a publisher.
	 * @param events where updates are published
	 * @param transaction runs the publishing, in a transaction where listeners are bound
	 * to one
	 */
	public OutboxUpdateEventPublisher(ApplicationEventPublisher events, Consumer<Runnable> transaction) {
		this.events = events;
		this.transaction = transaction;
	}

	/**
	 * Publishes an update. Blocks while listeners run.
	 * @param entry the entry
	 */
	@OutboxUpdate
	public void publish(OutboxEntry entry) {
		this.transaction.accept(() -> this.events.publishEvent(new OutboxUpdateEvent(entry)));
	}

}
