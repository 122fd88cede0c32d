package io.github.twiliospring.messaging;

import java.io.InputStream;
import java.time.Clock;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import io.github.twiliospring.messaging.error.MessageOutcomeUnknownException;
import io.github.twiliospring.messaging.message.FeedbackOutcome;
import io.github.twiliospring.messaging.message.Media;
import io.github.twiliospring.messaging.message.Message;
import io.github.twiliospring.messaging.message.MessageQuery;
import io.github.twiliospring.messaging.message.OutboundMessage;
import io.github.twiliospring.messaging.message.OutboundMessageBuilder;
import io.github.twiliospring.messaging.message.SendAttempt;
import org.jspecify.annotations.Nullable;

/**
 * The operations of {@link MessagingOperations} for callers whose thread may wait, as on
 * the servlet stack and on virtual threads: they return values, and throw
 * {@link io.github.twiliospring.messaging.error.MessagingException} and its subtypes.
 * Thread-safe. Each call lasts no longer than the template's deadline: of a list, each
 * page; of many messages, each of them; of a medium, until its bytes begin. The caller's
 * current observation is the parent of the operation's.
 * <p>
 * On an event loop each method throws an {@link IllegalStateException} before it does
 * anything. A caller that is interrupted gets at once what is known by then, and stays
 * interrupted: {@link io.github.twiliospring.messaging.error.MessageNotSentException}
 * where surely nothing was written, {@link MessageOutcomeUnknownException} where a change
 * may have been made, and
 * {@link io.github.twiliospring.messaging.error.MessagingUnavailableException} where
 * something was only to be read.
 */
public interface BlockingMessagingOperations {

	/**
	 * The blocking face of some operations: their own, as
	 * {@link MessagingOperations#blocking()} gives it, or one that waits for them where
	 * that returns {@code null}, as a mock's does.
	 * @param messaging the operations
	 * @return the same operations for callers whose thread may wait
	 */
	static BlockingMessagingOperations of(MessagingOperations messaging) {
		BlockingMessagingOperations own = messaging.blocking();
		return (own != null) ? own : new BlockingMessagingTemplate(messaging, Clock.systemUTC());
	}

	/**
	 * Sends a text from the configured sender.
	 * @param to a number in E.164 form, or a channel address
	 * @param body at most 1600 characters
	 * @return the message as the provider took it
	 * @throws io.github.twiliospring.messaging.error.MessagingException as
	 * {@link #send(OutboundMessage)}
	 */
	Message send(String to, String body);

	/**
	 * Sends a message, or schedules it where it has a time. It's never put on the wire a
	 * second time unless the first attempt surely wasn't processed.
	 * @param message the message
	 * @return the message as the provider took it
	 * @throws io.github.twiliospring.messaging.error.InvalidMessageException if it breaks
	 * the API's rules; nothing was sent
	 * @throws io.github.twiliospring.messaging.error.MessageRejectedException if the API
	 * said no
	 * @throws io.github.twiliospring.messaging.error.MessageNotSentException if the
	 * request surely never reached the API
	 * @throws MessageOutcomeUnknownException if the message may exist or not
	 */
	Message send(OutboundMessage message);

	/**
	 * Sends a message.
	 * @param message the message, unbuilt
	 * @return the message as the provider took it
	 * @throws io.github.twiliospring.messaging.error.MessagingException as
	 * {@link #send(OutboundMessage)}
	 */
	Message send(OutboundMessageBuilder message);

	/**
	 * Sends a message in exactly one attempt, as
	 * {@link MessagingOperations#sendOnce(OutboundMessage, String)} does.
	 * @param message the message
	 * @param sendId the caller's own random id of this send, 1 to 100 characters, never
	 * used before
	 * @return the message as the provider took it
	 * @throws io.github.twiliospring.messaging.error.MessagingException as
	 * {@link #send(OutboundMessage)}
	 */
	Message sendOnce(OutboundMessage message, String sendId);

	/**
	 * Schedules a message. Needs a Messaging Service.
	 * @param message the message
	 * @param when 15 minutes to 7 days ahead, unless configured otherwise
	 * @return the scheduled message
	 * @throws io.github.twiliospring.messaging.error.MessagingException as
	 * {@link #send(OutboundMessage)}
	 */
	Message schedule(OutboundMessage message, @Nullable Instant when);

	/**
	 * Schedules a message. Needs a Messaging Service.
	 * @param message the message
	 * @param when in any zone; UTC on the wire
	 * @return the scheduled message
	 * @throws io.github.twiliospring.messaging.error.MessagingException as
	 * {@link #send(OutboundMessage)}
	 */
	Message schedule(OutboundMessage message, @Nullable ZonedDateTime when);

	/**
	 * Schedules a message. Needs a Messaging Service.
	 * @param message the message, unbuilt
	 * @param when 15 minutes to 7 days ahead, unless configured otherwise
	 * @return the scheduled message
	 * @throws io.github.twiliospring.messaging.error.MessagingException as
	 * {@link #send(OutboundMessage)}
	 */
	Message schedule(OutboundMessageBuilder message, @Nullable Instant when);

	/**
	 * Schedules a message. Needs a Messaging Service.
	 * @param message the message, unbuilt
	 * @param when in any zone; UTC on the wire
	 * @return the scheduled message
	 * @throws io.github.twiliospring.messaging.error.MessagingException as
	 * {@link #send(OutboundMessage)}
	 */
	Message schedule(OutboundMessageBuilder message, @Nullable ZonedDateTime when);

