package io.github.twiliospring.messaging.webhook;

import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * A button that was pressed, on WhatsApp or RCS.
 *
 * @param text what stands on it (parameter {@code ButtonText}; the provider's page
 * "Twilio's request to your incoming message Webhook URL"), or {@code null}
 * @param payload what it stands for: the id that the template gave it
 * ({@code ButtonPayload}; the provider's changelog "Standardization of Inbound Button
 * Payload on RCS"), or {@code null}
 */
public record ButtonReply(@Nullable String text, @Nullable String payload) {

	private static final ButtonReply NONE = new ButtonReply(null, null);

	static @Nullable ButtonReply of(Map<String, List<String>> parameters) {
		ButtonReply reply = new ButtonReply(Parameters.first(parameters, "ButtonText"),
				Parameters.first(parameters, "ButtonPayload"));
		return reply.equals(NONE) ? null : reply;
	}

	@Override
	public String toString() {
		return "ButtonReply[…]";
	}

}
