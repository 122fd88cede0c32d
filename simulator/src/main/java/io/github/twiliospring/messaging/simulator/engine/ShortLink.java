package io.github.twiliospring.messaging.simulator.engine;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * A link of a message that was shortened.
 *
 * @param code ten letters and digits, which name it
 * @param shortened what stands in the message
 * @param link where it leads
 * @param messageSid the message
 * @param created when it was shortened, on the simulator's clock
 * @param clicks how often it was followed
 * @param lastClicks when it was followed last, at most 20 times, the oldest first
 */
public record ShortLink(String code, String shortened, String link, String messageSid, Instant created, int clicks,
		List<Instant> lastClicks) {

	private static final int REMEMBERED_CLICKS = 20;

	/**
	 * Copies the clicks.
	 * @param code ten letters and digits
	 * @param shortened what stands in the message
	 * @param link where it leads
	 * @param messageSid the message
	 * @param created when it was shortened
	 * @param clicks how often it was followed
	 * @param lastClicks when it was followed last
	 */
	public ShortLink {
		lastClicks = List.copyOf(lastClicks);
	}

	ShortLink(String code, String shortened, String link, String messageSid, Instant created) {
		this(code, shortened, link, messageSid, created, 0, List.of());
	}

	/** The same, followed once more. */
	ShortLink followed(Instant at) {
		List<Instant> last = new ArrayList<>(this.lastClicks);
		last.add(at);
		return new ShortLink(this.code, this.shortened, this.link, this.messageSid, this.created, this.clicks + 1,
				last.subList(Math.max(0, last.size() - REMEMBERED_CLICKS), last.size()));
	}

	@Override
	public String toString() {
		return "ShortLink[" + this.messageSid + "]";
	}

}
