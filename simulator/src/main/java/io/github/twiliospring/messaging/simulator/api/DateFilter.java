package io.github.twiliospring.messaging.simulator.api;

import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.function.Predicate;
import java.util.regex.Pattern;

import io.github.twiliospring.messaging.simulator.engine.ApiException;
import io.github.twiliospring.messaging.simulator.http.FormData;
import org.jspecify.annotations.Nullable;

/**
 * The filters of a list by a date: {@code Name}, {@code Name<} and {@code Name>}, each a
 * day or a second, all inclusive. They take more forms than ISO 8601: those of the
 * examples in the provider's own API description, and a year or a month, which stand for
 * their first day.
 */
final class DateFilter {

	private static final Pattern YEAR = Pattern.compile("\\d{4}");

	private static final Pattern MONTH = Pattern.compile("\\d{4}-\\d{2}");

	private static final Pattern BLANK_BETWEEN = Pattern.compile("(\\d{4}-\\d{2}-\\d{2}) (\\d{2}:.*)");

	private final Instant begin;

	private final Instant end;

	private DateFilter(String value) {
		String text = value;
		if (YEAR.matcher(text).matches()) {
			text += "-01";
		}
		if (MONTH.matcher(text).matches()) {
			text += "-01";
		}
		text = BLANK_BETWEEN.matcher(text).replaceFirst("$1T$2");
		Instant read = IsoTimes.parse(text);
		boolean isDay = read != null && IsoTimes.isDay(text);
		if (read == null) {
			read = parseMailDate(text);
		}
		if (read == null) {
			throw ApiException.badRequest(20001, "Invalid date value");
		}
		this.begin = read.truncatedTo(ChronoUnit.SECONDS);
		this.end = isDay ? this.begin.plus(1, ChronoUnit.DAYS).minusSeconds(1) : this.begin;
	}

	/**
	 * Reads the filters of a query.
	 * @param query the query
	 * @param name the parameter's name without a sign
	 * @return what a row's date has to be
	 */
	static Predicate<Instant> of(FormData query, String name) {
		Predicate<Instant> filter = (date) -> true;
		for (String on : query.all(name)) {
			filter = filter.and(since(on)).and(until(on));
		}
		for (String until : query.all(name + "<")) {
			filter = filter.and(until(until));
		}
		for (String since : query.all(name + ">")) {
			filter = filter.and(since(since));
		}
		Predicate<Instant> all = filter;
		// A resource shows whole seconds, so they are what's compared.
		return (date) -> all.test(date.truncatedTo(ChronoUnit.SECONDS));
	}

	private static Predicate<Instant> since(String value) {
		if (value.isEmpty()) {
			return (date) -> true;
		}
		DateFilter filter = new DateFilter(value);
		return (date) -> !date.isBefore(filter.begin);
	}

	private static Predicate<Instant> until(String value) {
		if (value.isEmpty()) {
			return (date) -> true;
		}
		DateFilter filter = new DateFilter(value);
		return (date) -> !date.isAfter(filter.end);
	}

	private static @Nullable Instant parseMailDate(String text) {
		try {
			return Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(text));
		}
		catch (DateTimeParseException ex) {
			return null;
		}
	}

}
