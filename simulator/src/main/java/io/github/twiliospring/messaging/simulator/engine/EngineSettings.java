package io.github.twiliospring.messaging.simulator.engine;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Random;

import io.github.twiliospring.messaging.simulator.network.Delays;
import io.github.twiliospring.messaging.simulator.network.Directory;

/**
 * How the engine behaves.
 *
 * @param delays how long a message stays in each status
 * @param limits what a message may ask for
 * @param manners what it takes and what it doesn't
 * @param random the source of identifiers and of decisions by probability
 * @param historyLimit how many messages are kept beyond their end
 * @param directory what every account owns
 */
public record EngineSettings(Delays delays, Limits limits, Manners manners, Random random, int historyLimit,
		Directory directory) {

	/**
	 * What it takes and what it doesn't.
	 *
	 * @param strict whether unknown accounts, services and senders are refused
	 * @param readReceipts whether recipients on WhatsApp open what they get
	 * @param whatsappWindow whether a WhatsApp message without a template fails unless
	 * its recipient wrote within the last 24 hours
	 * @param callbackRetryPause between two attempts of a callback, on the simulator's
	 * clock
	 */
	public record Manners(boolean strict, boolean readReceipts, boolean whatsappWindow, Duration callbackRetryPause) {

	}

	/**
	 * What a message may ask for, and what it costs.
	 *
	 * @param scheduleAtLeast how far ahead at least it may be scheduled
	 * @param scheduleAtMost how far ahead at most
	 * @param queueAtMost how long it may wait in the queue, and how much traffic a
	 * sender's queue holds
	 * @param segmentPrice US dollars for one segment
	 * @param mmsPrice US dollars for one MMS
	 */
	public record Limits(Duration scheduleAtLeast, Duration scheduleAtMost, Duration queueAtMost,
			BigDecimal segmentPrice, BigDecimal mmsPrice) {

		/** The limits of the older edition of the documentation. */
		public static final Limits DEFAULT = new Limits(Duration.ofMinutes(15), Duration.ofDays(7),
				Duration.ofSeconds(14400), new BigDecimal("0.00750"), new BigDecimal("0.02000"));

		/**
		 * The limits that the provider documents today.
		 * @return five minutes to 35 days ahead, and ten hours in the queue
		 */
		public Limits current() {
			return new Limits(Duration.ofMinutes(5), Duration.ofDays(35), Duration.ofSeconds(36000), this.segmentPrice,
					this.mmsPrice);
		}

	}

}
