package io.github.twiliospring.messaging.outbox;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

import io.github.twiliospring.messaging.BlockingMessagingOperations;
import io.github.twiliospring.messaging.Reconciliation;
import io.github.twiliospring.messaging.error.MessagingException;
import io.github.twiliospring.messaging.message.Message;
import io.github.twiliospring.messaging.message.OutboundMessage;
import io.github.twiliospring.messaging.message.SendAttempt;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.transaction.support.TransactionTemplate;

/**
 * Takes an entry one step further. A claim is committed, with its send id, before the
 * request goes out, so that whoever finds the entry in {@code sending} afterwards knows
 * that it may be on the wire. Every statement is a transaction of its own.
 */
final class Courier {

	private static final Log logger = LogFactory.getLog(Courier.class);

	// Longer than a send takes: whoever sends is watched by its heartbeat before that.
	private static final Duration WATCHED = Duration.ofMinutes(2);

	// As long as a message is looked for after its attempt.
	private static final Duration LONGEST_ON_THE_WAY = Duration.ofMinutes(10);

	// The first look for a message comes after this part of the time for it.
	private static final int FIRST_LOOK = 30;

	private static final int WRITE_ATTEMPTS = 8;

	private final OutboxTable table;

	private final TransactionTemplate transaction;

	private final BlockingMessagingOperations messaging;

	private final OutboxUpdates updates;

	private final OutboxSettings settings;

	private final OutboxClock clock;

	/**
	 * Makes a courier.
	 * @param table the rows
	 * @param transaction begins a new transaction
	 * @param messaging sends
	 * @param updates hear of states
	 * @param settings what holds for entries that say nothing else
	 * @param clock decides what is due
	 */
	Courier(OutboxTable table, TransactionTemplate transaction, BlockingMessagingOperations messaging,
			OutboxUpdates updates, OutboxSettings settings, OutboxClock clock) {
		this.table = table;
		this.transaction = transaction;
		this.messaging = messaging;
		this.updates = updates;
		this.settings = settings;
		this.clock = clock;
	}

	/**
	 * Takes the next step of an entry that is due, and none of one that isn't.
	 * @param id the entry
	 * @param stopping whether nothing new may be claimed
	 * @return when it has to be looked at next, or {@code null} for never
	 */
	@Nullable Instant step(String id, BooleanSupplier stopping) {
		Row row = read(id);
		if (row == null || stopping.getAsBoolean() || !isDue(row)) {
			return (row != null) ? row.nextAt() : null;
		}
		switch (row.state()) {
			case WAITING -> send(row);
			// Its execution came to us: whoever had it before is gone.
			case SENDING -> write(() -> this.table.died(id, this.clock.now()));
			case UNKNOWN -> look(row);
			default -> {
				// There's nothing to do but to tell.
			}
		}
		Row after = read(id);
		if (after != null && after.untold()) {
			tell(after);
			after = read(id);
		}
		return (after != null) ? after.nextAt() : null;
	}

	private boolean isDue(Row row) {
		// A claimed one that comes to us is, whatever its time.
		return row.state() == OutboxState.SENDING || (row.nextAt() != null && !row.nextAt().isAfter(this.clock.now()));
	}

	private void send(Row row) {
		Instant now = this.clock.now();
		if (!giveUpAt(row).isAfter(now)) {
			boolean tell = this.updates.hears(OutboxState.EXPIRED);
			write(() -> this.table.end(row, OutboxState.EXPIRED, now, tell));
			return;
		}
		OutboundMessage message = (row.content() != null) ? MessageContent.read(row.content()) : null;
		if (message == null) {
			// Perhaps another instance, of a newer version, can read it.
			write(() -> this.table.postpone(row, earlier(now.plus(pause(row.attempts() + 1)), giveUpAt(row)),
					"this version can't read the content"));
			return;
		}
		String sendId = UUID.randomUUID().toString();
		if (claim(row, sendId, now)) {
			record(row, sendId, attempt(message, sendId));
		}
	}

