package io.github.twiliospring.messaging.outbox;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
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

	private final String sql;

	/**
	 * Makes a reader.
	 * @param dataSource the database
	 * @param clock what decides what is due
	 * @param most how many entries of a state are counted
	 */
	StatusReader(DataSource dataSource, OutboxClock clock, int most) {
		this.jdbc = new JdbcTemplate(dataSource);
		this.jdbc.setQueryTimeout(TIMEOUT_SECONDS);
		this.clock = clock;
		this.sql = Arrays.stream(OutboxState.values())
			.map((state) -> count(state, most))
			.collect(Collectors.joining(", ", "select ", ", (select min(next_at) from twilio_outbox) as next_at"));
	}

	private static String count(OutboxState state, int most) {
		return "(select count(*) from (select state from twilio_outbox where state = '" + state.value()
				+ "' fetch first " + most + " rows only) as counted) as " + column(state);
	}

	// Some states are keywords.
	private static String column(OutboxState state) {
		return state.value() + "_entries";
	}

	OutboxStatus read() {
		return this.jdbc.query(this.sql, (row, number) -> status(row)).get(0);
	}

	private OutboxStatus status(ResultSet row) throws SQLException {
		Map<OutboxState, Long> entries = new EnumMap<>(OutboxState.class);
		for (OutboxState state : OutboxState.values()) {
			entries.put(state, row.getLong(column(state)));
		}
		OffsetDateTime next = row.getObject("next_at", OffsetDateTime.class);
		Instant now = this.clock.now();
		boolean late = next != null && next.toInstant().isBefore(now);
		return new OutboxStatus(entries, late ? Duration.between(next.toInstant(), now) : Duration.ZERO);
	}

}
