package io.github.twiliospring.messaging.webhook.ledger;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Stands for a {@link LedgerKey} in two numbers, so that millions of marks need no object
 * of their own. That two keys ever share one is as unlikely as a collision in 128 bits of
 * SHA-256.
 */
record Fingerprint(long high, long low) {

	static Fingerprint of(LedgerKey key) {
		try {
			MessageDigest digest = MessageDigest.getInstance("SHA-256");
			update(digest, key.accountSid());
			update(digest, key.messageSid());
			update(digest, key.handler());
			ByteBuffer bytes = ByteBuffer.wrap(digest.digest());
			return new Fingerprint(bytes.getLong(), bytes.getLong());
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("Every Java platform has SHA-256", ex);
		}
	}

	private static void update(MessageDigest digest, String part) {
		digest.update(part.getBytes(StandardCharsets.UTF_8));
		// No UTF-8 text has this byte, so that parts can't run into each other.
		digest.update((byte) 0xff);
	}

}
