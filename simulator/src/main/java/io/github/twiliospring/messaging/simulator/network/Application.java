package io.github.twiliospring.messaging.simulator.network;

import org.jspecify.annotations.Nullable;

/**
 * An application.
 *
 * @param sid {@code AP…}
 * @param messageStatusCallback where it hears of sent and failed messages, or
 * {@code null}
 */
public record Application(String sid, @Nullable String messageStatusCallback) {

	// Without the URL, which may hold a password.
	@Override
	public String toString() {
		return "Application[" + this.sid + "]";
	}

}
