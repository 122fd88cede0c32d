package io.github.twiliospring.messaging.webhook;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * That what prints itself shows nothing that a request may have brought in the place of
 * SIDs, codes and values.
 */
class PrintedParametersTests {

	private static final String FOREIGN = "call +15558675310 now";

	private static final String SID = "SM0123456789abcdef0123456789abcdef";

	@Test
	void aStatusUpdateShowsNoTextOfItsRequest() {
		Map<String, List<String>> parameters = Map.of("MessageSid", List.of(FOREIGN), "AccountSid", List.of("AC1"),
				"MessageStatus", List.of(FOREIGN), "ErrorCode", List.of("1555867531"));
		StatusUpdate update = StatusUpdate.of(parameters, Map.of());
		assertThat(update.rawStatus()).isEqualTo(FOREIGN);
		assertThat(update.error()).isNull();
		assertThat(update + " " + new StatusUpdateEvent(parameters, Map.of())).doesNotContain("call", "555867")
			.contains("status=UNKNOWN");
	}

	@Test
	void anIncomingMessageShowsNoTextOfItsRequest() {
		IncomingMessage message = IncomingMessage.of(
				Map.of("MessageSid", List.of(FOREIGN), "AccountSid", List.of("AC1"), "From", List.of("+15558675310"),
						"To", List.of("+15017122661"), "NumMedia", List.of("1"), "MediaUrl0", List.of(FOREIGN),
						"MediaContentType0", List.of(FOREIGN), "OriginalRepliedMessageSid", List.of(FOREIGN)),
				Map.of());
		assertThat(message.media()).singleElement()
			.satisfies((medium) -> assertThat(medium.contentType()).isEqualTo(FOREIGN));
		assertThat(message + " " + message.media() + message.repliedMessage()).doesNotContain("call", "1555867");
	}

	@ParameterizedTest
	@ValueSource(strings = { "1000000", "-30003", "0", "1555867531", "15558675310", "3000x" })
	void whatIsNoErrorCodeReadsAsNone(String code) {
		assertThat(update(code).error()).isNull();
	}

	@Test
	void showsWhatItKnows() {
		assertThat(update("30003"))
			.hasToString("StatusUpdate[messageSid=" + SID + ", status=FAILED, to=…5310, reference=null, error=30003]");
	}

	private static StatusUpdate update(String code) {
		return StatusUpdate.of(Map.of("MessageSid", List.of(SID), "AccountSid", List.of("AC1"), "MessageStatus",
				List.of("failed"), "To", List.of("+15558675310"), "ErrorCode", List.of(code)), Map.of());
	}

}
