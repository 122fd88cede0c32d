package io.github.twiliospring.messaging.outbox;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Set;

import io.github.twiliospring.messaging.BlockingMessagingOperations;
import io.github.twiliospring.messaging.error.MessagingException;
import io.github.twiliospring.messaging.message.Message;
import io.github.twiliospring.messaging.message.OutboundMessage;
import io.github.twiliospring.messaging.message.SendAttempt;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Looks for the message of an entry that may have been sent, and never sends. What nobody
 * finds in time is decided as the entry or the application says.
 */
final class EntryReconciler {

	private static final Log logger = LogFactory.getLog(EntryReconciler.class);

	// As long as a message is looked for after its attempt.
	private static final Duration LONGEST_ON_THE_WAY = Duration.ofMinutes(10);

	private final OutboxTable table;

	private final Transitions transitions;

	private final Statements statements;

	private final BlockingMessagingOperations messaging;

	private final OutboxUpdates updates;

	private final OutboxSettings settings;

	private final OutboxClock clock;

	private final UnheardNote note;

	/**
	 * Makes a reconciler.
	 * @param table reads rows
	 * @param transitions changes them
	 * @param statements in transactions of their own
	 * @param messaging looks for messages
	 * @param updates hear of states
	 * @param settings what holds for entries that say nothing else
	 * @param clock decides what is due
	 */
	EntryReconciler(OutboxTable table, Transitions transitions, Statements statements,
			BlockingMessagingOperations messaging, OutboxUpdates updates, OutboxSettings settings, OutboxClock clock) {
		this.table = table;
		this.transitions = transitions;
		this.statements = statements;
		this.messaging = messaging;
		this.updates = updates;
		this.note = new UnheardNote(updates);
		this.settings = settings;
		this.clock = clock;
	}

	/**
	 * Looks once, and decides where the time for it is over.
	 * @param row an entry that is unknown
	 * @return what it came to
	 */
	Step look(Row row) {
		Instant attempted = row.attempted();
		Instant end = attempted.plus(this.settings.unresolvedAfter());
		Message found = find(row, attempted);
		if (found != null && settle(row, found)) {
			return Step.of(true, this.updates.hears(OutboxState.SENT), null);
		}
		Instant now = this.clock.now();
		if (now.isBefore(end)) {
			// As long again as it was until now.
			Instant later = now
				.plus(Collections.max(List.of(Duration.between(attempted, now), this.settings.firstLook())));
			Instant next = later.isBefore(end) ? later : end;
			return Step.of(this.statements.write(this.transitions.postpone(row, next, null)), false, next);
		}
		OnUnresolved decision = (row.onUnresolved() != null) ? row.onUnresolved() : this.settings.onUnresolved();
		boolean decided = this.statements.write(switch (decision) {
			case HOLD -> this.transitions.unresolved(row, now, this.updates.hears(OutboxState.UNRESOLVED));
			case SEND_AGAIN -> this.transitions.sendAgain(row, now);
			case DROP -> this.transitions.end(row, OutboxState.CANCELED, now, this.updates.hears(OutboxState.CANCELED));
		});
		if (decided && decision == OnUnresolved.HOLD) {
			this.note.say(logger, OutboxState.UNRESOLVED, now,
					"An entry of the outbox is unresolved, since nobody could find out whether its message exists:"
							+ " a person decides, by MessagingOutbox.unresolved() and resolve()");
		}
		return Step.UNSURE;
	}

	private @Nullable Message find(Row row, Instant attempted) {
		OutboundMessage message = (row.content() != null) ? MessageContent.read(row.content()) : null;
		if (message == null) {
			return null;
		}
		Set<String> others = this.table.messagesOfOthers(row, LONGEST_ON_THE_WAY);
		try {
			return this.messaging.reconcile(new SendAttempt(message, row.sendId(), attempted), others).message();
		}
		catch (MessagingException ex) {
			logger.debug("An entry's message couldn't be looked for: " + ex.getClass().getSimpleName());
			return null;
		}
	}

	// Whoever else may have made this message had committed its claim before it could be
	// found: so it's asked for now.
	private boolean settle(Row row, Message found) {
		String sendId = row.sendId();
		if (sendId == null || this.table.hasTwin(row, LONGEST_ON_THE_WAY)
				|| this.table.messagesOfOthers(row, LONGEST_ON_THE_WAY).contains(found.sid())) {
			return false;
		}
		boolean tell = this.updates.hears(OutboxState.SENT);
		return this.statements.write(this.transitions.sent(row.id(), sendId, Proof.of(found), this.clock.now(), tell));
	}

}
