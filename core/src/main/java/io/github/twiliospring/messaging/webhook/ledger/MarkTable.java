package io.github.twiliospring.messaging.webhook.ledger;

import java.util.Arrays;

import org.jspecify.annotations.Nullable;

/**
 * Marks by their fingerprints, and in the order in which they were written. A row is a
 * place in arrays of numbers: a million objects in their place are what a collector
 * copies while status updates wait. Used by one thread at a time.
 */
final class MarkTable {

	/**
	 * Stands for no row.
	 */
	static final int NONE = -1;

	private static final int SMALLEST = 64;

	private final int mostRows;

	private long[] highs = new long[SMALLEST];

	private long[] lows = new long[SMALLEST];

	private long[] writtenNanos = new long[SMALLEST];

	private @Nullable Marks[] marks = new @Nullable Marks[SMALLEST];

	private int[] older = new int[SMALLEST];

	// Of a free row, the next free one.
	private int[] newer = new int[SMALLEST];

	// The next row of the same bucket.
	private int[] next = new int[SMALLEST];

	private int[] buckets = emptyBuckets(SMALLEST);

	private int oldest = NONE;

	private int newest = NONE;

	private int free = NONE;

	private int used;

	private int size;

	/**
	 * Makes an empty table.
	 * @param mostRows the most rows there will be at once
	 */
	MarkTable(int mostRows) {
		this.mostRows = mostRows;
	}

	int size() {
		return this.size;
	}

	int oldest() {
		return this.oldest;
	}

	@Nullable Marks marks(int row) {
		return this.marks[row];
	}

	long writtenNanos(int row) {
		return this.writtenNanos[row];
	}

	int find(Fingerprint fingerprint) {
		int row = this.buckets[bucket(fingerprint.low())];
		while (row != NONE && (this.lows[row] != fingerprint.low() || this.highs[row] != fingerprint.high())) {
			row = this.next[row];
		}
		return row;
	}

	/**
	 * Writes a mark, which becomes the newest.
	 */
	void write(Fingerprint fingerprint, Marks marks, long nanos) {
		int row = find(fingerprint);
		if (row != NONE) {
			unlink(row);
		}
		else {
			row = add(fingerprint);
		}
		this.marks[row] = marks;
		this.writtenNanos[row] = nanos;
		this.older[row] = this.newest;
		this.newer[row] = NONE;
		if (this.newest != NONE) {
			this.newer[this.newest] = row;
		}
		else {
			this.oldest = row;
		}
		this.newest = row;
	}

	void removeOldest() {
		int row = this.oldest;
		unlink(row);
		int bucket = bucket(this.lows[row]);
		if (this.buckets[bucket] == row) {
			this.buckets[bucket] = this.next[row];
		}
		else {
			int before = this.buckets[bucket];
			while (this.next[before] != row) {
				before = this.next[before];
			}
			this.next[before] = this.next[row];
		}
		this.marks[row] = null;
		this.newer[row] = this.free;
		this.free = row;
		this.size--;
	}

	private int add(Fingerprint fingerprint) {
		int row = this.free;
		if (row != NONE) {
			this.free = this.newer[row];
		}
		else {
			if (this.used == this.lows.length) {
				grow();
			}
			row = this.used++;
		}
		this.highs[row] = fingerprint.high();
		this.lows[row] = fingerprint.low();
		int bucket = bucket(fingerprint.low());
		this.next[row] = this.buckets[bucket];
		this.buckets[bucket] = row;
		this.size++;
		return row;
	}

	private void unlink(int row) {
		int before = this.older[row];
		int after = this.newer[row];
		if (before != NONE) {
			this.newer[before] = after;
		}
		else {
			this.oldest = after;
		}
		if (after != NONE) {
			this.older[after] = before;
		}
		else {
			this.newest = before;
		}
	}

	// A fingerprint's bits are as good as random.
	private int bucket(long low) {
		return (int) low & (this.buckets.length - 1);
	}

	private void grow() {
		int rows = (int) Math.min(2L * this.used, this.mostRows);
		// All or none: there may be no memory for the last of them.
		long[] grownHighs = Arrays.copyOf(this.highs, rows);
		long[] grownLows = Arrays.copyOf(this.lows, rows);
		long[] grownWrittenNanos = Arrays.copyOf(this.writtenNanos, rows);
		@Nullable Marks[] grownMarks = Arrays.copyOf(this.marks, rows);
		int[] grownOlder = Arrays.copyOf(this.older, rows);
		int[] grownNewer = Arrays.copyOf(this.newer, rows);
		int[] grownNext = Arrays.copyOf(this.next, rows);
		this.buckets = emptyBuckets(rows);
		this.highs = grownHighs;
		this.lows = grownLows;
		this.writtenNanos = grownWrittenNanos;
		this.marks = grownMarks;
		this.older = grownOlder;
		this.newer = grownNewer;
		this.next = grownNext;
		for (int row = 0; row < this.used; row++) {
			int bucket = bucket(this.lows[row]);
			this.next[row] = this.buckets[bucket];
			this.buckets[bucket] = row;
		}
	}

	private static int[] emptyBuckets(int rows) {
		int count = Integer.highestOneBit(Math.max(1, rows - 1)) << 1;
		int[] buckets = new int[count];
		Arrays.fill(buckets, NONE);
		return buckets;
	}

}
