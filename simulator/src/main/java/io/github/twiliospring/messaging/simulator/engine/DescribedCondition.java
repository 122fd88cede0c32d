package io.github.twiliospring.messaging.simulator.engine;

import java.util.function.Predicate;

/**
 * Which messages a rule is about, and how a person says it.
 *
 * @param description such as {@code messages to +15558675310}; may hold numbers and texts
 * @param condition decides
 */
public record DescribedCondition(String description,
		Predicate<StoredMessage> condition) implements Predicate<StoredMessage> {

	@Override
	public boolean test(StoredMessage message) {
		return this.condition.test(message);
	}

	/**
	 * How a person says which messages are meant.
	 * @param condition a rule's condition
	 * @return its description, or that it's code
	 */
	public static String of(Predicate<StoredMessage> condition) {
		return (condition instanceof DescribedCondition described) ? described.description()
				: "messages that a program chooses";
	}

	@Override
	public String toString() {
		return "DescribedCondition";
	}

}
