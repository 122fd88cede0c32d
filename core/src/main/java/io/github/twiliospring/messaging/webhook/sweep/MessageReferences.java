package io.github.twiliospring.messaging.webhook.sweep;

import io.github.twiliospring.messaging.message.Message;
import reactor.core.publisher.Mono;

/**
 * Knows the application's own name for a message by what the provider lists of it, since
 * the list doesn't carry the reference that the message was sent with. Declared as a
 * bean, it lets handlers find {@code StatusUpdate.reference()} in swept status updates,
 * too.
 */
@FunctionalInterface
public interface MessageReferences {

	/**
	 * The reference of a message. Asked on a thread that may block. Where it fails or
	 * takes longer than 5 seconds, the status isn't handed on, and the next sweep asks
	 * again.
	 * @param message the message as it's listed
	 * @return the reference, empty where it has none
	 */
	Mono<String> referenceOf(Message message);

}
