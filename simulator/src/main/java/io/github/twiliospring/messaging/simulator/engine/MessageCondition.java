package io.github.twiliospring.messaging.simulator.engine;

import java.util.function.Predicate;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Which messages a rule is about, by what they have; what's {@code null} may be anything.
 * It's data, so that it outlives a restart.
 *
 * @param accountSid whose
 * @param to the recipient
 * @param from the sender
 * @param toPattern a regular expression for the whole recipient
 * @param body a part of the text
 * @param messageSid the one message
 */
public record MessageCondition(@Nullable String accountSid, @Nullable String to, @Nullable String from,
		@Nullable String toPattern, @Nullable String body,
		@Nullable String messageSid) implements Predicate<StoredMessage> {

	@Override
	public boolean test(StoredMessage message) {
		return is(this.accountSid, message.account().sid()) && is(this.messageSid, message.sid())
				&& is(this.to, message.to()) && is(this.from, message.from())
				&& (this.body == null || message.body().contains(this.body))
				&& (this.toPattern == null || Pattern.matches(this.toPattern, message.to()));
	}

	private static boolean is(@Nullable String wanted, @Nullable String value) {
		return wanted == null || wanted.equals(value);
	}

	@Override
	public String toString() {
		return "MessageCondition";
	}

}
