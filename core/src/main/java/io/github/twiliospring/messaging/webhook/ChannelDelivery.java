package io.github.twiliospring.messaging.webhook;

import java.util.List;
import java.util.Map;

import io.github.twiliospring.messaging.message.Masking;
import org.jspecify.annotations.Nullable;

/**
 * What a channel such as WhatsApp or RCS adds to a status update (API page,
 * "StatusCallback Request Parameters").
 *
 * @param installSid the installed channel that the message was sent by (parameter
 * {@code ChannelInstallSid}), or {@code null}
 * @param prefix what addresses on the channel begin with, for example {@code whatsapp}
 * ({@code ChannelPrefix}), or {@code null}
 * @param statusMessage the channel's own error text where the delivery failed
 * ({@code ChannelStatusMessage}), or {@code null}
 * @param toAddress the recipient as the channel names it, its last digits mostly hidden
 * ({@code ChannelToAddress}; not on the page, seen in real requests), or {@code null}
 */
public record ChannelDelivery(@Nullable String installSid, @Nullable String prefix, @Nullable String statusMessage,
		@Nullable String toAddress) {

	private static final ChannelDelivery NONE = new ChannelDelivery(null, null, null, null);

	static @Nullable ChannelDelivery of(Map<String, List<String>> parameters) {
		ChannelDelivery delivery = new ChannelDelivery(Parameters.first(parameters, "ChannelInstallSid"),
				Parameters.first(parameters, "ChannelPrefix"), Parameters.first(parameters, "ChannelStatusMessage"),
				Parameters.first(parameters, "ChannelToAddress"));
		return delivery.equals(NONE) ? null : delivery;
	}

	@Override
	public String toString() {
		return "ChannelDelivery[toAddress=" + Masking.address(this.toAddress) + "]";
	}

}
