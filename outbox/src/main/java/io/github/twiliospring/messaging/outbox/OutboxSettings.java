package io.github.twiliospring.messaging.outbox;

import java.time.Duration;

/**
 * What holds for entries that say nothing else.
 *
 * @param onUnresolved what becomes of what nobody can find out
 * @param giveUpAfter how long after its time an entry is still worth sending
 * @param unresolvedAfter how long it's tried to find out whether a message exists
 * @param firstPause the pause after the first attempt that surely sent nothing
 * @param longestPause the longest such pause
 * @param retention how long an entry that has ended is kept
 * @param keepContent whether it keeps its content
 */
record OutboxSettings(OnUnresolved onUnresolved, Duration giveUpAfter, Duration unresolvedAfter, Duration firstPause,
		Duration longestPause, Duration retention, boolean keepContent) {

	// The first look for a message comes after this part of the time for it.
	private static final int FIRST_LOOK = 30;

	Duration firstLook() {
		return this.unresolvedAfter.dividedBy(FIRST_LOOK);
	}

}
