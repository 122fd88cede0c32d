package io.github.twiliospring.messaging.outbox;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * When db-scheduler wakes us for which entry. Writes in the caller's transaction. Whoever
 * is at an entry just now finds what was written, or {@link Watch} does.
 */
final class Wakeups {

	private final OutboxTable table;

	private final OutboxClock clock;

	private final Relay relay;

	/**
	 * Writes wake-ups.
	 * @param table reaches the database
	 * @param clock translates times
	 * @param relay is woken after the commit of what is due at once
	 */
	Wakeups(OutboxTable table, OutboxClock clock, Relay relay) {
		this.table = table;
		this.clock = clock;
		this.relay = relay;
	}

	/**
	 * Plans the first wake-up of new entries.
	 * @param rows the entries
	 */
	void plan(List<NewRow> rows) {
		this.table.batch(rows.stream()
			.map((row) -> TaskSql.insert(row.id(), row.request().priority(), this.clock.toReal(row.sendAt()),
					this.table.dialect()))
			.toList());
		Instant now = this.clock.now();
		if (rows.stream().anyMatch((row) -> !row.sendAt().isAfter(now))) {
			wakeAfterCommit();
		}
	}

	/**
	 * Takes over when an entry wants to be looked at.
	 * @param row the entry, as it stands now
	 */
	void follow(Row row) {
		Instant next = row.nextAt();
		if (next == null) {
			// What is left wakes somebody who finds nothing to do.
			if (!looksFirst() || this.table.picked(row.id()).filter((picked) -> !picked).isPresent()) {
				this.table.change(TaskSql.forget(row.id()));
			}
			return;
		}
		move(row.id(), row.priority(), next);
		if (!next.isAfter(this.clock.now())) {
			wakeAfterCommit();
		}
	}

	/**
	 * Wakes an entry at another time than was planned.
	 */
	void move(String id, OutboxPriority priority, Instant due) {
		Instant time = this.clock.toReal(due);
		Optional<Boolean> picked = looksFirst() ? this.table.picked(id) : Optional.of(false);
		if (picked.orElse(false)) {
			return;
		}
		// Whether there's none is asked by inserting one, too: a look might be too old.
		if (picked.isEmpty() || !this.table.change(TaskSql.move(id, time))) {
			this.table.insert(TaskSql.insert(id, priority, time, this.table.dialect()));
		}
	}

	// A wake-up that somebody is at has its heartbeats, which mustn't wait: with them
	// would wait those of all that the instance sends.
	private boolean looksFirst() {
		return this.table.dialect().locksInVain();
	}

	// Before the commit nobody would find anything. Once for each transaction.
	private void wakeAfterCommit() {
		WakeAfterCommit wake = new WakeAfterCommit(this.relay);
		if (!TransactionSynchronizationManager.getSynchronizations().contains(wake)) {
			TransactionSynchronizationManager.registerSynchronization(wake);
		}
	}

	/**
	 * Wakes the relay. All for one relay are equal.
	 */
	private record WakeAfterCommit(Relay relay) implements TransactionSynchronization {

		@Override
		public void afterCommit() {
			this.relay.wake();
		}

	}

}
