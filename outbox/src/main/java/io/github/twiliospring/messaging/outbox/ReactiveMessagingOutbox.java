package io.github.twiliospring.messaging.outbox;

import java.time.Instant;

import io.github.twiliospring.messaging.message.OutboundMessage;
import io.github.twiliospring.messaging.message.OutboundMessageBuilder;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A {@link MessagingOutbox} for reactive applications: entries are written by R2DBC, in
 * the subscriber's reactive transaction, or in one of their own where there's none.
 * Nothing happens before the subscription; results come on the driver's threads. What is
 * written here is sent as what is written there, from the same tables. Outside a
 * transaction of the caller's, what was begun is brought to its end, whoever cancels the
 * subscription: the same call again is the same entry.
 */
public interface ReactiveMessagingOutbox {

	/**
	 * Promises a message, to be sent at once.
	 * @param key the application's own, unique name for it: 1 to 100 characters; the same
	 * key with the same message again is the same entry
	 * @param message the message
	 * @return the entry. It fails with
	 * {@link io.github.twiliospring.messaging.error.InvalidMessageException} if the
	 * message breaks the API's rules, or has a time of its own; with
	 * {@link OutboxKeyConflictException} if there's an entry with this key and another
	 * message; with {@link IllegalStateException} where it couldn't be part of the
	 * caller's transaction, because that is read-only, a blocking one or another
	 * manager's; and with Spring's {@code DataAccessException} or
	 * {@code TransactionException} where the database fails: if that was in a commit,
	 * nobody knows whether the entry is there, and the same call again settles it
	 */
	default Mono<OutboxEntry> send(String key, OutboundMessage message) {
		return Mono.defer(() -> send(OutboxRequest.of(key, message)));
	}

	/**
	 * Promises a message, to be sent at once.
	 * @param key as of {@link #send(String, OutboundMessage)}
	 * @param message the message, unbuilt
	 * @return as {@link #send(String, OutboundMessage)}
	 */
	default Mono<OutboxEntry> send(String key, OutboundMessageBuilder message) {
		return Mono.defer(() -> send(OutboxRequest.of(key, message)));
	}

	/**
	 * Promises a message for a time, which may be years ahead.
	 * @param key as of {@link #send(String, OutboundMessage)}
	 * @param message the message
	 * @param when when to send it
	 * @return as {@link #send(String, OutboundMessage)}; another time is another entry,
	 * too
	 */
	default Mono<OutboxEntry> sendAt(String key, OutboundMessage message, Instant when) {
		return Mono.defer(() -> send(OutboxRequest.of(key, message).at(when)));
	}

	/**
	 * Promises a message for a time, which may be years ahead.
	 * @param key as of {@link #send(String, OutboundMessage)}
	 * @param message the message, unbuilt
	 * @param when when to send it
	 * @return as {@link #sendAt(String, OutboundMessage, Instant)}
	 */
	default Mono<OutboxEntry> sendAt(String key, OutboundMessageBuilder message, Instant when) {
		return Mono.defer(() -> send(OutboxRequest.of(key, message).at(when)));
	}

	/**
	 * Promises a message.
	 * @param request the message with all that holds for it
	 * @return as {@link #sendAt(String, OutboundMessage, Instant)}
	 */
	Mono<OutboxEntry> send(OutboxRequest request);

	/**
	 * Promises many messages, a few hundred at a time. Without a transaction of the
	 * caller's each portion is committed by itself, so that the same may be repeated
	 * after a failure.
	 * @param requests the messages
	 * @return how many new entries there are. It fails as
	 * {@link #sendAt(String, OutboundMessage, Instant)}; the portion, or the caller's
	 * transaction, is rolled back
	 */
	Mono<Long> sendAll(Publisher<OutboxRequest> requests);

	/**
	 * Takes an entry back that waits. Certain: once the caller's transaction is committed
	 * it's never sent.
	 * @param key the entry's key
	 * @return {@code false} if there's none that waits: it's being sent, or has ended
	 */
	Mono<Boolean> cancel(String key);

	/**
	 * Moves an entry that waits to another time. Certain, as {@link #cancel(String)}.
	 * @param key the entry's key
	 * @param when when to send it, milliseconds count; a past time is at once
	 * @return {@code false} if there's none that waits
	 */
	Mono<Boolean> reschedule(String key, Instant when);

	/**
	 * Reads an entry.
	 * @param key the entry's key
	 * @return the entry, or nothing
	 */
	Mono<OutboxEntry> find(String key);

	/**
	 * What a person has to decide.
	 * @return the oldest 1000 entries that are {@link OutboxState#UNRESOLVED}, by their
	 * age
	 */
	Flux<OutboxEntry> unresolved();

	/**
	 * Decides about an entry.
	 * @param key the entry's key
	 * @param resolution the decision
	 * @return {@code false} if there's none that is {@link OutboxState#UNRESOLVED}
	 */
	Mono<Boolean> resolve(String key, Resolution resolution);

}
