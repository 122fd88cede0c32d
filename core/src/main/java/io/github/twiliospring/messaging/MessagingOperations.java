package io.github.twiliospring.messaging;

import java.time.Clock;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Set;

import io.github.twiliospring.messaging.error.InvalidMessageException;
import io.github.twiliospring.messaging.error.MessageOutcomeUnknownException;
import io.github.twiliospring.messaging.message.FeedbackOutcome;
import io.github.twiliospring.messaging.message.Media;
import io.github.twiliospring.messaging.message.Message;
import io.github.twiliospring.messaging.message.MessageFault;
import io.github.twiliospring.messaging.message.MessageQuery;
import io.github.twiliospring.messaging.message.OutboundMessage;
import io.github.twiliospring.messaging.message.OutboundMessageBuilder;
import io.github.twiliospring.messaging.message.SendAttempt;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.core.io.buffer.DataBuffer;

/**
 * The Message resource as an application uses it. Nothing happens before subscription;
 * each subscription is a call of its own. Nothing blocks. Failures arrive as error
 * signals of {@link io.github.twiliospring.messaging.error.MessagingException} and its
 * subtypes. Canceling a subscription stops the call: before the request is written
 * nothing goes out, after it the connection is released and the outcome stays unknown.
 */
public interface MessagingOperations {

	/**
	 * Sends a text from the configured sender.
	 * @param to a number in E.164 form, or a channel address
	 * @param body at most 1600 characters
	 * @return the message as the provider took it, or an error
	 */
	default Mono<Message> send(String to, String body) {
		return send(OutboundMessage.to(to).body(body).build());
	}

	/**
	 * Sends a message, or schedules it where it has a time. It's never put on the wire a
	 * second time unless the first attempt surely wasn't processed.
	 * @param message the message
	 * @return the message as the provider took it, or an error:
	 * {@link io.github.twiliospring.messaging.error.InvalidMessageException},
	 * {@link io.github.twiliospring.messaging.error.MessageRejectedException},
	 * {@link io.github.twiliospring.messaging.error.MessageNotSentException} or
	 * {@link io.github.twiliospring.messaging.error.MessageOutcomeUnknownException}
	 */
	Mono<Message> send(OutboundMessage message);

	/**
	 * Sends a message.
	 * @param message the message, unbuilt
	 * @return as {@link #send(OutboundMessage)}
	 */
	default Mono<Message> send(OutboundMessageBuilder message) {
		return send(Given.message(message));
	}

	/**
	 * Sends a message in exactly one attempt, for callers that repeat by themselves and
	 * have to find out after their own death what became of it: a send id that was stored
	 * before the call is then the same that the message's status callbacks carry, and
	 * {@link #reconcile(SendAttempt, Set)} begins with what was stored.
	 * @param message the message
	 * @param sendId the caller's own random id of this send, 1 to 100 characters, never
	 * used before; it goes out where the message has a StatusCallback URL
	 * @return as {@link #send(OutboundMessage)}; after a
	 * {@link io.github.twiliospring.messaging.error.MessageNotSentException} and a 429 it
	 * may be sent again, after anything else it mustn't
	 */
	Mono<Message> sendOnce(OutboundMessage message, String sendId);

	/**
	 * Schedules a message. Needs a Messaging Service.
	 * @param message the message
	 * @param when 15 minutes to 7 days ahead, unless configured otherwise
	 * @return the scheduled message, or an error as of {@link #send(OutboundMessage)}
	 */
	default Mono<Message> schedule(OutboundMessage message, @Nullable Instant when) {
		OutboundMessage given = Given.message(message);
		if (when == null) {
			// Never sent at once for want of a time.
			return Mono.error(
					new InvalidMessageException(List.of(new MessageFault("SendAt", "is missing")), given.reference()));
		}
		return send(given.toBuilder().sendAt(when).build());
	}

	/**
	 * Schedules a message. Needs a Messaging Service.
	 * @param message the message
	 * @param when in any zone; UTC on the wire
	 * @return as {@link #schedule(OutboundMessage, Instant)}
	 */
	default Mono<Message> schedule(OutboundMessage message, @Nullable ZonedDateTime when) {
		return schedule(message, (when != null) ? when.toInstant() : null);
	}

	/**
	 * Schedules a message. Needs a Messaging Service.
	 * @param message the message, unbuilt
	 * @param when 15 minutes to 7 days ahead, unless configured otherwise
	 * @return as {@link #schedule(OutboundMessage, Instant)}
	 */
	default Mono<Message> schedule(OutboundMessageBuilder message, @Nullable Instant when) {
		return schedule(Given.message(message), when);
	}

	/**
	 * Schedules a message. Needs a Messaging Service.
	 * @param message the message, unbuilt
	 * @param when in any zone; UTC on the wire
	 * @return as {@link #schedule(OutboundMessage, Instant)}
	 */
	default Mono<Message> schedule(OutboundMessageBuilder message, @Nullable ZonedDateTime when) {
		return schedule(Given.message(message), when);
	}

	/**
	 * Sends many messages, a bounded number at a time. One failure doesn't end the
	 * others; demand is passed on to the messages' source.
	 * @param messages the messages
	 * @return one result per message, as each becomes known, in no particular order, of
	 * the very message that was given: by it {@link BlockingMessagingOperations#sendAll}
	 * finds its place, whatever goes out in its stead; an error only if the source fails
	 */
	Flux<SendResult> sendAll(Publisher<OutboundMessage> messages);

