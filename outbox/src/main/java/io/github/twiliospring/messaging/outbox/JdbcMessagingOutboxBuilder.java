package io.github.twiliospring.messaging.outbox;

import java.time.Clock;
import java.time.Duration;
import java.util.Objects;

import javax.sql.DataSource;

import io.github.twiliospring.messaging.MessagingOperations;
import io.github.twiliospring.messaging.MessagingTemplate;
import io.r2dbc.spi.ConnectionFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.ReactiveTransactionManager;

/**
 * Builds an outbox. Not thread-safe.
 */
public final class JdbcMessagingOutboxBuilder {

	private final DataSource dataSource;

	private final PlatformTransactionManager transactionManager;

	private final MessagingOperations messaging;

	private @Nullable ConfigurableListableBeanFactory beanFactory;

	private Clock clock = Clock.systemUTC();

	private Clock machineClock = Clock.systemUTC();

	private OnUnresolved onUnresolved = OnUnresolved.HOLD;

	private Duration giveUpAfter = Duration.ofHours(24);

	private Duration unresolvedAfter = Duration.ofMinutes(15);

	private Duration firstPause = Duration.ofSeconds(5);

	private Duration longestPause = Duration.ofMinutes(5);

	private Duration retention = Duration.ofDays(30);

	private boolean keepContent;

	private @Nullable ReactiveFactory reactive;

	private int inFlight = 16;

	private Duration handlerLimit = Duration.ofMinutes(10);

	private Duration pollInterval = Duration.ofSeconds(1);

	private Duration heartbeat = Duration.ofSeconds(5);

	private Duration shutdownTimeout = Duration.ofSeconds(40);

	JdbcMessagingOutboxBuilder(DataSource dataSource, PlatformTransactionManager transactionManager,
			MessagingOperations messaging) {
		this.dataSource = Objects.requireNonNull(dataSource, "The data source is missing");
		this.transactionManager = Objects.requireNonNull(transactionManager, "The transaction manager is missing");
		this.messaging = Objects.requireNonNull(messaging, "The messaging operations are missing");
		Transactions.check(dataSource, transactionManager);
	}

	/**
	 * Where {@link OutboxUpdate @OutboxUpdate} methods are.
	 * @param beanFactory the application's
	 * @return this builder
	 */
	public JdbcMessagingOutboxBuilder beanFactory(ConfigurableListableBeanFactory beanFactory) {
		this.beanFactory = beanFactory;
		return this;
	}

	/**
	 * What decides what is due, in place of the system's clock: the one of a simulator,
	 * in a test.
	 * @param clock the clock
	 * @return this builder
	 */
	public JdbcMessagingOutboxBuilder clock(Clock clock) {
		this.clock = clock;
		return this;
	}

	/**
	 * What becomes of an entry of which nobody could find out whether its message exists.
	 * @param decision the decision, {@link OnUnresolved#HOLD} by default
	 * @return this builder
	 */
	public JdbcMessagingOutboxBuilder onUnresolved(OnUnresolved decision) {
		this.onUnresolved = decision;
		return this;
	}

	/**
	 * How long after its time an entry is still worth sending.
	 * @param period 24 hours by default
	 * @return this builder
	 */
	public JdbcMessagingOutboxBuilder giveUpAfter(Duration period) {
		this.giveUpAfter = positive("giveUpAfter", period);
		return this;
	}

	/**
	 * How long it's tried to find out whether a message exists.
	 * @param period since its attempt, 15 minutes by default
	 * @return this builder
	 */
	public JdbcMessagingOutboxBuilder unresolvedAfter(Duration period) {
		this.unresolvedAfter = positive("unresolvedAfter", period);
		return this;
	}

	/**
	 * The pauses between attempts that surely sent nothing. Each is twice as long as the
	 * one before, a quarter more or less.
	 * @param first 5 seconds by default; also that after a failure of the database
	 * @param longest 5 minutes by default
	 * @return this builder
	 */
	public JdbcMessagingOutboxBuilder pauses(Duration first, Duration longest) {
		this.firstPause = positive("first pause", first);
		this.longestPause = positive("longest pause", longest);
		return this;
	}

	/**
	 * How long an entry that has ended is kept.
	 * @param period 30 days by default
	 * @return this builder
	 */
	public JdbcMessagingOutboxBuilder retention(Duration period) {
		this.retention = positive("retention", period);
		return this;
	}

	/**
	 * Whether an entry that has ended keeps number and text.
	 * @param keep {@code false} by default: they're erased at once
	 * @return this builder
	 */
	public JdbcMessagingOutboxBuilder keepContent(boolean keep) {
		this.keepContent = keep;
		return this;
	}

	/**
	 * How many entries an instance sends at a time. Each needs a thread and, for a
	 * moment, a connection of the pool.
	 * @param number 16 by default
	 * @return this builder
	 */
	public JdbcMessagingOutboxBuilder inFlight(int number) {
		if (number < 1) {
			throw new IllegalArgumentException("An outbox has to send at least one entry at a time");
		}
		this.inFlight = number;
		return this;
	}

