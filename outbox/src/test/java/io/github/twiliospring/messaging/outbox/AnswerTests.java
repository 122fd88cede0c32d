package io.github.twiliospring.messaging.outbox;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import io.github.twiliospring.messaging.error.ApiError;
import io.github.twiliospring.messaging.error.InvalidMessageException;
import io.github.twiliospring.messaging.error.MessageNotSentException;
import io.github.twiliospring.messaging.error.MessageOutcomeUnknownException;
import io.github.twiliospring.messaging.error.MessageRejectedException;
import io.github.twiliospring.messaging.error.MessagingUnavailableException;
import io.github.twiliospring.messaging.message.MessageFault;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The table of what a failed attempt means for its entry.
 */
class AnswerTests {

	@Test
	void onlyWhatSurelyWasntSentIsTriedAgain() {
		assertThat(Answer.of(new MessageNotSentException("no connection", null, null)))
			.isInstanceOf(Answer.NotSent.class);
		assertThat(Answer.of(rejected(429, 20429, Duration.ofSeconds(7))))
			.isEqualTo(new Answer.NotSent(20429, "HTTP 429", Duration.ofSeconds(7)));
		assertThat(Answer.of(rejected(401, 20003, null))).isEqualTo(new Answer.NotSent(20003, "HTTP 401", null));
	}

	@Test
	void whatTheApiOrOurRulesRefuseIsRejectedWithoutItsText() {
		assertThat(Answer.of(rejected(400, 21211, null))).isEqualTo(new Answer.Rejected(21211, "HTTP 400"));
		assertThat(Answer.of(rejected(403, null, null))).isEqualTo(new Answer.Rejected(null, "HTTP 403"));
		assertThat(Answer.of(new InvalidMessageException(
				List.of(new MessageFault("From", "is missing"), new MessageFault("To", "x")), null)))
			.isEqualTo(new Answer.Rejected(null, "invalid: From, To"));
	}

	@Test
	void everythingElseIsUnknown() {
		for (Throwable failure : List.of(
				new MessageOutcomeUnknownException("no answer", Instant.EPOCH, null, null, null),
				new MessagingUnavailableException("no answer", null, null), new IllegalStateException("a convention"),
				new LinkageError("a filter"), new StackOverflowError())) {
			assertThat(Answer.of(failure)).as(failure.toString()).isInstanceOf(Answer.Unknown.class);
		}
	}

	private static MessageRejectedException rejected(int status, Integer code, Duration pause) {
		return new MessageRejectedException(new ApiError(status, code, "a text of the provider's", null), pause, null);
	}

}
