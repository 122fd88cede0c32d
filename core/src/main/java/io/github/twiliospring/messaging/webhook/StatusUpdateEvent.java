package io.github.twiliospring.messaging.webhook;

import java.util.List;
import java.util.Map;

import io.github.twiliospring.messaging.message.Masking;
import io.github.twiliospring.messaging.message.SidKind;

/**
 * Published for every verified status update where
 * {@code twilio.messaging.webhook.events} is on: once for each status, and never
 * backwards. It's made of plain values, so that an event publication registry can store
 * it and publish it again after a restart.
 *
 * @param parameters every parameter of the form
 * @param query every parameter of the callback URL
 */
public record StatusUpdateEvent(Map<String, List<String>> parameters, Map<String, List<String>> query) {

	/**
	 * Takes a status update.
	 * @param update the status update
	 * @return its event
	 */
	public static StatusUpdateEvent of(StatusUpdate update) {
		return new StatusUpdateEvent(update.parameters(), update.query());
	}

	/**
	 * The status update.
	 * @return the status update as handlers get it
	 * @throws IllegalStateException if the event names no message, account or status
	 */
	public StatusUpdate toUpdate() {
		StatusUpdate update = StatusUpdate.of(this.parameters, this.query);
		if (update == null) {
			throw new IllegalStateException("The event names no message, account or status");
		}
		return update;
	}

	@Override
	public String toString() {
		return "StatusUpdateEvent[messageSid=" + SidKind.MESSAGE.shown(Parameters.first(this.parameters, "MessageSid"))
				+ ", to=" + Masking.address(Parameters.first(this.parameters, "To")) + "]";
	}

}
