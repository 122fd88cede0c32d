package io.github.twiliospring.messaging.outbox;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import io.github.twiliospring.messaging.message.OutboundMessage;
import io.github.twiliospring.messaging.message.OutboundMessageBuilder;

/**
 * Messages that are promised: written in the caller's transaction, or in one of their own
 * where there's none, and sent once that is committed. What was rolled back is never
 * sent. What was committed is sent once, by this instance or another, even if the process
 * dies in the next instruction. Where nobody can find out whether a message exists, the
 * entry waits for a person. All methods wait for the database, and are safe on any thread
 * that may wait; on an event loop, those that write throw an
 * {@link IllegalStateException}.
 * <p>
 * Where the database fails they throw a
 * {@link org.springframework.dao.DataAccessException}. Those that write throw an
 * {@link org.springframework.transaction.IllegalTransactionStateException} in a
 * transaction that is read-only, or that another transaction manager than the outbox's
 * began: an entry couldn't be part of it.
 */
public interface MessagingOutbox {

	/**
	 * Promises a message, to be sent at once.
	 * @param key the application's own, unique name for it: 1 to 100 characters; the same
	 * key with the same message again is the same entry
	 * @param message the message
	 * @return the entry
	 * @throws io.github.twiliospring.messaging.error.InvalidMessageException if the
	 * message breaks the API's rules, or has a time of its own
	 * @throws OutboxKeyConflictException if there's an entry with this key and another
	 * message
	 */
	default OutboxEntry send(String key, OutboundMessage message) {
		return send(OutboxRequest.of(key, message));
	}

	/**
	 * Promises a message, to be sent at once.
	 * @param key as of {@link #send(String, OutboundMessage)}
	 * @param message the message, unbuilt
	 * @return the entry
	 * @throws io.github.twiliospring.messaging.error.InvalidMessageException as
	 * {@link #send(String, OutboundMessage)}
	 * @throws OutboxKeyConflictException as {@link #send(String, OutboundMessage)}
	 */
	default OutboxEntry send(String key, OutboundMessageBuilder message) {
		return send(OutboxRequest.of(key, message));
	}

	/**
	 * Promises a message for a time, which may be years ahead.
	 * @param key as of {@link #send(String, OutboundMessage)}
	 * @param message the message
	 * @param when when to send it
	 * @return the entry
	 * @throws io.github.twiliospring.messaging.error.InvalidMessageException as
	 * {@link #send(String, OutboundMessage)}
	 * @throws OutboxKeyConflictException if there's an entry with this key and another
	 * message, or one that was asked for at another time
	 */
	default OutboxEntry sendAt(String key, OutboundMessage message, Instant when) {
		return send(OutboxRequest.of(key, message).at(when));
	}

	/**
	 * Promises a message for a time, which may be years ahead.
	 * @param key as of {@link #send(String, OutboundMessage)}
	 * @param message the message, unbuilt
	 * @param when when to send it
	 * @return the entry
	 * @throws io.github.twiliospring.messaging.error.InvalidMessageException as
	 * {@link #send(String, OutboundMessage)}
	 * @throws OutboxKeyConflictException as
	 * {@link #sendAt(String, OutboundMessage, Instant)}
	 */
	default OutboxEntry sendAt(String key, OutboundMessageBuilder message, Instant when) {
		return send(OutboxRequest.of(key, message).at(when));
	}

	/**
	 * Promises a message.
	 * @param request the message with all that holds for it
	 * @return the entry
	 * @throws io.github.twiliospring.messaging.error.InvalidMessageException as
	 * {@link #send(String, OutboundMessage)}
	 * @throws OutboxKeyConflictException as
	 * {@link #sendAt(String, OutboundMessage, Instant)}
	 */
	OutboxEntry send(OutboxRequest request);

	/**
	 * Promises many messages, a few hundred at a time. Without a transaction of the
	 * caller's each portion is committed by itself, so that the same call may be repeated
	 * after a failure.
	 * @param requests the messages, read as they're written, and closed
	 * @return how many new entries there are
	 * @throws io.github.twiliospring.messaging.error.InvalidMessageException as
	 * {@link #send(String, OutboundMessage)}, for the first of its portion
	 * @throws OutboxKeyConflictException as
	 * {@link #sendAt(String, OutboundMessage, Instant)}; its portion, or the caller's
	 * transaction, is rolled back
	 */
	long sendAll(Stream<OutboxRequest> requests);

	/**
	 * Takes an entry back that waits. Certain: once the caller's transaction is committed
	 * it's never sent.
	 * @param key the entry's key
	 * @return {@code false} if there's none that waits: it's being sent, or has ended
	 */
	boolean cancel(String key);

	/**
	 * Moves an entry that waits to another time. Certain, as {@link #cancel(String)}.
	 * @param key the entry's key
	 * @param when when to send it, milliseconds count; a past time is at once
	 * @return {@code false} if there's none that waits
	 * @throws IllegalArgumentException if the time isn't between the years 1 and 9999
	 */
	boolean reschedule(String key, Instant when);

	/**
	 * Reads an entry.
	 * @param key the entry's key
	 * @return the entry, or nothing: there was none, or it ended so long ago that it was
	 * deleted
	 */
	Optional<OutboxEntry> find(String key);

	/**
	 * What a person has to decide.
	 * @return the oldest 1000 entries that are {@link OutboxState#UNRESOLVED}, by their
	 * age
	 */
	List<OutboxEntry> unresolved();

	/**
	 * Decides about an entry.
	 * @param key the entry's key
	 * @param resolution the decision
	 * @return {@code false} if there's none that is {@link OutboxState#UNRESOLVED}
	 */
	boolean resolve(String key, Resolution resolution);

	/**
	 * Waits until an entry has ended, ten seconds at most. For tests.
	 * @param key the entry's key
	 * @return the entry, as of {@link #awaitEnded(String, Duration)}
	 * @throws AssertionError if it hasn't ended in time; its text says where it stands
	 */
	default OutboxEntry awaitEnded(String key) {
		return awaitEnded(key, Duration.ofSeconds(10));
	}

	/**
	 * Waits until an entry has ended, or waits for a person
	 * ({@link OutboxState#UNRESOLVED}), and the methods that ask for it have heard of it.
	 * For tests: woken by what this instance does, it notices within a quarter of a
	 * second what another one did.
	 * @param key the entry's key
	 * @param timeout how long at most, in real time
	 * @return the entry, rejected, sent, canceled, expired or unresolved
	 * @throws AssertionError if it hasn't ended in time; its text says where it stands
	 */
	OutboxEntry awaitEnded(String key, Duration timeout);

	/**
	 * The same for reactive transactions.
	 * @return writes entries by R2DBC
	 * @throws IllegalStateException if there's no R2DBC for the outbox's database
	 */
	ReactiveMessagingOutbox reactive();

}
