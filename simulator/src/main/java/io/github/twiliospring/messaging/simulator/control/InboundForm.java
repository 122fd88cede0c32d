package io.github.twiliospring.messaging.simulator.control;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.github.twiliospring.messaging.simulator.engine.Account;
import io.github.twiliospring.messaging.simulator.engine.InboundExtras;
import io.github.twiliospring.messaging.simulator.engine.StoredMessage;
import io.github.twiliospring.messaging.simulator.engine.World;
import org.jspecify.annotations.Nullable;

/**
 * What a phone writes: the names are those of the webhook's parameters.
 */
record InboundForm(@Nullable String from, @Nullable String to, @Nullable String body, @Nullable List<String> mediaUrl,
		@Nullable String accountSid, @Nullable String optOutType, @Nullable Double latitude, @Nullable Double longitude,
		@Nullable String address, @Nullable String label, @Nullable String buttonText, @Nullable String buttonPayload,
		@Nullable String referralBody, @Nullable String referralHeadline, @Nullable String referralSourceId,
		@Nullable String referralSourceType, @Nullable String referralSourceUrl, @Nullable String referralMediaId,
		@Nullable String referralMediaContentType, @Nullable String referralMediaUrl, @Nullable String referralNumMedia,
		@Nullable String referralCtwaClid) {

	StoredMessage receive(World world, Account account) {
		return world.inbound()
			.receive(account, Parameters.required("from", this.from), Parameters.required("to", this.to),
					(this.body != null) ? this.body : "", (this.mediaUrl != null) ? this.mediaUrl : List.of(),
					extras());
	}

	private InboundExtras extras() {
		Map<String, String> all = new LinkedHashMap<>();
		put(all, "OptOutType", this.optOutType);
		put(all, "Latitude", this.latitude);
		put(all, "Longitude", this.longitude);
		put(all, "Address", this.address);
		put(all, "Label", this.label);
		put(all, "ButtonText", this.buttonText);
		put(all, "ButtonPayload", this.buttonPayload);
		put(all, "ReferralBody", this.referralBody);
		put(all, "ReferralHeadline", this.referralHeadline);
		put(all, "ReferralSourceId", this.referralSourceId);
		put(all, "ReferralSourceType", this.referralSourceType);
		put(all, "ReferralSourceUrl", this.referralSourceUrl);
		put(all, "ReferralMediaId", this.referralMediaId);
		put(all, "ReferralMediaContentType", this.referralMediaContentType);
		put(all, "ReferralMediaUrl", this.referralMediaUrl);
		put(all, "ReferralNumMedia", this.referralNumMedia);
		put(all, "ReferralCtwaClid", this.referralCtwaClid);
		return new InboundExtras(all);
	}

	private static void put(Map<String, String> all, String name, @Nullable Object value) {
		if (value != null) {
			all.put(name, value.toString());
		}
	}

	@Override
	public String toString() {
		return "InboundForm";
	}

}
