package io.github.twiliospring.messaging.simulator.engine;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Random;

/**
 * How the engine behaves.
 *
 * @param delays how long a message stays in each status
 * @param limits what a message may ask for
 * @param random the source of identifiers and of decisions by probability
 * @param strict whether unknown accounts, services and senders are refused
 * @param historyLimit how many messages are kept
 * @param directory what every account owns
 * @param readReceipts whether recipients on channels open what they get
 */
public record EngineSettings(Delays delays, Limits limits, Random random, boolean strict, int historyLimit,
		Directory directory, boolean readReceipts) {

	/**
	 * What a message may ask for, and what it costs.
	 *
	 * @param scheduleAtLeast how far ahead at least it may be scheduled
	 * @param scheduleAtMost how far ahead at most
	 * @param validityAtMost how long it may wait in the queue
	 * @param segmentPrice US dollars for one segment
	 * @param mmsPrice US dollars for one MMS
	 */
	public record Limits(Duration scheduleAtLeast, Duration scheduleAtMost, Duration validityAtMost,
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
