package io.github.twiliospring.messaging.observation;

import java.util.Locale;

/**
 * What became of a webhook.
 */
public enum WebhookOutcome {

	/** At least one handler ran, and none failed. */
	HANDLED,

	/** Every handler had it before, or was at it. */
	DUPLICATE,

	/** Every handler had a later status before. */
	STALE,

	/** It was genuine, and no handler asks for it. */
	IGNORED,

	/** It wasn't genuine, or over a limit. */
	REFUSED,

	/** A handler failed or took too long; the provider is asked to repeat. */
	FAILED;

	/**
	 * The value of its key in metrics.
	 * @return the name in lower case
	 */
	public String value() {
		return name().toLowerCase(Locale.ROOT);
	}

}
