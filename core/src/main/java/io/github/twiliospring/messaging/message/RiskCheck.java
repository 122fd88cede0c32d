package io.github.twiliospring.messaging.message;

/**
 * Whether the provider checks a message for pumping fraud (create parameter
 * {@code RiskCheck}, newer than the API page). Values that came later can be given by
 * their text.
 *
 * @param value the text on the wire
 */
public record RiskCheck(String value) {

	/** Check it, as is the default of accounts that have the feature. */
	public static final RiskCheck ENABLE = new RiskCheck("enable");

	/** Don't check it. */
	public static final RiskCheck DISABLE = new RiskCheck("disable");

	@Override
	public String toString() {
		return this.value;
	}

}
