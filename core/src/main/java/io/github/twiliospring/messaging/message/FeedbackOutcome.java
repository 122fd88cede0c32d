package io.github.twiliospring.messaging.message;

/**
 * What the application saw of a message's effect (API page "Message Feedback").
 */
public enum FeedbackOutcome {

	/** The recipient did what the message was for. */
	CONFIRMED("confirmed"),

	/** Nothing was seen yet. */
	UNCONFIRMED("unconfirmed");

	private final String value;

	FeedbackOutcome(String value) {
		this.value = value;
	}

	/**
	 * The outcome as it stands on the wire.
	 * @return lower case
	 */
	public String value() {
		return this.value;
	}

}
