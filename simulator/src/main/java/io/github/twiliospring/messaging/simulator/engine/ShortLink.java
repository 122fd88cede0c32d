package io.github.twiliospring.messaging.simulator.engine;

import java.time.Instant;

/**
 * A link of a message that was shortened.
 *
 * @param code ten letters and digits, which name it
 * @param shortened what stands in the message
 * @param link where it leads
 * @param messageSid the message
 * @param created when it was shortened, on the simulator's clock
 */
public record ShortLink(String code, String shortened, String link, String messageSid, Instant created) {

	@Override
	public String toString() {
		return "ShortLink[" + this.messageSid + "]";
	}

}
