package io.github.twiliospring.messaging.webhook.ledger;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Small keys tell apart what the large ones do.
 */
class CompactKeysTests {

	private static final String DIGITS = "0123456789abcdef0123456789abcdef";

	private final CompactKeys keys = new CompactKeys();

	@Test
	void makesEqualKeysOfEqualKeys() {
		Object first = this.keys.compact(new LedgerKey("AC1", "SM" + DIGITS, "orders.track"));
		Object second = this.keys.compact(new LedgerKey("AC1", "SM" + DIGITS, "orders.track"));
		assertThat(first).isNotInstanceOf(LedgerKey.class).isEqualTo(second).hasSameHashCodeAs(second);
	}

	@Test
	void tellsApartWhateverDiffers() {
		List<LedgerKey> different = new ArrayList<>();
		for (String account : List.of("AC1", "AC2")) {
			for (String handler : List.of("orders.track", "orders.audit")) {
				for (String kind : List.of("SM", "MM", "XM", "sm")) {
					different.add(new LedgerKey(account, kind + DIGITS, handler));
					different.add(new LedgerKey(account, kind + DIGITS.toUpperCase(Locale.ROOT), handler));
					for (int i = 0; i < DIGITS.length(); i++) {
						char other = (DIGITS.charAt(i) == 'f') ? 'e' : 'f';
						different.add(new LedgerKey(account,
								kind + DIGITS.substring(0, i) + other + DIGITS.substring(i + 1), handler));
					}
				}
			}
		}
		Set<LedgerKey> distinct = new HashSet<>(different);
		Set<Object> compact = new HashSet<>();
		distinct.forEach((key) -> compact.add(this.keys.compact(key)));
		assertThat(compact).hasSameSizeAs(distinct);
	}

	@Test
	void leavesAKeyOfUnusualFormAsItIs() {
		for (String sid : List.of("", "SM", "SM1", "SM" + DIGITS + "0", "RM" + DIGITS.replace('a', 'A'),
				"SM" + DIGITS.replace('a', '-'), "SM" + DIGITS.replace('a', '+'), "PM١" + DIGITS.substring(1))) {
			LedgerKey key = new LedgerKey("AC1", sid, "orders.track");
			assertThat(this.keys.compact(key)).as(sid).isSameAs(key);
		}
	}

}
