package io.github.twiliospring.messaging.outbox;

import java.time.Instant;
import java.util.function.BooleanSupplier;

import org.jspecify.annotations.Nullable;

/**
 * Takes an entry one step further, whatever state it's in.
 */
final class Courier {

	private final OutboxTable table;

	private final Transitions transitions;

	private final Statements statements;

	private final EntrySender sender;

	private final EntryReconciler reconciler;

	private final EntryTeller teller;

	private final OutboxClock clock;

	/**
	 * Makes a courier.
	 * @param table reads rows
	 * @param transitions changes them
	 * @param statements in transactions of their own
	 * @param sender sends what waits
	 * @param reconciler looks for what may have been sent
	 * @param teller tells the application
	 * @param clock decides what is due
	 */
	Courier(OutboxTable table, Transitions transitions, Statements statements, EntrySender sender,
			EntryReconciler reconciler, EntryTeller teller, OutboxClock clock) {
		this.table = table;
		this.transitions = transitions;
		this.statements = statements;
		this.sender = sender;
		this.reconciler = reconciler;
		this.teller = teller;
		this.clock = clock;
	}

	/**
	 * Takes the next step of an entry that is due, and none of one that isn't.
	 * @param id the entry
	 * @param stopping whether nothing new may be begun
	 * @return when it has to be looked at next, or {@code null} for never
	 */
	@Nullable Instant step(String id, BooleanSupplier stopping) {
		Row row = read(id);
		if (row == null) {
			return null;
		}
		if (stopping.getAsBoolean()) {
			// What a dead one left behind has waited long enough: others take it over.
			return (row.state() == OutboxState.SENDING) ? this.clock.now() : row.nextAt();
		}
		if (!isDue(row)) {
			return row.nextAt();
		}
		Step step = switch (row.state()) {
			case WAITING -> this.sender.send(row);
			case SENDING -> abandoned(row);
			case UNKNOWN -> this.reconciler.look(row);
			// There's nothing to do but to tell.
			default -> Step.UNSURE;
		};
		return step.known() ? step.nextAt() : tellIfUntold(id);
	}

	// Its execution came to us: whoever had it before is gone.
	private Step abandoned(Row row) {
		this.statements.write(this.transitions.died(row.id(), this.clock.now()));
		return Step.UNSURE;
	}

	private boolean isDue(Row row) {
		// A claimed one that comes to us is, whatever its time.
		return row.state() == OutboxState.SENDING || (row.nextAt() != null && !row.nextAt().isAfter(this.clock.now()));
	}

	/**
	 * Sees to what takes too long.
	 */
	void interruptLate() {
		this.teller.interruptLate();
	}

	private @Nullable Instant tellIfUntold(String id) {
		Row row = read(id);
		if (row != null && row.untold()) {
			this.teller.tell(row);
			row = read(id);
		}
		return (row != null) ? row.nextAt() : null;
	}

	private @Nullable Row read(String id) {
		return this.table.findById(id).orElse(null);
	}

}
