package io.github.twiliospring.messaging.outbox;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

import io.github.twiliospring.messaging.error.InvalidMessageException;
import io.github.twiliospring.messaging.error.MessageNotSentException;
import io.github.twiliospring.messaging.error.MessageRejectedException;
import io.github.twiliospring.messaging.message.Message;
import io.github.twiliospring.messaging.message.MessageFault;
import org.jspecify.annotations.Nullable;

/**
 * What an attempt came to, for the entry. The table that decides it is {@link #of}.
 */
sealed interface Answer {

	/** All outcomes, by the names that metrics have for them. */
	List<String> OUTCOMES = List.of("accepted", "rejected", "not_sent", "unknown");

	/** What an entry is told to suffer from where no request left. */
	String NOT_REACHED = "the API wasn't reached";

	/** The same where the credentials are wrong. */
	String UNAUTHORIZED = "HTTP 401";

	/**
	 * The outcome's name in metrics.
	 * @return one of {@link #OUTCOMES}
	 */
	String outcome();

	/**
	 * The message exists.
	 */
	record Sent(Message message) implements Answer {

		@Override
		public String outcome() {
			return "accepted";
		}

	}

	/**
	 * It doesn't exist, and another attempt would get the same answer.
	 */
	record Rejected(@Nullable Integer errorCode, String problem) implements Answer {

		@Override
		public String outcome() {
			return "rejected";
		}

	}

	/**
	 * It doesn't exist, and another attempt may succeed.
	 *
	 * @param pause what the API asked for, or {@code null}
	 */
	record NotSent(@Nullable Integer errorCode, String problem, @Nullable Duration pause) implements Answer {

		@Override
		public String outcome() {
			return "not_sent";
		}

	}

	/**
	 * It may exist.
	 */
	record Unknown(String problem) implements Answer {

		@Override
		public String outcome() {
			return "unknown";
		}

	}

	/**
	 * Looks it up.
	 * @param failure what the attempt ended with
	 */
	static Answer of(Throwable failure) {
		if (failure instanceof MessageNotSentException) {
			return new NotSent(null, NOT_REACHED, null);
		}
		if (failure instanceof InvalidMessageException invalid) {
			return new Rejected(null,
					"invalid: " + invalid.getFaults()
						.stream()
						.map(MessageFault::field)
						.distinct()
						.limit(5)
						.collect(Collectors.joining(", ")));
		}
		if (failure instanceof MessageRejectedException rejected) {
			String problem = "HTTP " + rejected.getHttpStatus();
			return switch (rejected.getHttpStatus()) {
				// It says nothing of the message: too many requests, or credentials that
				// an operator has to put right.
				case 401, 429 -> new NotSent(rejected.getCode(), problem, rejected.getRetryAfter());
				default -> new Rejected(rejected.getCode(), problem);
			};
		}
		// Whatever else it is proves nothing.
		return new Unknown("no usable answer");
	}

}
