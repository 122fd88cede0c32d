package io.github.twiliospring.messaging.simulator.assertj;

import java.time.Instant;
import java.util.List;

import io.github.twiliospring.messaging.message.MessageDirection;
import io.github.twiliospring.messaging.message.MessageStatus;
import io.github.twiliospring.messaging.message.Segments;
import io.github.twiliospring.messaging.simulator.SimulatedMessage;
import org.junit.jupiter.api.Test;

import static io.github.twiliospring.messaging.simulator.assertj.SimulatorAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What tests say about messages.
 */
class SimulatorAssertionsTests {

	@Test
	void takesATextThatFitsInOneSegment() {
		SimulatedMessage message = message("A".repeat(160));
		assertThat(message).inOneSegment().extracting(SimulatedMessage::numSegments).isEqualTo(1);
		assertThat(message.body()).hasSize(160);
	}

	@Test
	void saysHowLongATextIsThatTakesMoreSegments() {
		assertThatExceptionOfType(AssertionError.class)
			.isThrownBy(() -> assertThat(message("A".repeat(161))).inOneSegment())
			.withMessageContaining("to take 1 segment, but it takes 2 segments: 161 units of GSM-7")
			.withMessageNotContaining("AAA");
	}

	@Test
	void namesTheCharactersThatMakeATextLong() {
		assertThatExceptionOfType(AssertionError.class)
			.isThrownBy(() -> assertThat(message("It’s “ready” ".repeat(6))).as("the reminder").inOneSegment())
			.withMessageStartingWith("[the reminder] ")
			.withMessageContaining("78 units of UCS-2, since GSM-7 has no ’ (U+2019), “ (U+201C), ” (U+201D); one")
			.withMessageNotContaining("ready");
	}

	@Test
	void countsSeveralSegments() {
		assertThat(message("A".repeat(161))).inSegments(2);
		assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> assertThat(message("A")).inSegments(2))
			.withMessageContaining("to take 2 segments, but it takes 1 segment");
	}

	private static SimulatedMessage message(String body) {
		return new SimulatedMessage("SM1", "AC1", null, "+15017122661", "+15558675310", body, MessageStatus.DELIVERED,
				MessageDirection.OUTBOUND_API, Segments.of(body).count(), null, null, Instant.EPOCH, null, null, null,
				List.of(), List.of());
	}

}
