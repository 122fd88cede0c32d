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

	// What dates of whole seconds hide.
	private static final Duration SECOND = Duration.ofSeconds(1);

	// An answer that took longer tells too little to say what came before a send.
	private static final Duration EXACT = Duration.ofSeconds(5);

	private final Clock own;

	private @Nullable Difference known;

	// What the last answer told, where that can't be the same difference.
	private @Nullable Difference other;

	private @Nullable Instant otherDate;

	ApiClock(Clock own) {
		this.own = own;
	}

	/**
	 * Learns from an answer that the API itself has just given.
	 * @param took the time from the question to the answer's end
	 */
	void learn(HttpHeaders headers, Duration took) {
		Instant date = HttpDate.parse(headers.getFirst(HttpHeaders.DATE));
		// One with an age was kept by a cache since.
		if (date != null && headers.getFirst(HttpHeaders.AGE) == null) {
			Duration least = Duration.between(this.own.instant(), date);
			learn(date, new Difference(least, least.plus(took).plus(SECOND)));
		}
	}

	// What can't be may be a clock that was set, or a gateway with another; or a page
	// that something kept. So it counts once another answer, with another date, tells the
	// same.
	private synchronized void learn(Instant date, Difference told) {
		if (this.known != null && this.known.mayBe(told)) {
			this.known = this.known.and(told);
		}
		else if (isLittle(told)) {
			this.known = told;
		}
		else if (this.other != null && this.other.mayBe(told) && !date.equals(this.otherDate)) {
			this.known = this.other.and(told);
		}
		else {
			this.other = told;
			this.otherDate = date;
			return;
		}
		this.other = null;
		this.otherDate = null;
	}

	// No slow answer and no kept page tells more than the real difference.
	private boolean isLittle(Difference told) {
		if (this.known == null) {
			return told.least().abs().compareTo(DOUBT) <= 0;
		}
		Duration more = told.least().minus(this.known.least());
		return !more.isNegative() && more.compareTo(DOUBT) <= 0;
	}

	/**
	 * When something was created that was asked for at an instant. While an answer that
	 * told something else waits for a second one, both must be true of it.
	 * @param asked when, by this machine's clock
	 * @param longest how long it may have taken
	 * @return from when to when, by the API's dates, which have whole seconds
	 */
	synchronized Span since(Instant asked, Duration longest) {
		Span span = (this.known != null) ? this.known.since(asked, longest)
				: new Span(asked.minus(DOUBT).truncatedTo(ChronoUnit.SECONDS), asked.truncatedTo(ChronoUnit.SECONDS),
						asked.plus(DOUBT).plus(longest));
		return (this.other != null) ? span.and(this.other.since(asked, longest)) : span;
	}

	/**
	 * How far the API's clock is ahead, as one or several answers tell it.
	 *
	 * @param least as if the date had been written as the answer arrived
	 * @param most as if it had been written as the question was asked
	 */
	private record Difference(Duration least, Duration most) {

		boolean mayBe(Difference told) {
			return this.least.compareTo(told.most) <= 0 && told.least.compareTo(this.most) <= 0;
		}

		Difference and(Difference told) {
			return new Difference((this.least.compareTo(told.least) > 0) ? this.least : told.least,
					(this.most.compareTo(told.most) < 0) ? this.most : told.most);
		}

		Span since(Instant asked, Duration longest) {
			Duration doubtful = this.most.minus(EXACT);
			Instant earliest = asked.plusSeconds(this.least.getSeconds());
			Instant sure = (doubtful.compareTo(this.least) > 0) ? asked.plusSeconds(doubtful.getSeconds()) : earliest;
			return new Span(earliest.truncatedTo(ChronoUnit.SECONDS), sure.truncatedTo(ChronoUnit.SECONDS),
					earliest.plus(longest));
		}

	}

	/**
	 * A time by the API's dates, its ends included; empty where it ends before it begins.
	 *
	 * @param earliest from when something may have been created
	 * @param sure from when on it isn't something that was there before
	 * @param latest until when it may have been created
	 */
	record Span(Instant earliest, Instant sure, Instant latest) {

		private Span and(Span other) {
			return new Span(later(this.earliest, other.earliest), later(this.sure, other.sure),
					this.latest.isBefore(other.latest) ? this.latest : other.latest);
		}

		private static Instant later(Instant one, Instant other) {
			return one.isAfter(other) ? one : other;
		}

		boolean beginsAfter(@Nullable Instant date) {
			return date != null && date.isBefore(this.earliest);
		}

		boolean contains(@Nullable Instant date) {
			return date != null && !date.isBefore(this.earliest) && !date.isAfter(this.latest);
		}

		boolean isSure(@Nullable Instant date) {
			return date != null && !date.isBefore(this.sure);
		}

	}

}
