package io.github.twiliospring.messaging;

import java.time.Duration;

/**
 * Limits that the provider has moved since the API page, or that depend on the account.
 *
 * @param scheduleMinimum how far ahead a scheduled message must be
 * @param scheduleMaximum how far ahead a scheduled message may be
 * @param validityMaximum the longest validity period
 * @param fromWithMessagingService whether a message may have both a From and a Messaging
 * Service
 */
public record MessageLimits(Duration scheduleMinimum, Duration scheduleMaximum, Duration validityMaximum,
		boolean fromWithMessagingService) {

	/**
	 * The limits of the API page.
	 * @return 15 minutes to 7 days ahead, 4 hours valid, one kind of sender
	 */
	public static MessageLimits defaults() {
		return new MessageLimits(Duration.ofMinutes(15), Duration.ofDays(7), Duration.ofHours(4), false);
	}

}