	private boolean claim(Row row, String sendId, Instant now) {
		try {
			return write(() -> this.table.claim(row, sendId, now, now.plus(WATCHED)));
		}
		catch (RuntimeException ex) {
			// It may have been committed all the same, and nothing was sent, which is
			// known
			// here alone.
			persistently(() -> this.table.unclaim(row.id(), sendId, this.clock.now()));
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

	private void record(Row row, String sendId, Answer answer) {
		Instant now = this.clock.now();
		persistently(() -> {
			if (answer instanceof Answer.Sent sent) {
				return this.table.sent(sendId, Proof.of(sent.message()), now, hears(OutboxState.SENT));
			}
			if (answer instanceof Answer.Rejected no) {
				return this.table.rejected(sendId, no.errorCode(), no.problem(), now, hears(OutboxState.REJECTED));
			}
			if (answer instanceof Answer.NotSent no) {
				Duration pause = longer(pause(row.attempts() + 1), no.pause());
				return this.table.notSent(sendId, no.errorCode(), no.problem(),
						earlier(now.plus(pause), giveUpAt(row)));
			}
			return this.table.unknown(sendId, ((Answer.Unknown) answer).problem(), now.plus(firstLook()));
		});
	}

	/**
	 * Looks for the message of an entry that may have been sent. Never sends.
	 */
	private void look(Row row) {
		Instant attempted = (row.attemptedAt() != null) ? row.attemptedAt() : row.createdAt();
		Instant end = attempted.plus(this.settings.unresolvedAfter());
		Message found = find(row, attempted);
		if (found != null && settle(row, found)) {
			return;
		}
		Instant now = this.clock.now();
		if (now.isBefore(end)) {
			// As long again as it was until now.
			Duration passed = longer(Duration.between(attempted, now), firstLook());
			write(() -> this.table.postpone(row, earlier(now.plus(passed), end), null));
			return;
		}
		OnUnresolved decision = (row.onUnresolved() != null) ? row.onUnresolved() : this.settings.onUnresolved();
		write(() -> switch (decision) {
			case HOLD -> this.table.unresolved(row, now, hears(OutboxState.UNRESOLVED));
			case SEND_AGAIN -> this.table.sendAgain(row, now);
			case DROP -> this.table.end(row, OutboxState.CANCELED, now, hears(OutboxState.CANCELED));
		});
	}

	private @Nullable Message find(Row row, Instant attempted) {
		OutboundMessage message = (row.content() != null) ? MessageContent.read(row.content()) : null;
		if (message == null) {
			return null;
		}
		Set<String> others = this.table.messagesOfOthers(row, LONGEST_ON_THE_WAY);
		try {
			Reconciliation found = this.messaging.reconcile(new SendAttempt(message, row.sendId(), attempted), others);
			return found.message();
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
		return write(() -> this.table.sent(sendId, Proof.of(found), this.clock.now(), hears(OutboxState.SENT)));
	}

	private void tell(Row row) {
		if (this.updates.tell(row.toEntry())) {
			write(() -> this.table.told(row));
		}
		else {
			write(() -> this.table.postpone(row, this.clock.now().plus(this.settings.longestPause()), null));
		}
	}

	private boolean hears(OutboxState state) {
		return this.updates.hears(state);
	}

	private Instant giveUpAt(Row row) {
		Duration own = row.giveUpAfter();
		return row.sendAt().plus((own != null) ? own : this.settings.giveUpAfter());
	}

	private Duration firstLook() {
		return this.settings.unresolvedAfter().dividedBy(FIRST_LOOK);
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

	private static Duration longer(Duration one, @Nullable Duration other) {
		return (other == null || one.compareTo(other) > 0) ? one : other;
	}

	private static Instant earlier(Instant one, Instant other) {
		return one.isBefore(other) ? one : other;
	}

	private @Nullable Row read(String id) {
		Optional<Row> row = this.transaction.execute((status) -> this.table.findById(id));
		return (row != null) ? row.orElse(null) : null;
	}

	private boolean write(Supplier<Boolean> change) {
		return Boolean.TRUE.equals(this.transaction.execute((status) -> change.get()));
	}

	// What is known here alone is worth waiting for a database that's away. An entry for
	// which it isn't written is found in sending, and becomes unknown.
	private void persistently(Supplier<Boolean> change) {
		long pause = 50;
		for (int attempt = 1;; attempt++) {
			try {
				write(change);
				return;
			}
			catch (RuntimeException ex) {
				if (attempt == WRITE_ATTEMPTS || !sleep(pause)) {
					throw ex;
				}
				pause *= 2;
			}
		}
	}

	private static boolean sleep(long millis) {
		try {
			Thread.sleep(millis);
			return true;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return false;
		}
	}

}
