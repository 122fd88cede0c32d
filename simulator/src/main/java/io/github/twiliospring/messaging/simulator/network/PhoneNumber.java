package io.github.twiliospring.messaging.simulator.network;

import org.jspecify.annotations.Nullable;

/**
 * A number or other sender.
 *
 * @param address as messages name it
 * @param inboundUrl the webhook for what arrives there, or {@code null} for none
 * @param segmentsPerSecond the rate that its queue drains at, 0 for no limit
 */
public record PhoneNumber(String address, @Nullable String inboundUrl, double segmentsPerSecond) {

	// Without the number, and the URL, which may hold a password.
	@Override
	public String toString() {
		return "PhoneNumber[]";
	}

}
