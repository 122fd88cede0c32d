package io.github.twiliospring.messaging.outbox;

import java.sql.DatabaseMetaData;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import javax.sql.DataSource;

import org.jspecify.annotations.Nullable;

import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.jdbc.core.namedparam.SqlParameterSource;
import org.springframework.jdbc.support.JdbcUtils;
import org.springframework.jdbc.support.MetaDataAccessException;

/**
 * The rows: how they come, are read and go. {@link Transitions} moves them in between.
 */
final class OutboxTable {

	private final NamedParameterJdbcTemplate jdbc;

	private final DataSource dataSource;

	// Several threads may ask for it at once: none waits for another's connection.
	private volatile @Nullable Dialect dialect;

	/**
	 * Reads and writes rows.
	 * @param dataSource the database
	 */
	OutboxTable(DataSource dataSource) {
		this.jdbc = new NamedParameterJdbcTemplate(dataSource);
		this.dataSource = dataSource;
	}

	/**
	 * What kind of database it is.
	 */
	Dialect dialect() {
		Dialect known = this.dialect;
		if (known == null) {
			known = Dialect.of(this.dataSource);
			this.dialect = known;
		}
		return known;
	}

	/**
	 * Inserts rows whose keys aren't there.
	 * @return the ids of those that were inserted
	 */
	Set<String> insert(List<NewRow> rows) {
		if (dialect().ifThere().isEmpty() || (rows.size() == 1 && dialect().countsInserted())) {
			Set<String> inserted = new HashSet<>();
			rows.stream().filter((row) -> insert(row.insert(dialect()))).forEach((row) -> inserted.add(row.id()));
			return inserted;
		}
		List<NewRow> missing = dialect().locksInVain() ? missing(rows) : rows;
		if (missing.isEmpty()) {
			return Set.of();
		}
		batch(missing.stream().map((row) -> row.insert(dialect())).toList());
		// A driver that rewrites batches doesn't count.
		return new HashSet<>(texts("select id from twilio_outbox where id in (:ids)",
				new MapSqlParameterSource("ids", missing.stream().map(NewRow::id).toList())));
	}

	private List<NewRow> missing(List<NewRow> rows) {
		Set<String> there = new HashSet<>(texts("select message_key from twilio_outbox where message_key in (:keys)",
				new MapSqlParameterSource("keys", rows.stream().map((row) -> row.request().key()).toList())));
		return rows.stream().filter((row) -> !there.contains(row.request().key())).toList();
	}

	/**
	 * Inserts a row, unless it's there.
	 * @return whether it was inserted
	 */
	boolean insert(Sql row) {
		try {
			return change(row);
		}
		catch (DuplicateKeyException ex) {
			return false;
		}
	}

	/**
	 * Changes something.
	 * @return whether anything was changed
	 */
	boolean change(Sql change) {
		return this.jdbc.update(change.text(), parameters(change)) > 0;
	}

	/**
	 * Changes of the same kind, in one batch.
	 */
	void batch(List<Sql> changes) {
		if (!changes.isEmpty()) {
			this.jdbc.batchUpdate(changes.get(0).text(),
					changes.stream().map(this::parameters).toArray(SqlParameterSource[]::new));
		}
	}

	/**
	 * Whether there is what is asked for.
	 */
	boolean exists(Sql query) {
		return !texts(query.text(), parameters(query)).isEmpty();
	}

	/**
	 * Whether somebody is at an entry just now, or nothing where it has no wake-up.
	 */
	Optional<Boolean> picked(String id) {
		Sql query = TaskSql.picked(id);
		return this.jdbc.query(query.text(), parameters(query), (row, number) -> row.getBoolean(1))
			.stream()
			.findFirst();
	}

	Optional<Row> findById(String id) {
		return find("id = :value", id);
	}

	Optional<Row> findByKey(String key) {
		return find("message_key = :value", key);
	}

	Optional<Row> findBySendId(String sendId) {
		return find("send_id = :value", sendId);
	}

