package io.github.twiliospring.messaging.webhook;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * One {@code @InboundMessage} method.
 *
 * @param keywords the texts to be handed, empty for all
 * @param pattern what the text has to match, {@code null} for anything
 * @param receivers the addresses whose messages are to be handed, empty for all
 * @param optOut the opt-out types whose messages are to be handed, empty for all messages
 * @param target how the method is called
 */
record InboundMessageHandler(List<String> keywords, @Nullable Pattern pattern, Set<String> receivers,
		Set<OptOutType> optOut, HandlerMethod<IncomingMessage> target) {

	String id() {
		return this.target.id();
	}

	boolean accepts(IncomingMessage message) {
		if (!this.optOut.isEmpty()) {
			OptOutType type = message.optOutType();
			if (type == null || !this.optOut.contains(type)) {
				return false;
			}
		}
		String text = message.body().strip();
		return (this.receivers.isEmpty() || this.receivers.contains(message.to()))
				&& (this.keywords.isEmpty() || this.keywords.stream().anyMatch(text::equalsIgnoreCase))
				&& (this.pattern == null || this.pattern.matcher(text).matches());
	}

	/**
	 * How much the method leaves to others: of equal order the most specific is asked
	 * first.
	 * @return lower for a more specific one
	 */
	int generality() {
		if (!this.optOut.isEmpty()) {
			return 0;
		}
		if (!this.keywords.isEmpty() || this.pattern != null) {
			return 1;
		}
		return this.receivers.isEmpty() ? 3 : 2;
	}

	HandlerDescription describe() {
		List<String> conditions = new ArrayList<>();
		if (!this.keywords.isEmpty()) {
			conditions.add("keywords " + this.keywords);
		}
		if (this.pattern != null) {
			conditions.add("pattern " + this.pattern);
		}
		if (!this.receivers.isEmpty()) {
			// Addresses are personal data, even the application's own.
			conditions.add(this.receivers.size() + " receivers");
		}
		if (!this.optOut.isEmpty()) {
			conditions.add("opt-out " + this.optOut.stream().sorted().toList());
		}
		return new HandlerDescription("InboundMessage", id(), conditions, this.target.adapter() == null);
	}

}
