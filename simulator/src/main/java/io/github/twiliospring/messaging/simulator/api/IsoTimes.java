package io.github.twiliospring.messaging.simulator.api;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.DateTimeParseException;
import java.time.format.SignStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

/**
 * Times as the Message API reads them: ISO 8601 in every form.
 */
final class IsoTimes {

	private static final DateTimeFormatter BASIC_DATE = new DateTimeFormatterBuilder()
		.appendValue(ChronoField.YEAR, 4, 4, SignStyle.NEVER)
		.appendValue(ChronoField.MONTH_OF_YEAR, 2)
		.appendValue(ChronoField.DAY_OF_MONTH, 2)
		.toFormatter(Locale.ROOT);

	private static final DateTimeFormatter BASIC_TIME = new DateTimeFormatterBuilder()
		.appendValue(ChronoField.HOUR_OF_DAY, 2)
		.optionalStart()
		.appendValue(ChronoField.MINUTE_OF_HOUR, 2)
		.optionalStart()
		.appendValue(ChronoField.SECOND_OF_MINUTE, 2)
		.optionalStart()
		.appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
		.toFormatter(Locale.ROOT);

	// The extended and the basic format, calendar, ordinal and week dates, any offset.
	private static final DateTimeFormatter ISO = new DateTimeFormatterBuilder().parseCaseInsensitive()
		.appendOptional(DateTimeFormatter.ISO_LOCAL_DATE)
		.appendOptional(BASIC_DATE)
		.appendOptional(DateTimeFormatter.ISO_ORDINAL_DATE)
		.appendOptional(DateTimeFormatter.ISO_WEEK_DATE)
		.optionalStart()
		.appendLiteral('T')
		.appendOptional(DateTimeFormatter.ISO_LOCAL_TIME)
		.appendOptional(BASIC_TIME)
		.optionalStart()
		.parseLenient()
		.appendOffset("+HH", "Z")
		.toFormatter(Locale.ROOT);

	private IsoTimes() {
	}

	/** A day begins at midnight; without an offset it's UTC, as with the provider. */
	static @Nullable Instant parse(String text) {
		try {
			TemporalAccessor parsed = ISO.parseBest(text.replace(',', '.'), Instant::from, LocalDateTime::from,
					LocalDate::from);
			if (parsed instanceof LocalDateTime local) {
				return local.toInstant(ZoneOffset.UTC);
			}
			return (parsed instanceof LocalDate day) ? day.atStartOfDay(ZoneOffset.UTC).toInstant()
					: Instant.from(parsed);
		}
		catch (DateTimeParseException ex) {
			return null;
		}
	}

	/** Whether what can be read is a day, without a time. */
	static boolean isDay(String text) {
		return text.indexOf('T') < 0 && text.indexOf('t') < 0;
	}

}
