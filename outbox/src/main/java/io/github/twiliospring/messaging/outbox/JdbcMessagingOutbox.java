package io.github.twiliospring.messaging.outbox;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

import javax.sql.DataSource;

import io.github.twiliospring.messaging.BlockingMessagingOperations;
import io.github.twiliospring.messaging.MessagingOperations;
import io.github.twiliospring.messaging.webhook.StatusCallback;
import io.github.twiliospring.messaging.webhook.StatusUpdate;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The outbox in a relational database: PostgreSQL, MariaDB, MySQL or H2. Its tables are
 * made by {@code schema-postgresql.sql} and its like in this package. It sends between
 * {@link #start()} and {@link #stop()}; entries may be written at any time.
 */
public final class JdbcMessagingOutbox implements MessagingOutbox, SmartInitializingSingleton, SmartLifecycle {

	private final OutboxTable table;

	private final Transitions transitions;

	private final Transactions transactions;

	private final EntryInserter inserter;

	private final Wakeups wakeups;

	private final OutboxUpdates updates;

	private final OutboxClock clock;

	private final Relay relay;

	private final Watch watch;

	private final OutboxMonitor monitor;

	private final OutboxWaiters waiters;

	private final @Nullable ReactiveMessagingOutbox reactive;

	private final @Nullable ConfigurableListableBeanFactory beanFactory;

	private final Duration pollInterval;

	private volatile boolean running;

	JdbcMessagingOutbox(JdbcMessagingOutboxBuilder builder) {
		OutboxSettings settings = builder.settings();
		BlockingMessagingOperations messaging = builder.messaging().blocking();
		this.transactions = new Transactions(builder.dataSource(), builder.transactionManager());
		this.clock = new OutboxClock(builder.clock(), builder.machineClock());
		this.table = new OutboxTable(builder.dataSource());
		Statements statements = new Statements(builder.dataSource(), this.table, builder.transactionManager());
		this.transitions = new Transitions(settings.keepContent());
		this.beanFactory = builder.beanFactory();
		this.updates = new OutboxUpdates(this.beanFactory);
		this.monitor = OutboxMonitor.of(builder.dataSource(), this.table::dialect, this.clock, builder.pace());
		// In a transaction of its own: what the caller's has written isn't there yet.
		this.waiters = new OutboxWaiters((key) -> statements.inTransaction(() -> this.table.findByKey(key)));
		EntryTeller teller = new EntryTeller(this.transitions, statements, this.updates, settings, this.clock,
				builder.handlerLimit(), builder.pace().inFlight());
		Courier courier = new Courier(this.table, this.transitions, statements,
				new EntrySender(this.transitions, statements, messaging, this.updates, settings, this.clock,
						this.monitor),
				new EntryReconciler(this.table, this.transitions, statements, messaging, this.updates, settings,
						this.clock),
				teller, this.clock);
		this.relay = new Relay(builder.dataSource(), this.table::dialect, courier, this.clock, builder.pace(),
				new RelayListener(this.monitor, this.waiters));
		this.wakeups = new Wakeups(this.table, this.clock, this.relay);
		this.inserter = new EntryInserter(this.table, this.wakeups, this.transactions, this.clock);
		this.reactive = builder.reactive(this.transitions, this.updates, this.clock, this.relay::wake);
		Runnable durability = new DurabilityCheck(builder.dataSource(), this.table::dialect);
		Runnable reactiveCheck = builder.reactiveCheck(this.reactive, this.table);
		Runnable check = () -> {
			durability.run();
			reactiveCheck.run();
		};
		this.watch = new Watch(this.table, statements, this.wakeups, this.relay, this.clock, settings.retention(),
				check);
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
		return this.inserter.insert(Objects.requireNonNull(request, "The request is missing")).toEntry();
	}

	@Override
	public long sendAll(Stream<OutboxRequest> requests) {
		return this.inserter.insertAll(requests);
	}

	@Override
	public boolean cancel(String key) {
		boolean tell = this.updates.hears(OutboxState.CANCELED);
		return change(key, OutboxState.WAITING, (row) -> this.transitions.cancel(row.id(), this.clock.now(), tell));
	}

	@Override
	public boolean reschedule(String key, Instant when) {
		Instant asked = OutboxRequest.checked(when);
		return change(key, OutboxState.WAITING,
				(row) -> this.transitions.reschedule(row.id(), OutboxClock.later(asked, this.clock.now())));
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
		return change(key, OutboxState.UNRESOLVED,
				(row) -> this.transitions.resolve(row, resolution, this.clock.now(), this.updates));
	}

	// In another state it's left alone: its lock would be waited for by whoever sends it.
	private boolean change(String key, OutboxState from, Function<Row, Sql> change) {
		return this.transactions.write(() -> {
			boolean changed = this.table.findByKey(key)
				.filter((row) -> row.state() == from)
				.map(change)
				.filter(this.table::change)
				.isPresent();
			if (changed) {
				this.table.findByKey(key).ifPresent(this.wakeups::follow);
			}
			return changed;
		});
	}

	@Override
	public ReactiveMessagingOutbox reactive() {
		if (this.reactive == null) {
			throw new IllegalStateException("There's no R2DBC ConnectionFactory with a ReactiveTransactionManager for"
					+ " the outbox: add the R2DBC driver of its database and spring-boot-starter-r2dbc, make one primary"
					+ " where there are several, or use the methods of MessagingOutbox itself");
		}
		return this.reactive;
	}

	@Override
	public OutboxEntry awaitEnded(String key, Duration timeout) {
		return this.waiters.awaitEnded(key, timeout);
	}

	/**
	 * How it's doing, for metrics, health checks and operators.
	 * @return the one monitor of this outbox
	 */
	public OutboxMonitor monitor() {
		return this.monitor;
	}

	/**
	 * Takes status updates over: the first proves that a message exists whose answer was
	 * lost, and each tells where it stands.
	 * @param update the status update
	 */
	@StatusCallback
	public void settle(StatusUpdate update) {
		Proof proof = Proof.of(update);
		this.transactions.write(() -> {
			Optional<Row> attempt = Optional.ofNullable(update.sendId()).flatMap(this.table::findBySendId);
			return attempt.filter((row) -> proved(row, proof)).isPresent() || attempt
				.or(() -> this.table.findByMessageSid(proof.messageSid()))
				.filter((row) -> proof.isRanked() && this.table.change(this.transitions.status(row.id(), proof)))
				.isPresent();
		});
	}

	private boolean proved(Row row, Proof proof) {
		boolean tell = this.updates.hears(OutboxState.SENT);
		String sendId = row.sendId();
		boolean proved = sendId != null && row.state() != OutboxState.SENT
				&& this.table.change(this.transitions.sent(row.id(), sendId, proof, this.clock.now(), tell));
		if (proved && tell) {
			this.table.findById(row.id()).ifPresent(this.wakeups::follow);
		}
		return proved;
	}

	/**
	 * Looks for {@link OutboxUpdate @OutboxUpdate} methods, before anything may happen
	 * that they'd hear of, and for other transaction managers of its database.
	 * @throws IllegalStateException if one can't be called
	 */
	@Override
	public void afterSingletonsInstantiated() {
		this.updates.scan();
		if (this.beanFactory != null) {
			this.transactions
				.listenTo(this.beanFactory.getBeansOfType(PlatformTransactionManager.class, true, false).values());
		}
	}

	/**
	 * Begins to send, as soon as the database can be reached. Does nothing where it has
	 * begun.
	 */
	@Override
	public synchronized void start() {
		if (!this.running) {
			this.monitor.started();
			this.relay.open();
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
			this.monitor.stopped();
			this.relay.stop();
			this.watch.stop();
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

}
