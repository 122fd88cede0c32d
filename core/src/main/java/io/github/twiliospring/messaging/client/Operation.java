package io.github.twiliospring.messaging.client;

/**
 * What can be asked of the Message resource, and how safe it is to ask twice.
 */
public enum Operation {

	/** Send or schedule; never repeated on doubt, since there is no idempotency key. */
	CREATE(Repeatability.NEVER_ON_DOUBT),

	/** Read one message. */
	FETCH(Repeatability.READ),

	/** Read messages, page by page. */
	LIST(Repeatability.READ),

	/** Cancel a scheduled message. */
	CANCEL(Repeatability.IDEMPOTENT_WRITE),

	/** Empty a message's body. */
	REDACT(Repeatability.IDEMPOTENT_WRITE),

	/** Delete a message. */
	DELETE(Repeatability.IDEMPOTENT_WRITE),

	/** Read a message's media. */
	LIST_MEDIA(Repeatability.READ),

	/** Read one medium's properties. */
	FETCH_MEDIA(Repeatability.READ),

	/** Read one medium's bytes. */
	MEDIA_CONTENT(Repeatability.READ),

	/** Delete one medium. */
	DELETE_MEDIA(Repeatability.IDEMPOTENT_WRITE),

	/** Report what became of a message. */
	FEEDBACK(Repeatability.IDEMPOTENT_WRITE);

	private final Repeatability repeatability;

	Operation(Repeatability repeatability) {
		this.repeatability = repeatability;
	}

	/**
	 * How safe it is to ask twice.
	 * @return the rule for repeated attempts
	 */
	public Repeatability repeatability() {
		return this.repeatability;
	}

	/**
	 * The rules for repeated attempts.
	 */
	public enum Repeatability {

		/** Repeated only if the attempt surely wasn't processed. */
		NEVER_ON_DOUBT,

		/** Changes something, but twice is the same as once. */
		IDEMPOTENT_WRITE,

		/** Changes nothing. */
		READ

	}

}