	/**
	 * How long {@link OutboxUpdate @OutboxUpdate} methods may take for an entry, before
	 * they're interrupted and called again later.
	 * @param limit 10 minutes by default
	 * @return this builder
	 */
	public JdbcMessagingOutboxBuilder handlerLimit(Duration limit) {
		this.handlerLimit = positive("handler limit", limit);
		return this;
	}

	/**
	 * How often an instance looks for due entries, beside those that it wrote itself.
	 * @param interval 1 second by default
	 * @return this builder
	 */
	public JdbcMessagingOutboxBuilder pollInterval(Duration interval) {
		this.pollInterval = positive("poll interval", interval);
		return this;
	}

	/**
	 * How often an instance says that it's alive. After four times as long, another takes
	 * over what it has.
	 * @param interval 5 seconds by default
	 * @return this builder
	 */
	public JdbcMessagingOutboxBuilder heartbeat(Duration interval) {
		this.heartbeat = positive("heartbeat", interval);
		return this;
	}

	/**
	 * How long stopping waits for what is being sent, before that is interrupted.
	 * @param period longer than the deadline of the template, 40 seconds by default
	 * @return this builder
	 */
	public JdbcMessagingOutboxBuilder shutdownTimeout(Duration period) {
		this.shutdownTimeout = positive("shutdown timeout", period);
		return this;
	}

	/**
	 * Lets entries be written in reactive transactions, too:
	 * {@link MessagingOutbox#reactive()}.
	 * @param connections lead to the database of the {@code DataSource}
	 * @param transactionManager the one of the callers' reactive transactions
	 * @return this builder
	 */
	public JdbcMessagingOutboxBuilder reactive(ConnectionFactory connections,
			ReactiveTransactionManager transactionManager) {
		this.reactive = (transitions, updates, clock, wake) -> new R2dbcMessagingOutbox(connections, transactionManager,
				transitions, updates, clock, wake);
		return this;
	}

	/**
	 * Builds the outbox, which asks the database for nothing yet.
	 * @return the outbox, not started
	 * @throws IllegalStateException if the shutdown timeout is no longer than the
	 * template's deadline, which other {@link MessagingOperations} don't tell
	 */
	public JdbcMessagingOutbox build() {
		if (this.messaging instanceof MessagingTemplate template
				&& this.shutdownTimeout.compareTo(template.deadline()) <= 0) {
			throw new IllegalStateException(
					("The shutdownTimeout of the outbox (%s) has to be longer than the deadline of"
							+ " its MessagingTemplate (%s): a send that is interrupted leaves its entry unknown")
						.formatted(this.shutdownTimeout, template.deadline()));
		}
		return new JdbcMessagingOutbox(this);
	}

	DataSource dataSource() {
		return this.dataSource;
	}

	PlatformTransactionManager transactionManager() {
		return this.transactionManager;
	}

	MessagingOperations messaging() {
		return this.messaging;
	}

	@Nullable ConfigurableListableBeanFactory beanFactory() {
		return this.beanFactory;
	}

	Clock clock() {
		return this.clock;
	}

	Clock machineClock() {
		return this.machineClock;
	}

	// A machine whose time is wrong, in a test.
	JdbcMessagingOutboxBuilder machineClock(Clock clock) {
		this.machineClock = clock;
		return this;
	}

	Duration handlerLimit() {
		return this.handlerLimit;
	}

	OutboxSettings settings() {
		return new OutboxSettings(this.onUnresolved, this.giveUpAfter, this.unresolvedAfter, this.firstPause,
				this.longestPause, this.retention, this.keepContent);
	}

	Relay.Pace pace() {
		return new Relay.Pace(this.inFlight, this.pollInterval, this.heartbeat, this.shutdownTimeout, this.firstPause);
	}

	@Nullable ReactiveMessagingOutbox reactive(Transitions transitions, OutboxUpdates updates, OutboxClock clock, Runnable wake) {
		return (this.reactive != null) ? this.reactive.create(transitions, updates, clock, wake) : null;
	}

	Runnable reactiveCheck(@Nullable ReactiveMessagingOutbox outbox, OutboxTable table) {
		return (outbox != null) ? () -> ((R2dbcMessagingOutbox) outbox).check(table) : () -> {
		};
	}

	private static Duration positive(String name, Duration value) {
		if (value.toMillis() < 1) {
			throw new IllegalArgumentException("The " + name + " of an outbox has to be at least a millisecond");
		}
		return value;
	}

	/**
	 * Makes the reactive half, which needs R2DBC on the class path.
	 */
	private interface ReactiveFactory {

		ReactiveMessagingOutbox create(Transitions transitions, OutboxUpdates updates, OutboxClock clock,
				Runnable wake);

	}

}