	/**
	 * Sends many messages, a bounded number at a time.
	 * @param messages the messages
	 * @return as {@link #sendAll(Publisher)}
	 */
	default Flux<SendResult> sendAll(Iterable<OutboundMessage> messages) {
		return sendAll(Flux.defer(() -> Flux.fromIterable(Given.present("messages", messages))));
	}

	/**
	 * Reads a message.
	 * @param sid {@code SM…} or {@code MM…}
	 * @return the message, or an error
	 */
	Mono<Message> fetch(String sid);

	/**
	 * Lists messages, newest first. Pages are requested as the subscriber demands them.
	 * Of a page that holds something unreadable, all that stands before it comes before
	 * the error.
	 * @param query which messages
	 * @return the messages, or an error
	 */
	Flux<Message> list(MessageQuery query);

	/**
	 * Cancels a scheduled message; the provider does its best. After a lost answer the
	 * message is fetched, and its status decides.
	 * @param sid {@code SM…} or {@code MM…}
	 * @return the canceled message, or an error, 30409 for one that isn't scheduled
	 */
	Mono<Message> cancel(String sid);

	/**
	 * Empties a message's body and keeps the rest. After a lost answer the message is
	 * fetched, and its body decides.
	 * @param sid {@code SM…} or {@code MM…}
	 * @return the redacted message, or an error, 20009 for one in progress
	 */
	Mono<Message> redact(String sid);

	/**
	 * Deletes a message and the media that no other message shares. After a lost answer
	 * the message is looked for, and its absence decides.
	 * @param sid {@code SM…} or {@code MM…}
	 * @return completion, or an error, 20009 for one in progress
	 */
	Mono<Void> delete(String sid);

	/**
	 * Looks for a message whose send had no answer: one that was created in the ten
	 * minutes since, to the same recipient, with the same sender, body and number of
	 * media. It's a match, and a proof only where no other send of yours looks the same;
	 * a status callback with the send id always is one. A message without a text stays
	 * unknown. Never sends.
	 * <p>
	 * Times are compared on the API's clock, as the header {@code Date} of its answers
	 * tells it. Where none did, this machine's clock may be two minutes wrong either way:
	 * a message that was created before the attempt by then is a candidate, but never
	 * found, since an earlier send may look the same.
	 * @param unknown the failure of the send
	 * @return the one message that matches, or that it's still unknown; an error if the
	 * messages can't be listed
	 */
	Mono<Reconciliation> reconcile(MessageOutcomeUnknownException unknown);

	/**
	 * Looks for a message whose send had no answer, as
	 * {@link #reconcile(MessageOutcomeUnknownException)} does, from what was stored of
	 * it.
	 * @param attempt the message, as it was given to the template, with the time of its
	 * attempt
	 * @param others the SIDs of messages that are known to belong to other sends, which
	 * are never taken for this one's
	 * @return the one message that matches, or that it's still unknown; an error if the
	 * messages can't be listed
	 */
	Mono<Reconciliation> reconcile(SendAttempt attempt, Set<String> others);

	/**
	 * Lists a message's media.
	 * @param messageSid {@code SM…} or {@code MM…}
	 * @return the media, pages requested as they're demanded, or an error
	 */
	Flux<Media> listMedia(String messageSid);

	/**
	 * Reads a medium's properties.
	 * @param messageSid {@code SM…} or {@code MM…}
	 * @param mediaSid {@code ME…}
	 * @return the medium, or an error
	 */
	Mono<Media> fetchMedia(String messageSid, String mediaSid);

	/**
	 * Reads a medium's bytes as they arrive. A redirect is followed, without credentials
	 * where it leads to another host. Retries and the deadline hold until the answer's
	 * headers are there; nothing is repeated after that. Observed until its last byte.
	 * @param messageSid {@code SM…} or {@code MM…}
	 * @param mediaSid {@code ME…}
	 * @return buffers that the subscriber has to release, or an error
	 */
	Flux<DataBuffer> mediaContent(String messageSid, String mediaSid);

	/**
	 * Deletes a medium. After a lost answer it's looked for, and its absence decides.
	 * @param messageSid {@code SM…} or {@code MM…}
	 * @param mediaSid {@code ME…}
	 * @return completion, or an error
	 */
	Mono<Void> deleteMedia(String messageSid, String mediaSid);

	/**
	 * Reports what the application saw of a message's effect.
	 * @param messageSid {@code SM…} or {@code MM…}, of a message that was sent with
	 * feedback announced
	 * @param outcome what was seen
	 * @return completion, or an error
	 */
	Mono<Void> feedback(String messageSid, FeedbackOutcome outcome);

	/**
	 * The same operations for another account, with the same credentials, connections and
	 * retry budget.
	 * @param accountSid {@code AC…}, for example a subaccount's
	 * @return the operations
	 * @throws IllegalArgumentException if it's no account's SID
	 */
	MessagingOperations forAccount(String accountSid);

	/**
	 * The same operations for callers whose thread may wait.
	 * @return the operations, which run through these
	 */
	default BlockingMessagingOperations blocking() {
		return new BlockingMessagingTemplate(this, Clock.systemUTC());
	}

}
