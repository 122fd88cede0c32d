package io.github.twiliospring.messaging.simulator.engine;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * What a phone's message says beside its text and its media, as the webhook is told.
 *
 * @param parameters the form's parameters, in order
 */
public record InboundExtras(Map<String, String> parameters) {

	/** Nothing. */
	public static final InboundExtras NONE = new InboundExtras(Map.of());

	private static final String OPT_OUT_TYPE = "OptOutType";

	private static final Set<String> KNOWN = Set.of(OPT_OUT_TYPE, "Latitude", "Longitude", "Address", "Label",
			"ButtonText", "ButtonPayload", "ReferralBody", "ReferralHeadline", "ReferralSourceId", "ReferralSourceType",
			"ReferralSourceUrl", "ReferralMediaId", "ReferralMediaContentType", "ReferralMediaUrl", "ReferralNumMedia",
			"ReferralCtwaClid");

	/**
	 * Checks that it makes sense.
	 * @param parameters the form's parameters
	 * @throws IllegalArgumentException for unknown ones, and for what can't be together
	 */
	public InboundExtras {
		for (String name : parameters.keySet()) {
			if (!KNOWN.contains(name)) {
				throw new IllegalArgumentException("A phone's message has no parameter '" + name + "'");
			}
		}
		checkDegrees(parameters, "Latitude", 90);
		checkDegrees(parameters, "Longitude", 180);
		require(parameters, "Latitude", "Longitude");
		require(parameters, "Longitude", "Latitude");
		require(parameters, "Address", "Latitude");
		require(parameters, "Label", "Latitude");
		require(parameters, "ButtonPayload", "ButtonText");
		String type = parameters.get(OPT_OUT_TYPE);
		if (type != null && !Set.of("START", "STOP", "HELP").contains(type)) {
			throw new IllegalArgumentException("An opt-out type is START, STOP or HELP, not '" + type + "'");
		}
		parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
	}

	/** What the provider takes it for, whatever its text. */
	@Nullable OptOutKeywords keyword() {
		String type = this.parameters.get(OPT_OUT_TYPE);
		return (type != null) ? OptOutKeywords.valueOf(type) : null;
	}

	/** The kind that a channel tells, or {@code null} for a text. */
	@Nullable String messageType() {
		return this.parameters.containsKey("Latitude") ? "location"
				: this.parameters.containsKey("ButtonText") ? "button" : null;
	}

	private static void checkDegrees(Map<String, String> parameters, String name, int most) {
		String value = parameters.get(name);
		try {
			if (value != null && !(Math.abs(Double.parseDouble(value)) <= most)) {
				throw new IllegalArgumentException(name + " is -" + most + " to " + most + ", not " + value);
			}
		}
		catch (NumberFormatException ex) {
			throw new IllegalArgumentException(name + " is a number of degrees, not '" + value + "'", ex);
		}
	}

	private static void require(Map<String, String> parameters, String name, String other) {
		if (parameters.containsKey(name) && !parameters.containsKey(other)) {
			throw new IllegalArgumentException(name + " needs " + other);
		}
	}

	@Override
	public String toString() {
		return "InboundExtras" + this.parameters.keySet();
	}

}
