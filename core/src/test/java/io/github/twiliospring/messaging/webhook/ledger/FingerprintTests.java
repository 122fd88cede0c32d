package io.github.twiliospring.messaging.webhook.ledger;

import java.util.HashSet;
import java.util.Set;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Fingerprints tell apart what keys do.
 */
class FingerprintTests {

	private static final String DIGITS = "0123456789abcdef0123456789abcdef";

	@Test
	void areEqualForEqualKeys() {
		assertThat(Fingerprint.of(new LedgerKey("AC1", "SM" + DIGITS, "orders.track")))
			.isEqualTo(Fingerprint.of(new LedgerKey("AC1", "SM" + DIGITS, "orders.track")));
	}

	@Test
	void differWhereverKeysDo() {
		Set<LedgerKey> keys = new HashSet<>();
		for (String account : Set.of("AC1", "AC2", "")) {
			for (String handler : Set.of("orders.track", "orders.audit", "")) {
				for (String kind : Set.of("SM", "MM", "sm", "SM\u00ff")) {
					keys.add(new LedgerKey(account, kind + DIGITS.toUpperCase(java.util.Locale.ROOT), handler));
					for (int i = 0; i < DIGITS.length(); i++) {
						keys.add(new LedgerKey(account, kind + DIGITS.substring(0, i), handler));
						keys.add(new LedgerKey(account + kind, DIGITS.substring(i), handler));
						keys.add(new LedgerKey(account, kind, DIGITS.substring(0, i) + handler));
					}
				}
			}
		}
		Set<Fingerprint> fingerprints = new HashSet<>();
		keys.forEach((key) -> fingerprints.add(Fingerprint.of(key)));
		assertThat(fingerprints).hasSameSizeAs(keys);
	}

}
