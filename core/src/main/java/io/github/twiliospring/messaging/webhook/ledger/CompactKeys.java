package io.github.twiliospring.messaging.webhook.ledger;

import java.util.HashMap;
import java.util.Map;

/**
 * Keys of a third of the size: what a collector has to copy while the ledger grows is
 * what a report waits for at high rates. Used by one thread at a time.
 */
final class CompactKeys {

	private static final int SID_LENGTH = 34;

	private static final int HALF = 16;

	private static final int RADIX = 16;

	private final Map<String, String> accounts = new HashMap<>();

	/**
	 * Makes a key small.
	 * @param key the key
	 * @return an equal object for an equal key; the key itself where the message's SID
	 * has an unusual form
	 */
	Object compact(LedgerKey key) {
		String sid = key.messageSid();
		if (!isUsual(sid)) {
			return key;
		}
		return new CompactKey(this.accounts.computeIfAbsent(key.accountSid(), (account) -> account), key.handler(),
				sid.charAt(0), Long.parseUnsignedLong(sid, 2, 2 + HALF, RADIX),
				Long.parseUnsignedLong(sid, 2 + HALF, SID_LENGTH, RADIX));
	}

	// SM or MM, and lower-case digits: others would become equal though they differ.
	private static boolean isUsual(String sid) {
		if (sid.length() != SID_LENGTH || sid.charAt(1) != 'M') {
			return false;
		}
		for (int i = 2; i < SID_LENGTH; i++) {
			char digit = sid.charAt(i);
			if (!(digit >= '0' && digit <= '9') && !(digit >= 'a' && digit <= 'f')) {
				return false;
			}
		}
		return true;
	}

	private record CompactKey(String account, String handler, char kind, long high, long low) {

	}

}
