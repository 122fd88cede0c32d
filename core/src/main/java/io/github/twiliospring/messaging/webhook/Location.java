package io.github.twiliospring.messaging.webhook;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * A location that was shared on WhatsApp (the provider's page "Twilio's request to your
 * incoming message Webhook URL", "WhatsApp-specific Parameters"). Real ones often have
 * neither address nor label.
 *
 * @param latitude degrees north, from -90 to 90 (parameter {@code Latitude}), or
 * {@code null} where it's missing or no such number
 * @param longitude degrees east, from -180 to 180 ({@code Longitude}), or {@code null}
 * likewise
 * @param address the address ({@code Address}), or {@code null}
 * @param label the place's name ({@code Label}), or {@code null}
 */
public record Location(@Nullable Double latitude, @Nullable Double longitude, @Nullable String address,
		@Nullable String label) {

	private static final Location NONE = new Location(null, null, null, null);

	static @Nullable Location of(Map<String, List<String>> parameters) {
		Location location = new Location(degrees(parameters, "Latitude", 90), degrees(parameters, "Longitude", 180),
				Parameters.first(parameters, "Address"), Parameters.first(parameters, "Label"));
		return location.equals(NONE) ? null : location;
	}

	private static @Nullable Double degrees(Map<String, List<String>> parameters, String name, int most) {
		String text = Parameters.first(parameters, name);
		try {
			// Double.parseDouble would take NaN, hexadecimal numbers and a trailing d.
			double degrees = (text != null) ? new BigDecimal(text).doubleValue() : Double.NaN;
			return (Math.abs(degrees) <= most) ? degrees : null;
		}
		catch (NumberFormatException ex) {
			return null;
		}
	}

	@Override
	public String toString() {
		return "Location[…]";
	}

}
