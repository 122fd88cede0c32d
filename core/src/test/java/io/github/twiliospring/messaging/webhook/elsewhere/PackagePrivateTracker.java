package io.github.twiliospring.messaging.webhook.elsewhere;

import io.github.twiliospring.messaging.webhook.StatusCallback;

/**
 * Has a method that subclasses of other packages can't override.
 */
public class PackagePrivateTracker {

	private final StringBuilder calls = new StringBuilder();

	@StatusCallback
	void track() {
		this.calls.append("called");
	}

	/**
	 * What was called.
	 * @return the calls
	 */
	public String calls() {
		return this.calls.toString();
	}

}
