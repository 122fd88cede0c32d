package io.github.twiliospring.messaging.webhook.ledger;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

import io.github.twiliospring.messaging.message.MessageStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The table holds what a linked map would.
 */
class MarkTableTests {

	@ParameterizedTest
	@ValueSource(ints = { 1, 2, 63, 64, 65, 200, 3000 })
	void holdsWhatALinkedMapHolds(int mostRows) {
		long seed = Long.getLong("seed", 7L);
		System.out.println("writes and removals, seed " + seed);
		Random random = new Random(seed);
		Map<Fingerprint, Marks> expected = new LinkedHashMap<>();
		MarkTable table = new MarkTable(mostRows);
		for (int i = 0; i < 20_000; i++) {
			Fingerprint key = fingerprint(random.nextInt(2 * mostRows));
			boolean full = expected.size() == mostRows && !expected.containsKey(key);
			if (full || (!expected.isEmpty() && random.nextInt(4) == 0)) {
				expected.remove(expected.keySet().iterator().next());
				table.removeOldest();
			}
			Marks marks = marks(random);
			expected.remove(key);
			expected.put(key, marks);
			table.write(key, marks, i);
			assertThat(table.size()).isEqualTo(expected.size());
			assertThat(table.marks(table.oldest())).isSameAs(expected.values().iterator().next());
			Fingerprint other = fingerprint(random.nextInt(2 * mostRows));
			int row = table.find(other);
			assertThat((row != MarkTable.NONE) ? table.marks(row) : null).isSameAs(expected.get(other));
		}
		for (Map.Entry<Fingerprint, Marks> entry : expected.entrySet()) {
			assertThat(table.find(entry.getKey())).isEqualTo(table.oldest());
			assertThat(table.marks(table.oldest())).isSameAs(entry.getValue());
			table.removeOldest();
			assertThat(table.find(entry.getKey())).isEqualTo(MarkTable.NONE);
		}
		assertThat(table.size()).isZero();
		assertThat(table.oldest()).isEqualTo(MarkTable.NONE);
	}

	@Test
	void remembersWhenAMarkWasWritten() {
		MarkTable table = new MarkTable(10);
		table.write(fingerprint(1), marks(new Random(1)), 100);
		table.write(fingerprint(2), marks(new Random(1)), 200);
		table.write(fingerprint(1), marks(new Random(1)), 300);
		assertThat(table.writtenNanos(table.oldest())).isEqualTo(200);
		assertThat(table.writtenNanos(table.find(fingerprint(1)))).isEqualTo(300);
	}

	// Few buckets for many keys, and keys that differ in one half only.
	private static Fingerprint fingerprint(int number) {
		return new Fingerprint(number % 3, number / 3);
	}

	private static Marks marks(Random random) {
		MessageStatus[] statuses = MessageStatus.values();
		MessageStatus status = statuses[random.nextInt(statuses.length)];
		return Marks.first(StatusMark.of(status, "teleported", false));
	}

}
