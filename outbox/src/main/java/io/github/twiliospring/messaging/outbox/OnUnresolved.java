package io.github.twiliospring.messaging.outbox;

import java.util.Arrays;

/**
 * What becomes of an entry of which nobody could find out whether its message exists. A
 * one-time code, a reminder and an invoice differ.
 */
public enum OnUnresolved {

	/** It's kept as {@link OutboxState#UNRESOLVED} until a person decides. */
	HOLD,

	/** It's sent again: the recipient may get the message twice. */
	SEND_AGAIN,

	/**
	 * It's given up as {@link OutboxState#CANCELED}: the recipient may get no message.
	 */
	DROP;

	// What a newer version decides is left to a person.
	static OnUnresolved of(String name) {
		return Arrays.stream(values()).filter((decision) -> decision.name().equals(name)).findFirst().orElse(HOLD);
	}

}
