package com.example.appointments;

import java.time.Clock;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

import io.github.twiliospring.messaging.autoconfigure.TwilioConnectionDetails;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/**
 * The practice's own time: a wall clock in one zone, set by the clock that scheduled
 * messages go by.
 */
@Component
public class Practice {

	private static final DateTimeFormatter SPOKEN = DateTimeFormatter.ofPattern("EEEE, d MMMM 'at' HH:mm",
			Locale.ENGLISH);

	private final Clock clock;

	private final ZoneId zone;

	Practice(TwilioConnectionDetails connectionDetails, @Value("${appointments.zone:#{null}}") @Nullable ZoneId zone) {
		this.clock = connectionDetails.getClock();
		this.zone = (zone != null) ? zone : ZoneId.systemDefault();
	}

	/**
	 * The present.
	 * @return what the clock on the wall shows
	 */
	public LocalDateTime now() {
		return LocalDateTime.ofInstant(this.clock.instant(), this.zone);
	}

	/**
	 * Where the practice is.
	 * @return its zone
	 */
	public ZoneId zone() {
		return this.zone;
	}

	/**
	 * A time of the wall clock as the rest of the world knows it.
	 * @param time the wall clock's
	 * @return the same with its zone
	 */
	public ZonedDateTime zoned(LocalDateTime time) {
		return time.atZone(this.zone);
	}

	/**
	 * A time in words.
	 * @param time the wall clock's
	 * @return for example {@code Tuesday, 3 March at 09:00}
	 */
	public String inWords(LocalDateTime time) {
		return SPOKEN.format(time);
	}

}
