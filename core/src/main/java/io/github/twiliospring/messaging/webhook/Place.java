package io.github.twiliospring.messaging.webhook;

import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Where a phone number belongs, as far as the provider could look it up; nothing says
 * that the phone is there (parameters {@code FromCity}, {@code ToCity} and so on; the
 * provider's page "Twilio's request to your incoming message Webhook URL", "Geographic
 * Data-related Parameters").
 *
 * @param city the city, or {@code null}
 * @param state the state or province, or {@code null}
 * @param zip the postal code, or {@code null}
 * @param country the country, for example {@code US}, or {@code null}
 */
public record Place(@Nullable String city, @Nullable String state, @Nullable String zip, @Nullable String country) {

	private static final Place NONE = new Place(null, null, null, null);

	static @Nullable Place of(Map<String, List<String>> parameters, String prefix) {
		Place place = new Place(Parameters.first(parameters, prefix + "City"),
				Parameters.first(parameters, prefix + "State"), Parameters.first(parameters, prefix + "Zip"),
				Parameters.first(parameters, prefix + "Country"));
		return place.equals(NONE) ? null : place;
	}

	@Override
	public String toString() {
		return "Place[…]";
	}

}
