package io.github.twiliospring.messaging.outbox;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.IntFunction;

import org.jspecify.annotations.Nullable;

/**
 * A row to be inserted.
 */
record NewRow(String id, OutboxRequest request, String content, Instant sendAt, Instant now) {

	private static final String INTO = """
			insert into twilio_outbox (id, message_key, state, version, content, fingerprint, content_check,
			 requested_at, send_at, priority, give_up_after, on_unresolved, next_at, attempts, untold, created_at)
			""";

	private static final String INSERT = INTO + """
			values (:id, :key, 'waiting', 1, :content, :fingerprint, :check, :requestedAt, :sendAt, :priority,
			 :giveUpAfter, :onUnresolved, :sendAt, 0, :untold, :now)""";

	// Its text is the same for however many rows: drivers keep a plan for each text.
	private static final String INSERT_PLANNED = "with entry as (" + INTO + """
			select id, message_key, 'waiting', 1, content, fingerprint, content_check, requested_at, send_at, priority,
			 give_up_after, on_unresolved, send_at, 0, false, :now
			from unnest(:id, :key, :content, :fingerprint, :check, :requestedAt, :sendAt, :priority, :giveUpAfter,
			 :onUnresolved) as given (id, message_key, content, fingerprint, content_check, requested_at, send_at,
			 priority, give_up_after, on_unresolved)
			on conflict do nothing returning id, send_at, priority)
			""" + TaskSql.INSERT_OF_ENTRY;

	/**
	 * Inserts it.
	 * @param dialect where a duplicate key would end the transaction, it's no error
	 */
	Sql insert(Dialect dialect) {
		return Sql.of(INSERT + dialect.ifThere())
			.with("now", this.now)
			.with("untold", false)
			.with("id", this.id)
			.with("key", this.request.key())
			.with("content", this.content)
			.with("fingerprint", fingerprint())
			.with("check", check())
			.withNullable("requestedAt", this.request.sendAt())
			.with("sendAt", this.sendAt)
			.with("priority", this.request.priority().ordinal())
			.withNullable("giveUpAfter", Long.class, giveUpAfter())
			.withNullable("onUnresolved", String.class, onUnresolved());
	}

	/**
	 * Inserts those whose keys aren't there with their first wake-ups, all or none, in
	 * PostgreSQL. It returns the ids of those that were inserted.
	 * @param rows at least one
	 * @param ahead how far the entries' clock is ahead of the one that wakes
	 */
	static Sql insertPlanned(List<NewRow> rows, Duration ahead) {
		return Sql.of(INSERT_PLANNED)
			.with("ahead", ahead.toNanos() / 1000)
			.with("now", rows.get(0).now())
			.with("id", column(rows, NewRow::id, String[]::new))
			.with("key", column(rows, (row) -> row.request.key(), String[]::new))
			.with("content", column(rows, NewRow::content, String[]::new))
			.with("fingerprint", column(rows, NewRow::fingerprint, Integer[]::new))
			.with("check", column(rows, NewRow::check, Integer[]::new))
			.with("requestedAt", column(rows, (row) -> time(row.request.sendAt()), OffsetDateTime[]::new))
			.with("sendAt", column(rows, (row) -> time(row.sendAt), OffsetDateTime[]::new))
			.with("priority", column(rows, (row) -> row.request.priority().ordinal(), Integer[]::new))
			.with("giveUpAfter", column(rows, NewRow::giveUpAfter, Long[]::new))
			.with("onUnresolved", column(rows, NewRow::onUnresolved, String[]::new));
	}

	private static <T> Object column(List<NewRow> rows, Function<NewRow, @Nullable T> value, IntFunction<T[]> array) {
		return rows.stream().map(value).toArray(array);
	}

	private static @Nullable OffsetDateTime time(@Nullable Instant time) {
		return (time != null) ? time.atOffset(ZoneOffset.UTC) : null;
	}

	// Of version 7, in the order of time: rows come at the table's end. Those that come
	// in between make MariaDB and MySQL split pages, by which a row that a transaction
	// has locked locks the gap beside it, too.
	private static String id(Instant now) {
		UUID random = UUID.randomUUID();
		long ordered = (now.toEpochMilli() << 16) | 0x7000 | (random.getMostSignificantBits() & 0xFFF);
		return new UUID(ordered, random.getLeastSignificantBits()).toString();
	}

	private int fingerprint() {
		return MessageContent.fingerprint(this.request.message());
	}

	private int check() {
		return MessageContent.check(this.request.key(), this.content);
	}

	private @Nullable Long giveUpAfter() {
		Duration period = this.request.giveUpAfter();
		return (period != null) ? period.toMillis() : null;
	}

	private @Nullable String onUnresolved() {
		OnUnresolved decision = this.request.onUnresolved();
		return (decision != null) ? decision.name() : null;
	}

	/**
	 * The row of a request that is written now.
	 */
	static NewRow of(OutboxRequest request, Instant now) {
		Instant sendAt = request.sendAt();
		return new NewRow(id(now), request, MessageContent.write(request.message()),
				(sendAt != null) ? OutboxClock.later(sendAt, now) : now, now);
	}

	/**
	 * The entry that it becomes, as it's read back.
	 */
	OutboxEntry toEntry() {
		return new OutboxEntry(this.request.key(), OutboxState.WAITING, this.sendAt, 0, null, null, null, null,
				this.now, null);
	}

	/**
	 * What differs in the entry that has this one's key, in the words of an error.
	 */
	List<String> differences(Row existing) {
		List<String> differences = new ArrayList<>();
		if (existing.content() != null) {
			differences.addAll(MessageContent.differences(existing.content(), this.content));
		}
		else if (existing.check() != check()) {
			differences.add("content");
		}
		if (!Objects.equals(existing.requestedAt(), this.request.sendAt())) {
			differences.add("time");
		}
		return differences;
	}

	@Override
	public String toString() {
		return "NewRow[id=" + this.id + "]";
	}

}
