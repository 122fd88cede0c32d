package io.github.twiliospring.messaging.outbox;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.Parameters;
import io.r2dbc.spi.Readable;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.dao.DuplicateKeyException;
import org.springframework.r2dbc.BadSqlGrammarException;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.transaction.ReactiveTransactionManager;

/**
 * Writes entries by R2DBC: the same statements in another driver's hands.
 */
final class R2dbcMessagingOutbox implements ReactiveMessagingOutbox {

	private static final int PORTION = 500;

	private static final Duration CHECK_LIMIT = Duration.ofSeconds(10);

	private final DatabaseClient database;

	private final ReactiveTransactions transactions;

	private final Dialect dialect;

	private final Transitions transitions;

	private final OutboxUpdates updates;

	private final OutboxClock clock;

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
		this.transactions = new ReactiveTransactions(this.database, transactionManager, wake);
		this.dialect = Dialect.of(connections.getMetadata().getName());
		this.refusal = this.dialect.countsInserted() ? null
				: "The reactive outbox isn't there yet for MariaDB and MySQL:"
						+ " use the methods of MessagingOutbox itself, as in"
						+ " Mono.fromCallable(() -> outbox.send(key, message)).subscribeOn(Schedulers.boundedElastic())";
		this.transitions = transitions;
		this.updates = updates;
		this.clock = clock;
	}

	/**
	 * Whether it leads to the database that the relay reads. Blocks, for a while: a pool
	 * may have no connection to give.
	 * @param table writes a row there by JDBC, and takes it away again
	 */
	void check(OutboxTable table) {
		if (!this.dialect.countsInserted()) {
			return;
		}
		String id = UUID.randomUUID().toString();
		table.change(TaskSql.probe(id));
		try {
			boolean same = Boolean.TRUE.equals(exists(TaskSql.findProbe(id)).timeout(CHECK_LIMIT).block());
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
		Supplier<Mono<List<Written>>> insert = () -> insert(List.of(request));
		return permitted(() -> this.dialect.insertsPlanned() ? this.transactions.writeAtOnce(Mono.defer(insert))
				: this.transactions.write(Mono.defer(insert)))
			// Not before, since that would end the caller's transaction, too.
			.map((written) -> written.stream()
				.findFirst()
				.orElseThrow(() -> new IllegalStateException("The entry was deleted just now"))
				.orConflict()
				.entry());
	}

	@Override
	public Mono<Long> sendAll(Publisher<OutboxRequest> requests) {
		return Flux.from(requests)
			.buffer(PORTION)
			.concatMap((portion) -> write(() -> insert(portion.stream().sorted(OutboxRequest.BY_KEY).toList())
				.map((written) -> written.stream().filter((each) -> each.orConflict().isNew()).count())))
			.reduce(0L, Long::sum);
	}

	@Override
	public Mono<Boolean> cancel(String key) {
		return change(key, OutboxState.WAITING,
				(row) -> this.transitions.cancel(row.id(), this.clock.now(), this.updates.hears(OutboxState.CANCELED)));
	}

	@Override
	public Mono<Boolean> reschedule(String key, Instant when) {
		Instant asked = OutboxRequest.checked(when);
		return change(key, OutboxState.WAITING,
				(row) -> this.transitions.reschedule(row.id(), OutboxClock.later(asked, this.clock.now())));
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
		return change(key, OutboxState.UNRESOLVED,
				(row) -> this.transitions.resolve(row, resolution, this.clock.now(), this.updates));
	}

	private Mono<Boolean> change(String key, OutboxState from, Function<Row, Sql> change) {
		return write(() -> first(EntrySql.byKey(key)).filter((row) -> row.state() == from)
			.map(change)
			.flatMap(this::change)
			.filter(Boolean::booleanValue)
			.flatMap((changed) -> first(EntrySql.byKey(key)).flatMap(this::follow).thenReturn(changed))
			.defaultIfEmpty(false));
	}

	private Mono<List<Written>> insert(List<OutboxRequest> requests) {
		return synchronizedClock().then(Mono.defer(() -> {
			List<NewRow> rows = requests.stream().map((request) -> NewRow.of(request, this.clock.now())).toList();
			return inserted(rows).flatMap((ids) -> wakeIfDue(rows, ids).thenMany(Flux.fromIterable(rows))
				.concatMap((row) -> ids.contains(row.id()) ? Mono.just(new Written(row.toEntry(), true, List.of()))
						: existing(row))
				.collectList());
		}));
	}

	private Mono<Set<String>> inserted(List<NewRow> rows) {
		Flux<String> ids = this.dialect.insertsPlanned()
				? spec(NewRow.insertPlanned(rows, this.clock.ahead())).mapValue(String.class).all()
				: Flux.fromIterable(rows).concatMap(this::insertThenPlan);
		return ids.collect(Collectors.toSet());
	}

	private Mono<String> insertThenPlan(NewRow row) {
		Sql task = TaskSql.insert(row.id(), row.request().priority(), this.clock.toReal(row.sendAt()), this.dialect);
		return change(row.insert(this.dialect)).onErrorReturn(DuplicateKeyException.class, false)
			.flatMap((inserted) -> inserted ? change(task).thenReturn(row.id()) : Mono.empty());
	}

	// Nothing where it was deleted just now.
	private Mono<Written> existing(NewRow row) {
		return first(EntrySql.byKey(row.request().key()))
			.map((existing) -> new Written(existing.toEntry(), false, row.differences(existing)));
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

	private Mono<Void> wakeIfDue(List<NewRow> rows, Set<String> inserted) {
		return Mono
			.justOrEmpty(rows.stream()
				.filter((row) -> inserted.contains(row.id()))
				.map(NewRow::sendAt)
				.min(Comparator.naturalOrder()))
			.flatMap(this::wakeIfDue);
	}

	private Mono<Void> wakeIfDue(Instant due) {
		return Mono.defer(() -> due.isAfter(this.clock.now()) ? Mono.empty() : this.transactions.wakeAfterCommit());
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
		return permitted(() -> this.transactions.write(Mono.defer(work)));
	}

	private <T> Mono<T> permitted(Supplier<Mono<T>> work) {
		return Mono.defer(() -> {
			String problem = this.refusal;
			return (problem != null) ? Mono.error(new IllegalStateException(problem)) : work.get();
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
		Map<String, Object> values = sql.values(this.dialect);
		values.replaceAll((name, value) -> (value instanceof Sql.Null none) ? Parameters.in(none.type()) : value);
		return this.database.sql(sql.text()).bindValues(values);
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

}
