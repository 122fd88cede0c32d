package io.github.twiliospring.messaging.error;

import java.time.Instant;

import io.github.twiliospring.messaging.message.OutboundMessage;
import io.github.twiliospring.messaging.message.SendAttempt;
import org.jspecify.annotations.Nullable;

/**
 * The request was handed to a connection and no usable answer came: the provider may have
 * done what was asked, or not. It was made once and isn't repeated, since the API has no
 * idempotency key for a create. A status callback that carries the send id proves that
 * the message exists; {@code reconcile} looks for it.
 *
 * @serial exclude
 */
@SuppressWarnings("serial")
public final class MessageOutcomeUnknownException extends MessagingException {

	private final transient @Nullable SendAttempt sendAttempt;

	private final @Nullable String sendId;

	private final Instant attemptedAt;

	private final @Nullable ApiError error;

	/**
	 * Reports a request without a usable answer.
	 * @param problem what became of the answer
	 * @param attemptedAt when the call began
	 * @param sendAttempt what was to be sent, or {@code null} for an operation other than
	 * sending
	 * @param error the answer, where there was one, or {@code null}
	 * @param cause the failure, or {@code null}
	 */
	public MessageOutcomeUnknownException(String problem, Instant attemptedAt, @Nullable SendAttempt sendAttempt,
			@Nullable ApiError error, @Nullable Throwable cause) {
		super("Outcome unknown: " + problem, (sendAttempt != null) ? sendAttempt.message().reference() : null, cause);
		this.sendAttempt = sendAttempt;
		this.sendId = (sendAttempt != null) ? sendAttempt.sendId() : null;
		this.attemptedAt = attemptedAt;
		this.error = error;
	}

	/**
	 * What was to be sent, for {@code reconcile}.
	 * @return the attempt, or {@code null} for an operation other than sending, and after
	 * serialization
	 */
	public @Nullable SendAttempt getSendAttempt() {
		return this.sendAttempt;
	}

	/**
	 * The message that may have been sent.
	 * @return the message, or {@code null} for an operation other than sending, and after
	 * serialization
	 */
	public @Nullable OutboundMessage getOutboundMessage() {
		return (this.sendAttempt != null) ? this.sendAttempt.message() : null;
	}

	/**
	 * The random id of this very send, which its status callbacks carry.
	 * @return the id, or {@code null} where the message had no callback URL
	 */
	public @Nullable String getSendId() {
		return this.sendId;
	}

	/**
	 * When the call began.
	 * @return the instant on the application's clock
	 */
	public Instant getAttemptedAt() {
		return this.attemptedAt;
	}

	/**
	 * The answer, where there was one.
	 * @return a 3xx, 408 or 5xx, or {@code null}
	 */
	public @Nullable ApiError getError() {
		return this.error;
	}

}
