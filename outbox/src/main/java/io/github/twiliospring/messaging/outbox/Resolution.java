package io.github.twiliospring.messaging.outbox;

/**
 * A person's decision about an entry that is {@link OutboxState#UNRESOLVED}.
 */
public enum Resolution {

	/** The message was found to exist. The entry becomes {@link OutboxState#SENT}. */
	SENT,

	/** It's sent again: the recipient may get the message twice. */
	SEND_AGAIN,

	/** It isn't wanted any more. The entry becomes {@link OutboxState#CANCELED}. */
	DROP

}
