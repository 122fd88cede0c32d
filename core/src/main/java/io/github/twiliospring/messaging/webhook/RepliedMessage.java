package io.github.twiliospring.messaging.webhook;

import java.util.List;
import java.util.Map;

import io.github.twiliospring.messaging.message.Masking;
import io.github.twiliospring.messaging.message.SidKind;
import org.jspecify.annotations.Nullable;

/**
 * The message of the last seven days that another one replies to (the provider's page
 * "Twilio's request to your incoming message Webhook URL").
 *
 * @param sid its SID (parameter {@code OriginalRepliedMessageSid}), or {@code null}
 * @param sender who sent it ({@code OriginalRepliedMessageSender}), or {@code null}
 */
public record RepliedMessage(@Nullable String sid, @Nullable String sender) {

	private static final RepliedMessage NONE = new RepliedMessage(null, null);

	static @Nullable RepliedMessage of(Map<String, List<String>> parameters) {
		RepliedMessage message = new RepliedMessage(Parameters.first(parameters, "OriginalRepliedMessageSid"),
				Parameters.first(parameters, "OriginalRepliedMessageSender"));
		return message.equals(NONE) ? null : message;
	}

	@Override
	public String toString() {
		return "RepliedMessage[sid=" + SidKind.MESSAGE.shown(this.sid) + ", sender=" + Masking.address(this.sender)
				+ "]";
	}

}
