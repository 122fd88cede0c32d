package io.github.twiliospring.messaging.outbox;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import javax.sql.DataSource;

import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Reads how an outbox is doing, in one statement. It reads the beginning of an index for
 * each state, and the first row of another.
 */
final class StatusReader {

	private static final int TIMEOUT_SECONDS = 5;

	private final JdbcTemplate jdbc;

	private final OutboxClock clock;

	private final Supplier<Dialect> dialect;

	private final int most;

	/**
	 * Makes a reader.
	 * @param dataSource the database
	 * @param dialect the database's, asked for when it's read
	 * @param clock what decides what is due
	 * @param most how many entries of a state are counted
	 */
	StatusReader(DataSource dataSource, Supplier<Dialect> dialect, OutboxClock clock, int most) {
		this.jdbc = new JdbcTemplate(dataSource);
		this.jdbc.setQueryTimeout(TIMEOUT_SECONDS);
		this.dialect = dialect;
		this.clock = clock;
		this.most = most;
	}

	private static String count(OutboxState state, String first) {
		return "(select count(*) from (select state from twilio_outbox where state = '" + state.value()
				+ "' order by created_at" + first + ") as counted) as " + column(state);
	}

	// Some states are keywords.
	private static String column(OutboxState state) {
		return state.value() + "_entries";
	}

	OutboxStatus read() {
		Dialect database = this.dialect.get();
		String first = database.first(this.most);
		String sql = Arrays.stream(OutboxState.values())
			.map((state) -> count(state, first))
			.collect(Collectors.joining(", ", "select ", ", (select min(next_at) from twilio_outbox) as next_at"));
		return this.jdbc.query(sql, (row, number) -> status(row, database)).get(0);
	}

	private OutboxStatus status(ResultSet row, Dialect database) throws SQLException {
		Map<OutboxState, Long> entries = new EnumMap<>(OutboxState.class);
		for (OutboxState state : OutboxState.values()) {
			entries.put(state, row.getLong(column(state)));
		}
		Instant next = database.instant(row::getObject, "next_at");
		Instant now = this.clock.now();
		boolean late = next != null && next.isBefore(now);
		return new OutboxStatus(entries, late ? Duration.between(next, now) : Duration.ZERO);
	}

}
