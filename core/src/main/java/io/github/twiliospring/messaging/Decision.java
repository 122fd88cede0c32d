package io.github.twiliospring.messaging;

import io.github.twiliospring.messaging.Operation.Repeatability;

/**
 * What follows an attempt. The whole rule of never sending twice stands in this table,
 * which knows neither sockets nor time; {@code docs/reliability.md} shows it.
 *
 * @param repeatable whether the call may be attempted once more
 * @param ending how the call ends where it isn't
 */
record Decision(boolean repeatable, Ending ending) {

	/**
	 * How a call ends.
	 */
	enum Ending {

		/** With the answer's value. */
		SUCCEEDED,

		/** With the API's no. */
		REJECTED,

		/** Surely without a trace; to be asked again by whoever likes. */
		NOT_SENT,

		/** Perhaps done, perhaps not. */
		UNKNOWN,

		/** Nothing was to be changed, and nothing was learnt. */
		UNAVAILABLE

	}

	/**
	 * Looks it up.
	 * @param outcome what the attempt came to
	 * @param repeatability how safe it is to ask twice
	 * @param answerLost whether the answer to an earlier attempt of this call was lost:
	 * even a definite no may then be the echo of one's own success
	 */
	static Decision of(Outcome<?> outcome, Repeatability repeatability, boolean answerLost) {
		boolean read = repeatability == Repeatability.READ;
		boolean doubtful = answerLost && !read;
		if (outcome instanceof Outcome.Accepted) {
			return new Decision(false, Ending.SUCCEEDED);
		}
		if (outcome instanceof Outcome.Unknown) {
			return new Decision(repeatability != Repeatability.NEVER_ON_DOUBT,
					read ? Ending.UNAVAILABLE : Ending.UNKNOWN);
		}
		if (outcome instanceof Outcome.Rejected<?> rejected && !rejected.isUnavailable()) {
			return new Decision(rejected.again(), doubtful ? Ending.UNKNOWN : Ending.REJECTED);
		}
		// Surely not processed, this time.
		Ending surely = read ? Ending.UNAVAILABLE : Ending.NOT_SENT;
		return new Decision(true, doubtful ? Ending.UNKNOWN : surely);
	}

}
