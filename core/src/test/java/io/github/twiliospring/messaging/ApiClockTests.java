package io.github.twiliospring.messaging;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.http.HttpHeaders;

import static org.assertj.core.api.Assertions.assertThat;

class ApiClockTests {

	private static final Instant NOW = Instant.parse("2030-03-01T12:00:00.500Z");

	private static final Duration AT_ONCE = Duration.ZERO;

	private static final Duration MINUTE = Duration.ofMinutes(1);

	private final ApiClock clock = new ApiClock(Clock.fixed(NOW, ZoneOffset.UTC));

	// The real difference, and what a message's and an answer's dates, both cut to whole
	// seconds, say of something that was created as it was asked for.
	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 400, 499, 500, 501, 999, 1000, 1001, 90_000 })
	void beginsASecondBeforeTheCreationAtMost(int milliseconds) {
		for (Instant there : List.of(NOW.plusMillis(milliseconds), NOW.minusMillis(milliseconds))) {
			ApiClock told = new ApiClock(Clock.fixed(NOW, ZoneOffset.UTC));
			told.learn(dated(there), AT_ONCE);
			Instant created = Instant.ofEpochSecond(there.getEpochSecond());
			assertThat(told.since(NOW, MINUTE).contains(created)).isTrue();
			assertThat(told.since(NOW, MINUTE).earliest()).isBetween(created.minusSeconds(1), created);
		}
	}

	@Test
	void allowsForTwoMinutesWhileNothingIsKnown() {
		assertThat(this.clock.since(NOW, MINUTE)).isEqualTo(new ApiClock.Span(Instant.parse("2030-03-01T11:58:00Z"),
				Instant.parse("2030-03-01T12:00:00Z"), NOW.plusSeconds(180)));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "|", "Date|soon", "Date|", "Date|Fri, 32 Mar 2030 12:00:00 GMT" })
	void passesOverWhatIsNoDate(String name, String value) {
		HttpHeaders headers = new HttpHeaders();
		if (name != null) {
			headers.set(name, value);
		}
		this.clock.learn(headers, AT_ONCE);
		allowsForTwoMinutesWhileNothingIsKnown();
	}

	@Test
	void passesOverAnAnswerThatACacheKept() {
		HttpHeaders headers = dated(NOW.minusSeconds(3600));
		headers.set(HttpHeaders.AGE, "3600");
		this.clock.learn(headers, AT_ONCE);
		allowsForTwoMinutesWhileNothingIsKnown();
	}

	@Test
	void followsAClockThatDrifts() {
		for (int seconds : List.of(0, 60, 170, 290)) {
			learn(seconds);
			assertThat(ahead()).isEqualTo(seconds);
		}
	}

	@Test
	void believesAJumpOnceAnAnswerWithAnotherDateSaysTheSame() {
		learn(0);
		learn(7200);
		assertThat(ahead()).isEqualTo(0);
		learn(-7200);
		assertThat(ahead()).isEqualTo(-7200);
		learn(-7200);
		assertThat(earliest()).isEqualTo(0);
		learn(0);
		learn(-7200);
		assertThat(earliest()).isEqualTo(0);
		learn(-7201);
		assertThat(earliest()).isEqualTo(-7200);
		assertThat(ahead()).isEqualTo(-7200);
	}

	@Test
	void keepsTheMostThatAnswersToldHoweverSlowlyTheNextCome() {
		learn(0);
		for (int took : List.of(14, 15, 14, 60)) {
			this.clock.learn(dated(NOW.minusSeconds(took)), Duration.ofSeconds(took));
			assertThat(earliest()).isEqualTo(0);
			assertThat(ahead()).isEqualTo(0);
		}
	}

	@Test
	void tellsNothingFromBeforeByASlowAnswerAlone() {
		this.clock.learn(dated(NOW.minusSeconds(14)), Duration.ofSeconds(14));
		ApiClock.Span span = this.clock.since(NOW, MINUTE);
		assertThat(span.contains(NOW.minusSeconds(12))).isTrue();
		assertThat(span.isSure(NOW.minusSeconds(12))).isFalse();
		learn(0);
		assertThat(this.clock.since(NOW, MINUTE).contains(NOW.minusSeconds(12))).isFalse();
	}

	@Test
	void leavesNoTimeWhileTwoAnswersContradictEachOther() {
		learn(-90);
		learn(7200);
		ApiClock.Span span = this.clock.since(NOW, MINUTE);
		assertThat(span.earliest()).isAfter(span.latest());
	}

	private long earliest() {
		// The fraction of this machine's clock was rounded down here, too.
		return this.clock.since(NOW, Duration.ZERO).earliest().getEpochSecond() - NOW.getEpochSecond() + 1;
	}

	private void learn(int secondsAhead) {
		this.clock.learn(dated(NOW.plusSeconds(secondsAhead)), AT_ONCE);
	}

	private long ahead() {
		// The fraction of this machine's clock was rounded down.
		return Duration.between(NOW, this.clock.since(NOW, Duration.ZERO).latest()).plusSeconds(1).getSeconds();
	}

	private static HttpHeaders dated(Instant date) {
		HttpHeaders headers = new HttpHeaders();
		headers.setInstant(HttpHeaders.DATE, date);
		return headers;
	}

}
