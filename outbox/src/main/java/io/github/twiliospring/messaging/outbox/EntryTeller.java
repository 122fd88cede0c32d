package io.github.twiliospring.messaging.outbox;

import java.time.Duration;

/**
 * Tells the application of an entry's state, and remembers that it has heard.
 */
final class EntryTeller {

	private final Transitions transitions;

	private final Statements statements;

	private final OutboxUpdates updates;

	private final Duration pause;

	private final OutboxClock clock;

	/**
	 * Makes a teller.
	 * @param transitions changes rows
	 * @param statements in transactions of their own
	 * @param updates hear of states
	 * @param pause after which it's tried again where that failed
	 * @param clock decides what is due
	 */
	EntryTeller(Transitions transitions, Statements statements, OutboxUpdates updates, Duration pause,
			OutboxClock clock) {
		this.transitions = transitions;
		this.statements = statements;
		this.updates = updates;
		this.pause = pause;
		this.clock = clock;
	}

	void tell(Row row) {
		if (this.updates.tell(row.toEntry())) {
			this.statements.write(this.transitions.told(row));
		}
		else {
			this.statements.write(this.transitions.postpone(row, this.clock.now().plus(this.pause), null));
		}
	}

}
