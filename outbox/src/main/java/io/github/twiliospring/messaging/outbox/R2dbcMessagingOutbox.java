package io.github.twiliospring.messaging.outbox;

import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Supplier;

import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.Readable;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.dao.DuplicateKeyException;
import org.springframework.r2dbc.BadSqlGrammarException;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.transaction.ReactiveTransactionManager;
import org.springframework.transaction.reactive.TransactionSynchronization;
import org.springframework.transaction.reactive.TransactionSynchronizationManager;
import org.springframework.transaction.reactive.TransactionalOperator;

/**
 * Writes entries by R2DBC: the same statements in another driver's hands.
 */
final class R2dbcMessagingOutbox implements ReactiveMessagingOutbox {

	private static final int PORTION = 500;

	private final DatabaseClient database;

	private final TransactionalOperator joining;

	private final Dialect dialect;

	private final Transitions transitions;

	private final OutboxUpdates updates;

	private final OutboxClock clock;

	private final WakeAfterCommit wake;

	// Why nothing may be written, or null.
	private volatile @Nullable String refusal;

	/**
	 * Makes it.
	 * @param connections the database that the relay reads by JDBC
	 * @param transactionManager the one of the callers' transactions
	 * @param transitions changes rows
	 * @param updates hear of states
	 * @param clock says when an entry was written
	 * @param wake wakes the relay
	 */
	R2dbcMessagingOutbox(ConnectionFactory connections, ReactiveTransactionManager transactionManager,
			Transitions transitions, OutboxUpdates updates, OutboxClock clock, Runnable wake) {
		this.database = DatabaseClient.create(connections);
		this.joining = TransactionalOperator.create(transactionManager);
		this.dialect = Dialect.of(connections.getMetadata().getName());
		this.refusal = this.dialect.countsInserted() ? null
				: "The reactive outbox isn't there yet for MariaDB and MySQL:"
						+ " use the methods of MessagingOutbox itself, as in"
						+ " Mono.fromCallable(() -> outbox.send(key, message)).subscribeOn(Schedulers.boundedElastic())";
		this.transitions = transitions;
		this.updates = updates;
		this.clock = clock;
		this.wake = new WakeAfterCommit(wake);
	}

	/**
	 * Whether it leads to the database that the relay reads. Blocks.
	 * @param table writes a row there by JDBC, and takes it away again
	 */
	void check(OutboxTable table) {
		if (!this.dialect.countsInserted()) {
			return;
		}
		String id = UUID.randomUUID().toString();
		table.change(TaskSql.probe(id));
		try {
			boolean same = Boolean.TRUE.equals(exists(TaskSql.findProbe(id)).block());
			this.refusal = same ? null : "The outbox's R2DBC ConnectionFactory and its DataSource lead to different"
					+ " databases, so that nothing would be sent of what is written: set spring.datasource.url to the"
					+ " database of spring.r2dbc.url";
		}
		finally {
			table.change(TaskSql.forgetProbe(id));
		}
		if (this.refusal != null) {
			throw new IllegalStateException(this.refusal);
		}
	}

	@Override
	public Mono<OutboxEntry> send(OutboxRequest request) {
		return write(() -> synchronizedClock().then(Mono.defer(() -> insert(request)))
			.switchIfEmpty(Mono.error(() -> new IllegalStateException("The entry was deleted just now"))))
			// Not before, since that would end the caller's transaction, too.
			.map((written) -> written.orConflict().entry());
	}

	@Override
	public Mono<Long> sendAll(Publisher<OutboxRequest> requests) {
		return Flux.from(requests)
			.buffer(PORTION)
			.concatMap((portion) -> write(() -> synchronizedClock()
				.thenMany(Flux.fromIterable(portion).sort(OutboxRequest.BY_KEY).concatMap(this::insert))
				.filter((written) -> written.orConflict().isNew())
				.count()))
			.reduce(0L, Long::sum);
	}

	@Override
	public Mono<Boolean> cancel(String key) {
		return write(
				() -> change(this.transitions.cancel(key, this.clock.now(), this.updates.hears(OutboxState.CANCELED)))
					.flatMap((canceled) -> followIf(canceled, key)));
	}

	@Override
	public Mono<Boolean> reschedule(String key, Instant when) {
		Instant asked = OutboxRequest.checked(when);
		return write(() -> change(this.transitions.reschedule(key, OutboxClock.later(asked, this.clock.now())))
			.flatMap((moved) -> followIf(moved, key)));
	}

	@Override
	public Mono<OutboxEntry> find(String key) {
		return Mono.defer(() -> first(EntrySql.byKey(key))).map(Row::toEntry);
	}

	@Override
	public Flux<OutboxEntry> unresolved() {
		return Flux.defer(() -> rows(EntrySql.unresolved(this.dialect))).map(Row::toEntry);
	}

	@Override
	public Mono<Boolean> resolve(String key, Resolution resolution) {
		Objects.requireNonNull(resolution, "The resolution is missing");
		return write(() -> first(EntrySql.byKey(key)).filter((row) -> row.state() == OutboxState.UNRESOLVED)
			.flatMap((row) -> change(this.transitions.resolve(row, resolution, this.clock.now(), this.updates))
				.flatMap((resolved) -> followIf(resolved, key)))
			.defaultIfEmpty(false));
	}

