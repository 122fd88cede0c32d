package io.github.twiliospring.messaging.autoconfigure;

/**
 * A configuration that can't work, found at startup.
 */
@SuppressWarnings("serial")
class InvalidTwilioConfigurationException extends IllegalStateException {

	private final String action;

	InvalidTwilioConfigurationException(String description, String action) {
		super(description);
		this.action = action;
	}

	String getAction() {
		return this.action;
	}

}
