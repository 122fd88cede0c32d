package io.github.twiliospring.messaging.simulator.callback;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * Dates as carriers write them in a delivery report.
 */
final class ReportDates {

	private static final DateTimeFormatter FORMAT = DateTimeFormatter.ofPattern("yyMMddHHmm", Locale.ROOT)
		.withZone(ZoneOffset.UTC);

	private ReportDates() {
	}

	static String format(Instant instant) {
		return FORMAT.format(instant);
	}

}
