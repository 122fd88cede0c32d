package io.github.twiliospring.messaging;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Random;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class Rfc2822DateTests {

	@Test
	void readsTheDateOfTheApiPage() {
		assertThat(Rfc2822Date.parse("Thu, 24 Aug 2023 05:01:45 +0000"))
			.isEqualTo(Instant.parse("2023-08-24T05:01:45Z"));
	}

	@Test
	void readsEveryDayOfFourHundredYears() {
		Instant last = Instant.parse("2200-01-01T00:00:00Z");
		for (Instant day = Instant.parse("1800-01-01T23:59:58Z"); day.isBefore(last); day = day.plusSeconds(86_400)) {
			assertThat(Rfc2822Date.parse(format(day))).isEqualTo(day);
		}
	}

	@Test
	void readsWhateverTheJdkReadsAndNothingElse() {
		long seed = 20261125;
		Random random = new Random(seed);
		int dates = 0;
		for (int i = 0; i < 50_000; i++) {
			String text = spoil(random, format(Instant.ofEpochSecond(random.nextLong(4_000_000_000L))));
			Instant expected = withFormatter(text);
			assertThat(Rfc2822Date.parse(text)).as("seed %d, %s", seed, text).isEqualTo(expected);
			dates += (expected != null) ? 1 : 0;
		}
		assertThat(dates).isBetween(5_000, 45_000);
	}

	private static String format(Instant instant) {
		return DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss", Locale.US)
			.format(instant.atOffset(ZoneOffset.UTC)) + " +0000";
	}

	private static String spoil(Random random, String date) {
		StringBuilder text = new StringBuilder(date);
		int position = random.nextInt(text.length());
		switch (random.nextInt(4)) {
			case 0 -> text.setCharAt(position, "0123456789 :,+-ASu\u0660".charAt(random.nextInt(19)));
			case 1 -> text.deleteCharAt(position);
			case 2 -> text.replace(26, 31, "+0" + random.nextInt(10) + "00");
			default -> {
				// As it is.
			}
		}
		return text.toString();
	}

	private static @Nullable Instant withFormatter(String text) {
		try {
			return ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
		}
		catch (DateTimeException ex) {
			return null;
		}
	}

}
