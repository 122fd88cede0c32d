package io.github.twiliospring.messaging.simulator.api;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

/**
 * Dates as the Message API writes them: RFC 2822, always UTC.
 */
final class ProviderDates {

	private static final DateTimeFormatter FORMAT = DateTimeFormatter
		.ofPattern("EEE, dd MMM yyyy HH:mm:ss '+0000'", Locale.US)
		.withZone(ZoneOffset.UTC);

	private static final DateTimeFormatter HTTP = DateTimeFormatter
		.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
		.withZone(ZoneOffset.UTC);

	private ProviderDates() {
	}

	static @Nullable String format(@Nullable Instant instant) {
		return (instant != null) ? FORMAT.format(instant) : null;
	}

	static String http(Instant instant) {
		return HTTP.format(instant);
	}

}
