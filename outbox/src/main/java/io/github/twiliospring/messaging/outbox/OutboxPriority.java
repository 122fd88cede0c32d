package io.github.twiliospring.messaging.outbox;

/**
 * Which of several due entries goes first.
 */
public enum OutboxPriority {

	/** By time. */
	NORMAL,

	/**
	 * Ahead of all that are {@link #NORMAL}: a one-time code, which doesn't wait behind a
	 * campaign. At most three quarters of what an instance sends at a time are of this
	 * priority, so that the others go on.
	 */
	HIGH;

	static OutboxPriority of(int value) {
		return (value > 0) ? HIGH : NORMAL;
	}

}
