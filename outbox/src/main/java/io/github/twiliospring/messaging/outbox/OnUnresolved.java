package io.github.twiliospring.messaging.outbox;

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
	DROP

}
