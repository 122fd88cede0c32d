package io.github.twiliospring.messaging.observation;

import io.micrometer.observation.Observation;

/**
 * What is known of an operation while it's observed.
 */
public class MessagingObservationContext extends Observation.Context {

	private final String operation;

	private final String channel;

	/**
	 * Begins.
	 * @param operation what is asked, lower case
	 * @param channel where the message goes, lower case
	 */
	public MessagingObservationContext(String operation, String channel) {
		this.operation = operation;
		this.channel = channel;
	}

	/**
	 * What is asked.
	 * @return create, fetch, list and so on
	 */
	public String getOperation() {
		return this.operation;
	}

	/**
	 * Where the message goes.
	 * @return sms, a channel of the closed set, other, or none
	 */
	public String getChannel() {
		return this.channel;
	}

	/**
	 * Whether the subscriber lost interest.
	 * @return {@code true} after a cancelation
	 */
	public boolean isCanceled() {
		return false;
	}

	/**
	 * Whether the outcome is known.
	 * @return {@code false} while the operation runs, as when a retry is counted
	 */
	public boolean isEnded() {
		return false;
	}

}
