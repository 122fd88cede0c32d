package io.github.twiliospring.messaging;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;

/**
 * The API's clock, as far as answers tell it: how far it's ahead of this machine's, by
 * the header {@code Date} (RFC 9110, section 6.6.1). Thread-safe.
 */
final class ApiClock {

	// How far two clocks may be apart where nothing is known.
	private static final Duration DOUBT = Duration.ofMinutes(2);

	private final Clock own;

	private @Nullable Duration ahead;

	private @Nullable Duration jump;

	ApiClock(Clock own) {
		this.own = own;
	}

	/**
	 * Learns from an answer of the API that was just read.
	 */
	void learn(HttpHeaders headers) {
		Instant date = HttpDate.parse(headers.getFirst(HttpHeaders.DATE));
		// One with an age was kept by a cache since.
		if (date != null && headers.getFirst(HttpHeaders.AGE) == null) {
			// Rounded down, as the date is, and not less for its way here: never more
			// than
			// the real difference, and a second less, or the time of the answer's way.
			learn(Duration.ofSeconds(Duration.between(this.own.instant(), date).getSeconds()));
		}
	}

	// A jump, by a clock that was set or a gateway that has another, counts once the next
	// answer says the same.
	private synchronized void learn(Duration difference) {
		if (this.ahead == null || isNear(difference, this.ahead)
				|| (this.jump != null && isNear(difference, this.jump))) {
			this.ahead = difference;
			this.jump = null;
		}
		else {
			this.jump = difference;
		}
	}

	private static boolean isNear(Duration one, Duration other) {
		return one.minus(other).abs().compareTo(DOUBT) <= 0;
	}

	/**
	 * When something was created that was asked for at an instant.
	 * @param asked when, by this machine's clock
	 * @param longest how long it may have taken
	 * @return from when to when, by the API's dates, which have whole seconds
	 */
	synchronized Span since(Instant asked, Duration longest) {
		Duration known = this.ahead;
		Instant earliest = asked.plus((known != null) ? known : DOUBT.negated());
		Instant latest = asked.plus((known != null) ? known : DOUBT).plus(longest);
		return new Span(earliest.truncatedTo(ChronoUnit.SECONDS), latest);
	}

	/**
	 * A time by the API's dates, its ends included.
	 */
	record Span(Instant earliest, Instant latest) {

		boolean beginsAfter(@Nullable Instant date) {
			return date != null && date.isBefore(this.earliest);
		}

		boolean contains(@Nullable Instant date) {
			return date != null && !date.isBefore(this.earliest) && !date.isAfter(this.latest);
		}

	}

}