	/**
	 * Sends many messages, a bounded number at a time, and returns once all have a
	 * result. One failure doesn't end the others. The messages are read on the caller's
	 * thread, and to their end before the first is sent. After an interruption those that
	 * weren't sent yet have a
	 * {@link io.github.twiliospring.messaging.error.MessageNotSentException} as their
	 * result. Where {@link MessagingOperations} of the application's own bring the
	 * results of other messages than those that they were given, those have a
	 * {@link MessageOutcomeUnknownException} that says so.
	 * @param messages the messages; what reading them throws is thrown, and then nothing
	 * was sent
	 * @return one result per message, in the order of the messages; unmodifiable
	 */
	List<SendResult> sendAll(Iterable<OutboundMessage> messages);

	/**
	 * Reads a message.
	 * @param sid {@code SM…} or {@code MM…}
	 * @return the message
	 * @throws io.github.twiliospring.messaging.error.MessagingException if it can't be
	 * read
	 */
	Message fetch(String sid);

	/**
	 * Lists messages, newest first. Nothing is asked for before the stream's terminal
	 * operation, and the next page only when more is taken than the last one held. That
	 * operation throws what goes wrong, and waits where it has to. Between pages the
	 * stream holds no connection, so that it needn't be closed; closing it ends a page
	 * that is being waited for.
	 * @param query which messages
	 * @return the messages
	 */
	Stream<Message> list(MessageQuery query);

	/**
	 * Cancels a scheduled message; the provider does its best. After a lost answer the
	 * message is fetched, and its status decides.
	 * @param sid {@code SM…} or {@code MM…}
	 * @return the canceled message
	 * @throws io.github.twiliospring.messaging.error.MessagingException if it isn't known
	 * to be canceled; with 30409 for one that isn't scheduled
	 */
	Message cancel(String sid);

	/**
	 * Empties a message's body and keeps the rest. After a lost answer the message is
	 * fetched, and its body decides.
	 * @param sid {@code SM…} or {@code MM…}
	 * @return the redacted message
	 * @throws io.github.twiliospring.messaging.error.MessagingException if it isn't known
	 * to be redacted; with 20009 for one in progress
	 */
	Message redact(String sid);

	/**
	 * Deletes a message and the media that no other message shares. After a lost answer
	 * the message is looked for, and its absence decides.
	 * @param sid {@code SM…} or {@code MM…}
	 * @throws io.github.twiliospring.messaging.error.MessagingException if it isn't known
	 * to be deleted; with 20009 for one in progress
	 */
	void delete(String sid);

	/**
	 * Looks for a message whose send had no answer, as
	 * {@link MessagingOperations#reconcile(MessageOutcomeUnknownException)} does. Never
	 * sends.
	 * @param unknown the failure of the send
	 * @return the one message that matches, or that it's still unknown
	 * @throws io.github.twiliospring.messaging.error.MessagingException if the messages
	 * can't be listed
	 */
	Reconciliation reconcile(MessageOutcomeUnknownException unknown);

	/**
	 * Looks for a message whose send had no answer, as
	 * {@link MessagingOperations#reconcile(SendAttempt, Set)} does. Never sends.
	 * @param attempt the message, as it was given to the template, with the time of its
	 * attempt
	 * @param others the SIDs of messages that are known to belong to other sends, which
	 * are never taken for this one's
	 * @return the one message that matches, or that it's still unknown
	 * @throws io.github.twiliospring.messaging.error.MessagingException if the messages
	 * can't be listed
	 */
	Reconciliation reconcile(SendAttempt attempt, Set<String> others);

	/**
	 * Lists a message's media, which are few.
	 * @param messageSid {@code SM…} or {@code MM…}
	 * @return all of them; unmodifiable
	 * @throws io.github.twiliospring.messaging.error.MessagingException if they can't be
	 * listed
	 */
	List<Media> listMedia(String messageSid);

	/**
	 * Reads a medium's properties.
	 * @param messageSid {@code SM…} or {@code MM…}
	 * @param mediaSid {@code ME…}
	 * @return the medium
	 * @throws io.github.twiliospring.messaging.error.MessagingException if it can't be
	 * read
	 */
	Media fetchMedia(String messageSid, String mediaSid);

	/**
	 * Opens a medium's bytes, and waits for the first of them. A redirect is followed,
	 * without credentials where it leads to another host. Where they break off, reading
	 * throws an {@link java.io.IOException} with a typed cause, and again at each further
	 * read. Observed until the last byte or the closing.
	 * @param messageSid {@code SM…} or {@code MM…}
	 * @param mediaSid {@code ME…}
	 * @return the bytes as they arrive; it holds a connection until it's read to its end
	 * or closed
	 * @throws io.github.twiliospring.messaging.error.MessagingException if it can't be
	 * read
	 */
	InputStream mediaContent(String messageSid, String mediaSid);

	/**
	 * Deletes a medium. After a lost answer it's looked for, and its absence decides.
	 * @param messageSid {@code SM…} or {@code MM…}
	 * @param mediaSid {@code ME…}
	 * @throws io.github.twiliospring.messaging.error.MessagingException if it isn't known
	 * to be deleted
	 */
	void deleteMedia(String messageSid, String mediaSid);

	/**
	 * Reports what the application saw of a message's effect.
	 * @param messageSid {@code SM…} or {@code MM…}, of a message that was sent with
	 * feedback announced
	 * @param outcome what was seen
	 * @throws io.github.twiliospring.messaging.error.MessagingException if the API didn't
	 * take it
	 */
	void feedback(String messageSid, FeedbackOutcome outcome);

	/**
	 * The same operations for another account, with the same credentials, connections and
	 * retry budget. Doesn't wait, and may be called on any thread.
	 * @param accountSid {@code AC…}, for example a subaccount's
	 * @return the operations
	 * @throws IllegalArgumentException if it's no account's SID
	 */
	BlockingMessagingOperations forAccount(String accountSid);

}
