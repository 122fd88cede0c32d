package io.github.twiliospring.messaging.webhook;

import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * How the sender is known on its channel.
 *
 * @param name the name that it gave itself (parameter {@code ProfileName}; the provider's
 * page "Twilio's request to your incoming message Webhook URL"), or {@code null}
 * @param whatsAppId its WhatsApp id, mostly its number's digits ({@code WaId}; the same
 * page), or {@code null}
 * @param externalUserId its address on WhatsApp that isn't its number, for example
 * {@code whatsapp:ID.4566546130240823} ({@code ExternalUserId}; seen in real requests),
 * or {@code null}
 */
public record SenderProfile(@Nullable String name, @Nullable String whatsAppId, @Nullable String externalUserId) {

	private static final SenderProfile NONE = new SenderProfile(null, null, null);

	static @Nullable SenderProfile of(Map<String, List<String>> parameters) {
		SenderProfile profile = new SenderProfile(Parameters.first(parameters, "ProfileName"),
				Parameters.first(parameters, "WaId"), Parameters.first(parameters, "ExternalUserId"));
		return profile.equals(NONE) ? null : profile;
	}

	@Override
	public String toString() {
		return "SenderProfile[…]";
	}

}
