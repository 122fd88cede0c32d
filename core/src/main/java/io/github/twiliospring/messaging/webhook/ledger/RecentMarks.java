package io.github.twiliospring.messaging.webhook.ledger;

import java.time.Duration;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Marks in the order in which they were written; where there are too many, the oldest go.
 * No cache that weighs how often an entry is read would do: it's the newest messages
 * whose status updates are still on their way.
 */
final class RecentMarks {

	private static final Log logger = LogFactory.getLog(RecentMarks.class);

	// More don't fit the table's arrays, a hundred gigabytes of them.
	private static final int LARGEST = Integer.MAX_VALUE / 2;

	private final int maximumSize;

	private final long retentionNanos;

	private final MarkTable table;

	private boolean overflowed;

	RecentMarks(long maximumSize, Duration retention) {
		this.maximumSize = (int) Math.min(maximumSize, LARGEST);
		this.retentionNanos = retention.toNanos();
		// One more, until the oldest is gone.
		this.table = new MarkTable(this.maximumSize + 1);
	}

	synchronized @Nullable Marks get(Fingerprint key) {
		int row = this.table.find(key);
		return (row != MarkTable.NONE && !isExpired(row)) ? this.table.marks(row) : null;
	}

	synchronized void put(Fingerprint key, Marks marks) {
		this.table.write(key, marks, System.nanoTime());
		while (this.table.size() > 0) {
			boolean expired = isExpired(this.table.oldest());
			if (!expired && this.table.size() <= this.maximumSize) {
				return;
			}
			this.table.removeOldest();
			if (!expired && !this.overflowed) {
				this.overflowed = true;
				logger.warn("More than " + this.maximumSize + " marks are held: the oldest are dropped before their"
						+ " time, see twilio.messaging.webhook.ledger.max-entries");
			}
		}
	}

	private boolean isExpired(int row) {
		return System.nanoTime() - this.table.writtenNanos(row) > this.retentionNanos;
	}

}
