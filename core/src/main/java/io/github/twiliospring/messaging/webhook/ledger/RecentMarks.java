package io.github.twiliospring.messaging.webhook.ledger;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Marks in the order in which they were written; where there are too many, the oldest go.
 * No cache that weighs how often an entry is read would do: it's the newest messages
 * whose reports are still on their way.
 */
final class RecentMarks {

	private static final Log logger = LogFactory.getLog(RecentMarks.class);

	private final long maximumSize;

	private final long retentionNanos;

	private final CompactKeys keys = new CompactKeys();

	private final LinkedHashMap<Object, Entry> entries = new LinkedHashMap<>();

	private boolean overflowed;

	RecentMarks(long maximumSize, Duration retention) {
		this.maximumSize = maximumSize;
		this.retentionNanos = retention.toNanos();
	}

	synchronized @Nullable Marks get(LedgerKey key) {
		Entry entry = this.entries.get(this.keys.compact(key));
		return (entry != null && !isExpired(entry)) ? entry.marks() : null;
	}

	synchronized void put(LedgerKey key, Marks marks) {
		Object compact = this.keys.compact(key);
		this.entries.remove(compact);
		this.entries.put(compact, new Entry(marks, System.nanoTime()));
		Iterator<Map.Entry<Object, Entry>> oldest = this.entries.entrySet().iterator();
		while (oldest.hasNext()) {
			boolean expired = isExpired(oldest.next().getValue());
			if (!expired && this.entries.size() <= this.maximumSize) {
				return;
			}
			if (!expired && !this.overflowed) {
				this.overflowed = true;
				logger.warn("More than " + this.maximumSize + " marks are held: the oldest are dropped before their"
						+ " time, see twilio.messaging.webhook.ledger.max-entries");
			}
			oldest.remove();
		}
	}

	private boolean isExpired(Entry entry) {
		return System.nanoTime() - entry.writtenNanos() > this.retentionNanos;
	}

	private record Entry(Marks marks, long writtenNanos) {

	}

}