	// Nothing where the entry of the key was deleted just now.
	private Mono<Written> insert(OutboxRequest request) {
		NewRow row = NewRow.of(request, this.clock.now());
		return change(row.insert(this.dialect)).onErrorReturn(DuplicateKeyException.class, false)
			.flatMap((inserted) -> inserted ? plan(row).thenReturn(new Written(row.toEntry(), true, List.of()))
					: first(EntrySql.byKey(request.key()))
						.map((existing) -> new Written(existing.toEntry(), false, row.differences(existing))));
	}

	private Mono<Void> plan(NewRow row) {
		Sql task = TaskSql.insert(row.id(), row.request().priority(), this.clock.toReal(row.sendAt()), this.dialect);
		return change(task).then(wakeIfDue(row.sendAt()));
	}

	private Mono<Boolean> followIf(boolean changed, String key) {
		return changed ? first(EntrySql.byKey(key)).flatMap(this::follow).thenReturn(true) : Mono.just(false);
	}

	// As Wakeups does.
	private Mono<Void> follow(Row row) {
		Instant next = row.nextAt();
		if (next == null) {
			return change(TaskSql.forget(row.id())).then();
		}
		Instant time = this.clock.toReal(next);
		return change(TaskSql.move(row.id(), time))
			.flatMap((moved) -> moved ? Mono.just(true) : exists(TaskSql.find(row.id())))
			.flatMap((there) -> there ? Mono.just(true)
					: change(TaskSql.insert(row.id(), row.priority(), time, this.dialect))
						.onErrorReturn(DuplicateKeyException.class, false))
			.then(wakeIfDue(next));
	}

	private Mono<Void> wakeIfDue(Instant due) {
		return Mono.defer(() -> due.isAfter(this.clock.now()) ? Mono.empty()
				: TransactionSynchronizationManager.forCurrentTransaction().doOnNext((transaction) -> {
					if (!transaction.getSynchronizations().contains(this.wake)) {
						transaction.registerSynchronization(this.wake);
					}
				}).then());
	}

	private Mono<Void> synchronizedClock() {
		if (this.clock.isSynchronized()) {
			return Mono.empty();
		}
		return this.database.sql(this.dialect.clock())
			.map((row) -> read(row, (columns) -> this.dialect.time(columns, "now_at")))
			.one()
			.doOnNext((time) -> this.clock.synchronizeOnce(() -> time))
			.then();
	}

	private <T> Mono<T> write(Supplier<Mono<T>> work) {
		return Mono.defer(() -> {
			String problem = this.refusal;
			if (org.springframework.transaction.support.TransactionSynchronizationManager.isActualTransactionActive()) {
				problem = "The reactive outbox can't join the blocking transaction that is active on this thread: what"
						+ " is rolled back there would be sent all the same. Use the methods of MessagingOutbox itself";
			}
			return (problem != null) ? Mono.error(new IllegalStateException(problem))
					: this.joining.transactional(Mono.defer(work));
		}).onErrorMap(BadSqlGrammarException.class, Transactions::noTables);
	}

	private Mono<Boolean> change(Sql change) {
		return spec(change).fetch().rowsUpdated().map((rows) -> rows > 0);
	}

	private Mono<Boolean> exists(Sql query) {
		return spec(query).map((row) -> true).first().defaultIfEmpty(false);
	}

	private Mono<Row> first(Sql query) {
		return rows(query).next();
	}

	private Flux<Row> rows(Sql query) {
		return spec(query).map((row) -> read(row, (columns) -> Row.of(columns, this.dialect)))
			.all()
			.onErrorMap(BadSqlGrammarException.class, Transactions::noTables);
	}

	private static <T> T read(Readable row, Reading<T> reading) {
		try {
			return reading.read(row::get);
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private DatabaseClient.GenericExecuteSpec spec(Sql sql) {
		DatabaseClient.GenericExecuteSpec spec = this.database.sql(sql.text());
		for (Map.Entry<String, Object> each : sql.values(this.dialect).entrySet()) {
			spec = (each.getValue() instanceof Sql.Null none) ? spec.bindNull(each.getKey(), none.type())
					: spec.bind(each.getKey(), each.getValue());
		}
		return spec;
	}

	/**
	 * Reads a row.
	 *
	 * @param <T> what comes of it
	 */
	private interface Reading<T> {

		T read(Columns row) throws SQLException;

	}

	/**
	 * An entry that was written, or was there.
	 */
	private record Written(OutboxEntry entry, boolean isNew, List<String> differences) {

		Written orConflict() {
			if (!this.differences.isEmpty()) {
				throw new OutboxKeyConflictException(this.entry.key(), this.differences);
			}
			return this;
		}

	}

	/**
	 * Wakes the relay. All for one relay are equal.
	 */
	private record WakeAfterCommit(Runnable relay) implements TransactionSynchronization {

		@Override
		public Mono<Void> afterCommit() {
			return Mono.fromRunnable(this.relay);
		}

	}

}
