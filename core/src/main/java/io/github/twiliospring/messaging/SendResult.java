package io.github.twiliospring.messaging;

import io.github.twiliospring.messaging.error.MessagingException;
import io.github.twiliospring.messaging.message.Message;
import io.github.twiliospring.messaging.message.OutboundMessage;
import org.jspecify.annotations.Nullable;

/**
 * What became of one message among many: either the message as the provider took it, or
 * the failure.
 *
 * @param request the message that was to be sent
 * @param message the message as the provider took it, or {@code null} after a failure
 * @param failure why it wasn't sent, or may not have been, or {@code null} after a
 * success
 */
public record SendResult(OutboundMessage request, @Nullable Message message, @Nullable MessagingException failure) {

	/**
	 * Whether the provider took it.
	 * @return {@code true} with a message, {@code false} with a failure
	 */
	public boolean isSent() {
		return this.message != null;
	}

	/**
	 * The application's own name for the message.
	 * @return the reference, or {@code null}
	 */
	public @Nullable String reference() {
		return this.request.reference();
	}

}
