package io.github.twiliospring.messaging.outbox;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

import io.github.twiliospring.messaging.message.OutboundMessage;
import io.github.twiliospring.messaging.message.OutboundMessageBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

import static io.github.twiliospring.messaging.message.OutboundMessage.to;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

/**
 * What can be asked of the outbox.
 */
class OutboxRequestTests {

	private static final String LONGEST = "x".repeat(100);

	@ParameterizedTest
	@NullSource
	@ValueSource(strings = { "", " ", "\t", "a\nb", "a\u0000", "a\u0085", "a\ud83d", "\ude00a" })
	void refusesKeysThatNoDatabaseKeepsAsTheyAre(String key) {
		assertThatIllegalArgumentException().isThrownBy(() -> OutboxRequest.of(key, message()))
			.withMessageStartingWith("The key of an outbox entry");
	}

	@Test
	void refusesAKeyThatIsTooLongAndSaysHowLongItMayBe() {
		assertThat(OutboxRequest.of(LONGEST, message()).key()).isEqualTo(LONGEST);
		assertThatIllegalArgumentException().isThrownBy(() -> OutboxRequest.of(LONGEST + "x", message()))
			.withMessage("The key of an outbox entry has 101 characters, the limit is 100");
	}

	@Test
	void refusesTimesThatNoDatabaseKeeps() {
		OutboxRequest request = OutboxRequest.of("key", message());
		for (Instant time : new Instant[] { Instant.MIN, Instant.MAX, Instant.parse("+10000-01-01T00:00:00Z"),
				Instant.parse("0000-12-31T23:59:59Z") }) {
			assertThatIllegalArgumentException().isThrownBy(() -> request.at(time))
				.withMessage("The time of an outbox entry has to be between the years 1 and 9999");
		}
		assertThat(request.at(Instant.EPOCH).sendAt()).isEqualTo(Instant.EPOCH);
		Instant last = Instant.parse("9999-12-31T23:59:59.999999Z");
		assertThat(request.at(last).sendAt()).isEqualTo(last.truncatedTo(ChronoUnit.MILLIS));
	}

	@Test
	void refusesPeriodsThatCantBeKept() {
		OutboxRequest request = OutboxRequest.of("key", message());
		for (Duration period : new Duration[] { Duration.ZERO, Duration.ofNanos(1), Duration.ofSeconds(-1),
				ChronoUnit.FOREVER.getDuration() }) {
			assertThatIllegalArgumentException().isThrownBy(() -> request.giveUpAfter(period))
				.withMessage("The period until giving up has to be between a millisecond and 36500 days");
		}
		assertThat(request.giveUpAfter(Duration.ofDays(36500)).giveUpAfter()).isEqualTo(Duration.ofDays(36500));
	}

	@Test
	void namesWhatIsMissing() {
		OutboxRequest request = OutboxRequest.of("key", message());
		assertThatNullPointerException().isThrownBy(() -> OutboxRequest.of("key", (OutboundMessage) null))
			.withMessage("The message is missing");
		assertThatNullPointerException().isThrownBy(() -> OutboxRequest.of("key", (OutboundMessageBuilder) null))
			.withMessage("The message is missing");
		assertThatNullPointerException().isThrownBy(() -> request.at(null)).withMessage("The time is missing");
		assertThatNullPointerException().isThrownBy(() -> request.giveUpAfter(null))
			.withMessage("The period is missing");
		assertThatNullPointerException().isThrownBy(() -> request.onUnresolved(null))
			.withMessage("The decision is missing");
	}

	@Test
	void aDecisionOfANewerVersionIsLeftToAPerson() {
		assertThat(OnUnresolved.of("SEND_AGAIN")).isEqualTo(OnUnresolved.SEND_AGAIN);
		assertThat(OnUnresolved.of("ASK_TOMORROW")).isEqualTo(OnUnresolved.HOLD);
	}

	private static OutboundMessage message() {
		return to("+15558675310").body("Hi").build();
	}

}
