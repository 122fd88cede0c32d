package io.github.twiliospring.messaging;

import java.util.function.Supplier;

import io.github.twiliospring.messaging.message.Masking;
import org.jspecify.annotations.Nullable;

/**
 * What a template does for every message.
 *
 * @param from the sender of messages that name none, or {@code null}
 * @param messagingServiceSid the Messaging Service of messages that name no sender, or
 * {@code null}; wins over {@code from}
 * @param statusCallback the URL for the delivery reports of messages that name none, with
 * the fragment that rules the provider's retries; asked at each send, its value may be
 * {@code null} for none
 * @param limits the limits to check
 * @param concurrency how many messages {@code sendAll} has in flight
 */
public record MessagingSettings(@Nullable String from, @Nullable String messagingServiceSid,
		Supplier<@Nullable String> statusCallback, MessageLimits limits, int concurrency) {

	private static final int DEFAULT_CONCURRENCY = 64;

	@Override
	public String toString() {
		return "MessagingSettings[from=" + Masking.address(this.from) + ", messagingServiceSid="
				+ this.messagingServiceSid + ", limits=" + this.limits + ", concurrency=" + this.concurrency + "]";
	}

	/**
	 * Settings with the default limits and no StatusCallback URL.
	 * @param from the sender, or {@code null}
	 * @param messagingServiceSid the Messaging Service, or {@code null}
	 * @return the settings
	 */
	public static MessagingSettings of(@Nullable String from, @Nullable String messagingServiceSid) {
		return new MessagingSettings(from, messagingServiceSid, () -> null, MessageLimits.defaults(),
				DEFAULT_CONCURRENCY);
	}

}
