package io.github.twiliospring.messaging.outbox;

import java.util.Locale;

/**
 * Where an entry of the outbox stands.
 */
public enum OutboxState {

	/** Will be sent at its time. Can be canceled and rescheduled. */
	WAITING(false),

	/** Being sent: the request may be on the wire. */
	SENDING(false),

	/** The message may exist or not, and it's being found out. */
	UNKNOWN(false),

	/** It couldn't be found out whether the message exists: a person decides. */
	UNRESOLVED(false),

	/** The message exists. What became of it is its last status. */
	SENT(true),

	/** The API said no, or the message can't be sent as it is. It doesn't exist. */
	REJECTED(true),

	/** Taken back by the application, before it was sent or instead of resolving it. */
	CANCELED(true),

	/** Surely not sent in the time that it had. */
	EXPIRED(true);

	private final boolean ended;

	OutboxState(boolean ended) {
		this.ended = ended;
	}

	/**
	 * Whether nothing more is done for an entry in this state.
	 * @return {@code true} for sent, rejected, canceled and expired
	 */
	public boolean isEnded() {
		return this.ended;
	}

	String value() {
		return name().toLowerCase(Locale.ROOT);
	}

	static OutboxState of(String value) {
		return valueOf(value.toUpperCase(Locale.ROOT));
	}

}
