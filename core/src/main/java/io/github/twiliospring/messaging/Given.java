package io.github.twiliospring.messaging;

import java.util.List;

import io.github.twiliospring.messaging.error.InvalidMessageException;
import io.github.twiliospring.messaging.message.MessageFault;
import io.github.twiliospring.messaging.message.OutboundMessage;
import io.github.twiliospring.messaging.message.OutboundMessageBuilder;
import io.github.twiliospring.messaging.message.SidKind;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * What a caller gave. A {@code null} from code that isn't checked for it is a fault like
 * any other.
 */
final class Given {

	private Given() {
	}

	/**
	 * A message, or one without anything, whose faults name what is missing.
	 */
	static OutboundMessage message(@Nullable OutboundMessage message) {
		return (message != null) ? message : OutboundMessage.to("").build();
	}

	/**
	 * A message, or one without anything, whose faults name what is missing.
	 */
	static OutboundMessage message(@Nullable OutboundMessageBuilder message) {
		return (message != null) ? message.build() : OutboundMessage.to("").build();
	}

	/**
	 * Refuses what is missing.
	 * @throws InvalidMessageException if the value is {@code null}
	 */
	static <T> T present(String field, @Nullable T value) {
		if (value == null) {
			throw new InvalidMessageException(List.of(new MessageFault(field, "is missing")), null);
		}
		return value;
	}

	/**
	 * Names the method that returned nothing.
	 * @throws IllegalStateException if it did
	 */
	static <T> T returned(String method, @Nullable T value) {
		Assert.state(value != null, () -> "MessagingOperations." + method
				+ " returned null, as a mock does that isn't told what to return");
		return value;
	}

	/**
	 * Refuses what is no SID of a kind.
	 * @throws InvalidMessageException if it's another kind, or nothing
	 */
	static String sid(String field, SidKind kind, @Nullable String sid) {
		if (sid == null || !kind.matches(sid)) {
			throw new InvalidMessageException(List.of(new MessageFault(field, kind.problem(sid))), null);
		}
		return sid;
	}

}
