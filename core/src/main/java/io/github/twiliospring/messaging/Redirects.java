package io.github.twiliospring.messaging;

import io.github.twiliospring.messaging.Operation.Repeatability;

/**
 * Whether an answer to a change may be that of another URL, to which the API redirected
 * after it had made the change: a refusal there is no refusal of the change.
 */
enum Redirects {

	/** An answer is that of the request. */
	NEVER,

	/** The connector was told to follow none, and nothing shows that it keeps to it. */
	PERHAPS,

	/** Nothing is known. */
	UNKNOWN;

	/**
	 * What an outcome proves.
	 */
	<T> Outcome<T> judge(Operation operation, Outcome<T> outcome) {
		Repeatability repeatability = operation.repeatability();
		if (this == NEVER || repeatability == Repeatability.READ
				|| !(outcome instanceof Outcome.Rejected<T> rejected)) {
			return outcome;
		}
		if (this == PERHAPS) {
			if (repeatability != Repeatability.NEVER_ON_DOUBT) {
				return outcome;
			}
			if (!rejected.isUnavailable()) {
				return new Outcome.Rejected<>(rejected.error(), false, rejected.retryAfter());
			}
			// Ends as "not sent", by which an application may send it again.
		}
		return new Outcome.Unknown<>("a refusal from a connector that may follow redirects: " + rejected.error(),
				rejected.error(), null, null);
	}

}
