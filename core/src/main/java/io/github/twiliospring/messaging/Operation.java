package io.github.twiliospring.messaging;

import java.util.Locale;

/**
 * What can be asked of the Message resource, and how safe it is to ask twice.
 */
enum Operation {

	/** Send or schedule; never repeated on doubt, since there is no idempotency key. */
	CREATE(Repeatability.NEVER_ON_DOUBT),

	FETCH(Repeatability.READ),

	LIST(Repeatability.READ),

	CANCEL(Repeatability.IDEMPOTENT_WRITE),

	REDACT(Repeatability.IDEMPOTENT_WRITE),

	DELETE(Repeatability.IDEMPOTENT_WRITE),

	LIST_MEDIA(Repeatability.READ),

	FETCH_MEDIA(Repeatability.READ),

	MEDIA_CONTENT(Repeatability.READ),

	DELETE_MEDIA(Repeatability.IDEMPOTENT_WRITE),

	FEEDBACK(Repeatability.IDEMPOTENT_WRITE);

	private final Repeatability repeatability;

	private final String key = name().toLowerCase(Locale.ROOT);

	Operation(Repeatability repeatability) {
		this.repeatability = repeatability;
	}

	Repeatability repeatability() {
		return this.repeatability;
	}

	/**
	 * The operation's name in observations.
	 */
	String key() {
		return this.key;
	}

	/**
	 * The rules for repeated attempts.
	 */
	enum Repeatability {

		/** Repeated only if the attempt surely wasn't processed. */
		NEVER_ON_DOUBT,

		/** Changes something, but twice is the same as once. */
		IDEMPOTENT_WRITE,

		/** Changes nothing. */
		READ

	}

}
