package io.github.twiliospring.messaging.outbox;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

/**
 * Writes new entries and their wake-ups, in the caller's transaction or one of its own. A
 * key that is there already is the same entry, or a conflict.
 */
final class EntryInserter {

	private static final int PORTION = 500;

	private final OutboxTable table;

	private final Wakeups wakeups;

	private final Transactions transactions;

	private final OutboxClock clock;

	/**
	 * Makes it.
	 * @param table the rows
	 * @param wakeups when they're woken
	 * @param transactions the caller's transaction, or a new one
	 * @param clock says when an entry was written
	 */
	EntryInserter(OutboxTable table, Wakeups wakeups, Transactions transactions, OutboxClock clock) {
		this.table = table;
		this.wakeups = wakeups;
		this.transactions = transactions;
		this.clock = clock;
	}

	/**
	 * Writes one.
	 * @return the entry, which may have been there
	 */
	Row insert(OutboxRequest request) {
		NewRow row = row(request);
		List<String> differences = new ArrayList<>();
		Row entry = this.transactions.write(() -> {
			differences.clear();
			insert(List.of(row), (existing, found) -> differences.addAll(found));
			return this.table.findTaken(request.key())
				.orElseThrow(() -> new IllegalStateException("The entry was deleted just now"));
		});
		if (!differences.isEmpty()) {
			// Not before, since that would end the caller's transaction, too.
			throw new OutboxKeyConflictException(request.key(), differences);
		}
		return entry;
	}

	/**
	 * Writes many, in portions.
	 * @return how many weren't there
	 */
	long insertAll(Stream<OutboxRequest> requests) {
		long inserted = 0;
		try (requests) {
			Iterator<OutboxRequest> each = requests.iterator();
			while (each.hasNext()) {
				List<NewRow> portion = new ArrayList<>();
				while (each.hasNext() && portion.size() < PORTION) {
					portion.add(row(each.next()));
				}
				portion.sort(Comparator.comparing(NewRow::request, OutboxRequest.BY_KEY));
				inserted += this.transactions.write(() -> insert(portion, (row, differences) -> {
					throw new OutboxKeyConflictException(row.request().key(), differences);
				}));
			}
		}
		return inserted;
	}

	private NewRow row(OutboxRequest request) {
		// As what follows: the connection may be in no state to read.
		this.clock.synchronizeOnce(() -> this.transactions.write(this.table::time));
		return NewRow.of(request, this.clock.now());
	}

	private long insert(List<NewRow> rows, BiConsumer<NewRow, List<String>> conflicts) {
		Set<String> inserted = this.table.insert(rows);
		for (NewRow row : rows) {
			if (!inserted.contains(row.id())) {
				List<String> differences = this.table.findTaken(row.request().key())
					.map(row::differences)
					.orElse(List.of());
				if (!differences.isEmpty()) {
					conflicts.accept(row, differences);
				}
			}
		}
		this.wakeups.plan(rows.stream().filter((row) -> inserted.contains(row.id())).toList());
		return inserted.size();
	}

}
