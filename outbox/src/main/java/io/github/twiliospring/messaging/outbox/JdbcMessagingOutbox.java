package io.github.twiliospring.messaging.outbox;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

import javax.sql.DataSource;

import com.github.kagkarlsson.scheduler.task.SchedulableInstance;
import io.github.twiliospring.messaging.MessagingOperations;
import io.github.twiliospring.messaging.webhook.StatusCallback;
import io.github.twiliospring.messaging.webhook.StatusUpdate;

import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.context.SmartLifecycle;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The outbox in a relational database: PostgreSQL, or H2. Its tables are made by
 * {@code schema-postgresql.sql} and {@code schema-h2.sql} in this package. It sends
 * between {@link #start()} and {@link #stop()}; entries may be written at any time.
 */
public final class JdbcMessagingOutbox implements MessagingOutbox, SmartInitializingSingleton, SmartLifecycle {

	private static final int PORTION = 500;

	private final OutboxTable table;

	private final Transactions transactions;

	private final Wakeups wakeups;

	private final OutboxUpdates updates;

	private final OutboxClock clock;

	private final Relay relay;

	private final Watch watch;

	private final Duration pollInterval;

	private volatile boolean running;

	JdbcMessagingOutbox(JdbcMessagingOutboxBuilder builder) {
		OutboxSettings settings = builder.settings();
		TransactionTemplate own = new TransactionTemplate(builder.transactionManager());
		own.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
		this.transactions = new Transactions(builder.dataSource(), builder.transactionManager());
		this.clock = new OutboxClock(builder.clock(), builder.machineClock());
		this.table = new OutboxTable(builder.dataSource(), settings.keepContent());
		this.wakeups = new Wakeups(builder.dataSource(), this.clock);
		this.updates = new OutboxUpdates(builder.beanFactory());
		Courier courier = new Courier(this.table, own, builder.messaging().blocking(), this.updates, settings,
				this.clock);
		this.relay = new Relay(builder.dataSource(), courier, this.clock, builder.pace());
		this.watch = new Watch(this.table, own, this.wakeups, this.relay, this.clock, settings.retention());
		this.pollInterval = builder.pace().pollInterval();
	}

	/**
	 * Starts an outbox.
	 * @param dataSource the database
	 * @param transactionManager the one of the transactions that entries are written in
	 * @param messaging sends the messages
	 * @return the builder
	 * @throws IllegalArgumentException if the transaction manager manages another
	 * {@code DataSource}
	 */
	public static JdbcMessagingOutboxBuilder builder(DataSource dataSource,
			PlatformTransactionManager transactionManager, MessagingOperations messaging) {
		return new JdbcMessagingOutboxBuilder(dataSource, transactionManager, messaging);
	}

	@Override
	public OutboxEntry send(OutboxRequest request) {
		NewRow row = row(Objects.requireNonNull(request, "The request is missing"));
		List<String> differences = new ArrayList<>();
		Row entry = inTransaction(() -> {
			insert(List.of(row), (existing, found) -> differences.addAll(found));
			return this.table.findByKey(request.key())
				.orElseThrow(() -> new IllegalStateException("The entry was deleted just now"));
		});
		if (!differences.isEmpty()) {
			// Not before, since that would end the caller's transaction, too.
			throw new OutboxKeyConflictException(request.key(), differences);
		}
		return entry.toEntry();
	}

	@Override
	public long sendAll(Stream<OutboxRequest> requests) {
		long inserted = 0;
		try (requests) {
			Iterator<OutboxRequest> each = requests.iterator();
			while (each.hasNext()) {
				List<NewRow> portion = new ArrayList<>();
				while (each.hasNext() && portion.size() < PORTION) {
					portion.add(row(each.next()));
				}
				inserted += inTransaction(() -> insert(portion, (row, differences) -> {
					throw new OutboxKeyConflictException(row.request().key(), differences);
				}));
			}
		}
		return inserted;
	}

	@Override
	public boolean cancel(String key) {
		boolean tell = this.updates.hears(OutboxState.CANCELED);
		return inTransaction(() -> {
			boolean canceled = this.table.cancel(key, this.clock.now(), tell);
			if (canceled) {
				this.table.findByKey(key).ifPresent(this::wakeOrForget);
			}
			return canceled;
		});
	}

	@Override
	public boolean reschedule(String key, Instant when) {
		Instant asked = OutboxRequest.checked(when);
		return inTransaction(() -> {
			boolean moved = this.table.reschedule(key, later(asked, this.clock.now()));
			if (moved) {
				this.table.findByKey(key).ifPresent(this::wakeOrForget);
			}
			return moved;
		});
	}

	@Override
	public Optional<OutboxEntry> find(String key) {
		return this.transactions.read(() -> this.table.findByKey(key)).map(Row::toEntry);
	}

	@Override
	public List<OutboxEntry> unresolved() {
		return this.transactions.read(this.table::unresolved).stream().map(Row::toEntry).toList();
	}

	@Override
	public boolean resolve(String key, Resolution resolution) {
		Objects.requireNonNull(resolution, "The resolution is missing");
		return inTransaction(() -> {
			Optional<Row> found = this.table.findByKey(key);
			if (found.isEmpty() || found.get().state() != OutboxState.UNRESOLVED) {
				return false;
			}
			boolean resolved = switch (resolution) {
				case SENT -> end(found.get(), OutboxState.SENT);
				case DROP -> end(found.get(), OutboxState.CANCELED);
				case SEND_AGAIN -> this.table.sendAgain(found.get(), this.clock.now());
			};
			this.table.findByKey(key).ifPresent(this::wakeOrForget);
			return resolved;
		});
	}

	/**
	 * Takes status updates over: the first proves that a message exists whose answer was
	 * lost, and each tells where it stands.
	 * @param update the status update
	 */
	@StatusCallback
	public void settle(StatusUpdate update) {
		Proof proof = Proof.of(update);
		String sendId = update.sendId();
		inTransaction(
				() -> (sendId != null && proved(sendId, proof)) || (proof.isRanked() && this.table.status(proof)));
	}

	private boolean proved(String sendId, Proof proof) {
		boolean tell = this.updates.hears(OutboxState.SENT);
		boolean proved = this.table.sent(sendId, proof, this.clock.now(), tell);
		if (proved && tell) {
			this.table.findBySendId(sendId).ifPresent(this::wakeOrForget);
		}
		return proved;
	}

	private boolean end(Row row, OutboxState state) {
		return this.table.end(row, state, this.clock.now(), this.updates.hears(state));
	}

	private NewRow row(OutboxRequest request) {
		String content = MessageContent.write(request.message());
		this.clock.synchronizeOnce(() -> this.transactions.read(this.table::time));
		Instant now = this.clock.now();
		Instant sendAt = request.sendAt();
		return new NewRow(UUID.randomUUID().toString(), request, content, (sendAt != null) ? later(sendAt, now) : now,
				now);
	}

	// A time that is past is now: an entry doesn't expire before its first attempt.
	private static Instant later(Instant one, Instant other) {
		return one.isAfter(other) ? one : other;
	}

	private long insert(List<NewRow> rows, BiConsumer<NewRow, List<String>> conflicts) {
		Set<String> inserted = this.table.insert(rows);
		List<SchedulableInstance<?>> planned = new ArrayList<>();
		Instant now = this.clock.now();
		for (NewRow row : rows) {
			if (inserted.contains(row.id())) {
				planned.add(this.wakeups.of(row.id(), row.sendAt()));
			}
			else {
				List<String> differences = differences(row);
				if (!differences.isEmpty()) {
					conflicts.accept(row, differences);
				}
			}
		}
		this.wakeups.plan(planned);
		if (rows.stream().anyMatch((row) -> !row.sendAt().isAfter(now))) {
			wakeAfterCommit();
		}
		return planned.size();
	}

	// The key was there.
	private List<String> differences(NewRow row) {
		List<String> differences = new ArrayList<>();
		Row existing = this.table.findByKey(row.request().key()).orElse(null);
		if (existing == null) {
			return differences;
		}
		if (existing.content() != null) {
			differences.addAll(MessageContent.differences(existing.content(), row.content()));
		}
		else if (existing.check() != MessageContent.check(row.request().key(), row.content())) {
			differences.add("content");
		}
		if (!Objects.equals(existing.requestedAt(), row.request().sendAt())) {
			differences.add("time");
		}
		return differences;
	}

	private void wakeOrForget(Row row) {
		Instant next = row.nextAt();
		if (next == null) {
			this.wakeups.forget(row.id());
			return;
		}
		this.wakeups.move(row.id(), next);
		if (!next.isAfter(this.clock.now())) {
			wakeAfterCommit();
		}
	}

	// Before the commit nobody would find anything. Once for each transaction.
	private void wakeAfterCommit() {
		WakeAfterCommit wake = new WakeAfterCommit(this.relay);
		if (!TransactionSynchronizationManager.getSynchronizations().contains(wake)) {
			TransactionSynchronizationManager.registerSynchronization(wake);
		}
	}

	private <T> T inTransaction(Supplier<T> work) {
		return this.transactions.write(work);
	}

	/**
	 * Looks for {@link OutboxUpdate @OutboxUpdate} methods, before anything may happen
	 * that they'd hear of.
	 * @throws IllegalStateException if one can't be called
	 */
	@Override
	public void afterSingletonsInstantiated() {
		this.updates.scan();
	}

	/**
	 * Begins to send, as soon as the database can be reached. Does nothing where it has
	 * begun.
	 */
	@Override
	public synchronized void start() {
		if (!this.running) {
			this.watch.start(this.pollInterval);
			this.running = true;
		}
	}

	/**
	 * Begins nothing new, and returns when what is being sent has its answer.
	 */
	@Override
	public synchronized void stop() {
		if (this.running) {
			this.watch.stop();
			this.relay.stop();
			this.running = false;
		}
	}

	@Override
	public void stop(Runnable callback) {
		// Others stop meanwhile.
		new Thread(() -> {
			try {
				stop();
			}
			finally {
				callback.run();
			}
		}, "twilio-outbox-stop").start();
	}

	@Override
	public boolean isRunning() {
		return this.running;
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
