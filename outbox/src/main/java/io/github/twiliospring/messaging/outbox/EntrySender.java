package io.github.twiliospring.messaging.outbox;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

import io.github.twiliospring.messaging.BlockingMessagingOperations;
import io.github.twiliospring.messaging.message.OutboundMessage;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Sends an entry that waits. The claim is committed, with its send id, before the request
 * goes out, so that whoever finds the entry in {@code sending} afterwards knows that it
 * may be on the wire.
 */
final class EntrySender {

	private static final Log logger = LogFactory.getLog(EntrySender.class);

	// Longer than a send takes: whoever sends is watched by its heartbeat before that.
	private static final Duration WATCHED = Duration.ofMinutes(2);

	private final Transitions transitions;

	private final Statements statements;

	private final BlockingMessagingOperations messaging;

	private final OutboxUpdates updates;

	private final OutboxSettings settings;

	private final OutboxClock clock;

	private final OutboxMonitor monitor;

	private final UnheardNote note;

	/**
	 * Makes a sender.
	 * @param transitions changes the rows
	 * @param statements in transactions of their own
	 * @param messaging sends
	 * @param updates hear of states
	 * @param settings what holds for entries that say nothing else
	 * @param clock decides what is due
	 * @param monitor counts answers
	 */
	EntrySender(Transitions transitions, Statements statements, BlockingMessagingOperations messaging,
			OutboxUpdates updates, OutboxSettings settings, OutboxClock clock, OutboxMonitor monitor) {
		this.transitions = transitions;
		this.statements = statements;
		this.messaging = messaging;
		this.updates = updates;
		this.note = new UnheardNote(updates);
		this.settings = settings;
		this.clock = clock;
		this.monitor = monitor;
	}

	/**
	 * Sends it, or gives it up where its time is over.
	 * @param row an entry that is due
	 * @return what it came to
	 */
	Step send(Row row) {
		Instant now = this.clock.now();
		if (!giveUpAt(row).isAfter(now)) {
			boolean tell = this.updates.hears(OutboxState.EXPIRED);
			return Step.of(this.statements.write(this.transitions.end(row, OutboxState.EXPIRED, now, tell)), tell,
					null);
		}
		OutboundMessage message = (row.content() != null) ? MessageContent.read(row.content()) : null;
		if (message == null) {
			// Perhaps another instance, of a newer version, can read it.
			Instant later = earlier(now.plus(pause(row.attempts() + 1)), giveUpAt(row));
			return Step.of(
					this.statements.write(this.transitions.postpone(row, later, "this version can't read the content")),
					false, later);
		}
		String sendId = UUID.randomUUID().toString();
		return claim(row, sendId, now) ? record(row, sendId, attempt(message, sendId)) : Step.UNSURE;
	}

	private boolean claim(Row row, String sendId, Instant now) {
		try {
			return this.statements
				.write((dialect) -> this.transitions.claim(row, sendId, now, now.plus(WATCHED), dialect));
		}
		catch (RuntimeException ex) {
			// It may have been committed all the same, and nothing was sent, which is
			// known here alone. Its commit may still be under way: the row's lock waits.
			this.statements.writePersistently((dialect) -> dialect.lock(row.id()),
					this.transitions.unclaim(row.id(), sendId, this.clock.now()));
			throw ex;
		}
	}

	private Answer attempt(OutboundMessage message, String sendId) {
		try {
			return new Answer.Sent(this.messaging.sendOnce(message, sendId));
		}
		catch (Throwable failure) {
			return Answer.of(failure);
		}
	}

	private Step record(Row row, String sendId, Answer answer) {
		this.monitor.answered(answer);
		Instant now = this.clock.now();
		if (answer instanceof Answer.Sent sent) {
			boolean tell = this.updates.hears(OutboxState.SENT);
			Proof proof = Proof.of(sent.message());
			return Step.of(this.statements.writePersistently(this.transitions.sent(row.id(), sendId, proof, now, tell)),
					tell, null);
		}
		if (answer instanceof Answer.Rejected no) {
			boolean tell = this.updates.hears(OutboxState.REJECTED);
			boolean written = this.statements.writePersistently(
					this.transitions.rejected(row.id(), sendId, no.errorCode(), no.problem(), now, tell));
			if (written) {
				this.note.say(logger, OutboxState.REJECTED, now,
						"An entry of the outbox was rejected, and no @OutboxUpdate method hears of it: " + no.problem()
								+ ((no.errorCode() != null) ? ", code " + no.errorCode() : ""));
			}
			return Step.of(written, tell, null);
		}
		if (answer instanceof Answer.NotSent no) {
			Duration pause = pause(row.attempts() + 1);
			Instant later = earlier(now.plus((no.pause() != null) ? longer(pause, no.pause()) : pause), giveUpAt(row));
			return Step.of(
					this.statements.writePersistently(
							this.transitions.notSent(row.id(), sendId, no.errorCode(), no.problem(), later)),
					false, later);
		}
		Instant later = now.plus(this.settings.firstLook());
		String problem = ((Answer.Unknown) answer).problem();
		return Step.of(this.statements.writePersistently(this.transitions.unknown(row.id(), sendId, problem, later)),
				false, later);
	}

	private Instant giveUpAt(Row row) {
		Duration own = row.giveUpAfter();
		return row.sendAt().plus((own != null) ? own : this.settings.giveUpAfter());
	}

	// Doubled each time, with a quarter more or less, so that what failed together
	// doesn't come back together.
	private Duration pause(int attempts) {
		long longest = this.settings.longestPause().toMillis();
		long pause = this.settings.firstPause().toMillis();
		for (int i = 1; i < attempts && pause < longest; i++) {
			pause *= 2;
		}
		long bounded = Math.min(pause, longest);
		return Duration.ofMillis(bounded - bounded / 4 + ThreadLocalRandom.current().nextLong(bounded / 2 + 1));
	}

	private static Duration longer(Duration one, Duration other) {
		return (one.compareTo(other) > 0) ? one : other;
	}

	private static Instant earlier(Instant one, Instant other) {
		return one.isBefore(other) ? one : other;
	}

}
