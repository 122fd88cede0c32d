package io.github.twiliospring.messaging.message;

import java.util.regex.Pattern;

/**
 * The forms of an address, in one place: what the provider might take passes, and only
 * what is plainly wrong is refused. Sources: API page, "To", "From" and "Channel
 * addresses" (E.164 numbers, short codes, Wireless SIMs, channels); the provider's page
 * on sender names (at most 11 of letters, digits, space, hyphen, plus, underscore,
 * ampersand, with a letter); its page on WhatsApp users without a number
 * ({@code whatsapp:US.13491208655302741918}). Channels appear without notice, and so do
 * forms behind a channel's prefix.
 */
final class Address {

	private static final int SHORTEST_NUMBER = 3;

	private static final int LONGEST_NUMBER = 16;

	private static final Pattern SHORT_CODE = Pattern.compile("\\d{3,8}");

	private static final Pattern SENDER_NAME = Pattern.compile("(?=.*[A-Za-z])[A-Za-z0-9 +_&-]{1,11}");

	private static final Pattern CHANNEL = Pattern.compile("[a-z][a-z0-9_-]*:\\S+");

	// A number behind it lacks its plus sign, or has too many digits.
	private static final Pattern WRONG_WHATSAPP = Pattern.compile("whatsapp:(\\d+|\\+(?![1-9]\\d{1,14}$).*)");

	private static final String SIM = "sim:";

	private Address() {
	}

	/**
	 * Whether messages can go there.
	 */
	static boolean isRecipient(String address) {
		return isNumber(address) || isChannel(address);
	}

	/**
	 * Whether messages can come from there, a Messaging Service aside.
	 */
	static boolean isSender(String address) {
		return isRecipient(address) || SHORT_CODE.matcher(address).matches() || SENDER_NAME.matcher(address).matches();
	}

	/**
	 * Whether two addresses are on the same channel.
	 */
	static boolean isSameChannel(String sender, String recipient) {
		return sender.startsWith(SIM) || channel(sender).equals(channel(recipient));
	}

	// Without a pattern, which costs as much as all other rules of a send.
	private static boolean isNumber(String address) {
		return address.length() >= SHORTEST_NUMBER && address.length() <= LONGEST_NUMBER && address.charAt(0) == '+'
				&& address.charAt(1) != '0' && isDigits(address, 1);
	}

	private static boolean isDigits(String address, int start) {
		for (int i = start; i < address.length(); i++) {
			if (address.charAt(i) < '0' || address.charAt(i) > '9') {
				return false;
			}
		}
		return true;
	}

	// What is cheap to see comes before the pattern.
	private static boolean isChannel(String address) {
		return address.indexOf(':') > 0 && CHANNEL.matcher(address).matches()
				&& !WRONG_WHATSAPP.matcher(address).matches();
	}

	private static String channel(String address) {
		return isChannel(address) ? address.substring(0, address.indexOf(':')) : "";
	}

}
