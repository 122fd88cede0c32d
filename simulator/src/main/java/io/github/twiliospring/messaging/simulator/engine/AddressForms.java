package io.github.twiliospring.messaging.simulator.engine;

import java.util.regex.Pattern;

/**
 * The forms of an address: who can get a message, and who can send one.
 */
public final class AddressForms {

	private static final Pattern NUMBER = Pattern.compile("\\+[1-9]\\d{6,14}");

	private static final Pattern SHORT_CODE = Pattern.compile("\\d{3,8}");

	private static final Pattern ALPHANUMERIC = Pattern.compile("(?=.*[A-Za-z])[A-Za-z0-9 +_&-]{1,11}");

	private static final Pattern WIRELESS_SIM = Pattern.compile("sim:DE[0-9a-fA-F]{32}");

	private static final Pattern CHANNEL = Pattern.compile("[a-z][a-z0-9_]*:.{1,255}");

	private static final String WHATSAPP = "whatsapp:";

	// A user who keeps the number private.
	private static final Pattern WHATSAPP_USER = Pattern.compile("[A-Z]{2}\\.(?:[A-Z]+\\.)?\\d{1,128}");

	private AddressForms() {
	}

	/**
	 * Whether messages can go there.
	 * @param address number or channel address
	 * @return {@code true} if it could exist
	 */
	public static boolean isRecipient(String address) {
		if (isWhatsApp(address)) {
			String user = address.substring(WHATSAPP.length());
			return NUMBER.matcher(user).matches() || WHATSAPP_USER.matcher(user).matches();
		}
		return NUMBER.matcher(address).matches() || isChannel(address);
	}

	/**
	 * Whether messages can come from there.
	 * @param address number, short code, name, SIM or channel address
	 * @return {@code true} if it could exist
	 */
	public static boolean isSender(String address) {
		return isChannel(address) || NUMBER.matcher(address).matches() || SHORT_CODE.matcher(address).matches()
				|| ALPHANUMERIC.matcher(address).matches() || WIRELESS_SIM.matcher(address).matches();
	}

	/**
	 * Whether it's an address on a channel.
	 * @param address the address
	 * @return {@code false} for a phone
	 */
	public static boolean isChannel(String address) {
		return CHANNEL.matcher(address).matches() && !WIRELESS_SIM.matcher(address).matches();
	}

	/**
	 * Whether two addresses are on the same channel, or on none.
	 * @param one an address
	 * @param other another one
	 * @return {@code true} if so
	 */
	public static boolean areOfOneChannel(String one, String other) {
		return channel(one).equals(channel(other));
	}

	static boolean isWhatsApp(String address) {
		return address.startsWith(WHATSAPP);
	}

	/** Whether a phone could have written this: to a name, for one, nobody can. */
	static boolean canWrite(String from, String to) {
		return (isRecipient(from) || SHORT_CODE.matcher(from).matches()) && areOfOneChannel(from, to)
				&& (isRecipient(to) || SHORT_CODE.matcher(to).matches() || WIRELESS_SIM.matcher(to).matches());
	}

	private static String channel(String address) {
		return isChannel(address) ? address.substring(0, address.indexOf(':')) : "";
	}

}