	Optional<Row> findByMessageSid(String sid) {
		return find("message_sid = :value", sid);
	}

	/**
	 * The entry of a key that couldn't be inserted.
	 */
	Optional<Row> findTaken(String key) {
		Optional<Row> seen = findByKey(key);
		return seen.isPresent() ? seen : rows(dialect().taken(key)).stream().findFirst();
	}

	private Optional<Row> find(String where, String value) {
		return rows(Sql.of(EntrySql.ROWS + where).with("value", value)).stream().findFirst();
	}

	List<Row> unresolved() {
		return rows(EntrySql.unresolved(dialect()));
	}

	private List<Row> rows(Sql query) {
		return this.jdbc.query(query.text(), parameters(query), (row, number) -> Row.of(row::getObject, dialect()));
	}

	/**
	 * Entries that should have been looked at, and for which nobody is woken. Of what
	 * this version can't read, another may make something.
	 * @param before when they should have been
	 * @param now real time
	 * @param limit how many at most
	 */
	List<Overdue> overdue(Instant before, Instant now, int limit) {
		return this.jdbc.query(
				"select id, priority from twilio_outbox where next_at <= :before and not " + TaskSql.WOKEN
						+ " order by next_at" + dialect().first(limit),
				new MapSqlParameterSource("before", dialect().time(before)).addValue("now", dialect().time(now)),
				(row, number) -> new Overdue(row.getString(1), OutboxPriority.of(row.getInt(2))));
	}

	/**
	 * The messages of entries that may look the same as this one's.
	 */
	Set<String> messagesOfOthers(Row row, Duration window) {
		return new HashSet<>(
				texts("select message_sid from twilio_outbox where message_sid is not null and " + similar(),
						similar(row, window)));
	}

	/**
	 * Whether another entry may have made the message that is found for this one.
	 */
	boolean hasTwin(Row row, Duration window) {
		return !texts("select id from twilio_outbox where message_sid is null and state <> 'rejected' and " + similar()
				+ " order by attempted_at" + dialect().first(1), similar(row, window))
			.isEmpty();
	}

	private static String similar() {
		return "fingerprint = :fingerprint and id <> :id and attempted_at between :begin and :end";
	}

	private SqlParameterSource similar(Row row, Duration window) {
		Instant attempted = row.attempted();
		return new MapSqlParameterSource("id", row.id()).addValue("fingerprint", row.fingerprint())
			.addValue("begin", dialect().time(attempted.minus(window)))
			.addValue("end", dialect().time(attempted.plus(window)));
	}

	/**
	 * The ids of entries that ended before a time, the oldest first.
	 */
	List<String> ended(Instant before, int limit) {
		return texts("select id from twilio_outbox where ended_at < :before order by ended_at" + dialect().first(limit),
				new MapSqlParameterSource("before", dialect().time(before)));
	}

	/**
	 * Deletes entries, one by one: MariaDB would lock the whole of a small table.
	 */
	void delete(List<String> ids) {
		batch(ids.stream().map((id) -> Sql.of("delete from twilio_outbox where id = :id").with("id", id)).toList());
	}

	/**
	 * The database's clock.
	 */
	Instant time() {
		JdbcTemplate plain = this.jdbc.getJdbcTemplate();
		return plain.query(dialect().clock(), (row, number) -> dialect().time(row::getObject, "now_at")).get(0);
	}

	private List<String> texts(String sql, SqlParameterSource parameters) {
		return this.jdbc.query(sql, parameters, (row, number) -> row.getString(1));
	}

	private SqlParameterSource parameters(Sql sql) {
		MapSqlParameterSource parameters = new MapSqlParameterSource();
		sql.values(dialect())
			.forEach((name, value) -> parameters.addValue(name, (value instanceof Sql.Null) ? null : value));
		return parameters;
	}

	/**
	 * An entry that should have been looked at.
	 *
	 * @param id the entry
	 * @param priority its priority
	 */
	record Overdue(String id, OutboxPriority priority) {

	}

}
