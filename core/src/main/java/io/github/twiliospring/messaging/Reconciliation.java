package io.github.twiliospring.messaging;

import io.github.twiliospring.messaging.message.Message;
import org.jspecify.annotations.Nullable;

/**
 * What was found out about a send whose outcome was unknown.
 *
 * @param message the one message that matches, or {@code null} while it's still unknown
 * @param candidates how many messages match: none is no proof that it wasn't sent,
 * several don't tell which is this one, and one that isn't found may have been there
 * before
 */
public record Reconciliation(@Nullable Message message, int candidates) {

	/**
	 * Whether the message was found.
	 * @return {@code true} if exactly one matches, and it can't have been there before
	 * the attempt
	 */
	public boolean isFound() {
		return this.message != null;
	}

}
