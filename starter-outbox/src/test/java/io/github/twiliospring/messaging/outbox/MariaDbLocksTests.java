package io.github.twiliospring.messaging.outbox;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

import static io.github.twiliospring.messaging.message.OutboundMessage.to;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * What InnoDB locks for each change of an entry, in the isolation that one gets unasked:
 * its row, and no gap in which others would insert.
 */
class MariaDbLocksTests {

	private static final Instant LATER = Instant.parse("2100-01-01T00:00:00Z");

	private static final String SEND_ID = "5b3d9a5e-0000-4000-8000-000000000000";

	private static final Proof PROOF = new Proof("SM0123456789abcdef0123456789abcdef", "delivered", 9, null);

	@ParameterizedTest
	@EnumSource
	void everyChangeLocksItsRowAndNoGap(OutboxState state) throws Exception {
		String url = TestDatabase.MARIADB.create();
		try (TestOutbox test = TestOutbox.of(url, TestOutbox.template("http://localhost"), (builder) -> builder)
			.withSchema("mariadb"); Connection connection = DriverManager.getConnection(url)) {
			connection.setAutoCommit(false);
			test.outbox.sendAt("one", to("+15558675310").body("One"), LATER);
			test.outbox.sendAt("another", to("+15558675310").body("Another"), LATER);
			test.database
				.sql("update twilio_outbox set state = ?, send_id = ?, message_sid = ? where message_key = 'one'")
				.params(state.value(), SEND_ID, PROOF.messageSid())
				.update();
			Row row = new OutboxTable(test.dataSource).findByKey("one").orElseThrow();
			test.database.sql("set global innodb_status_output_locks = on").update();
			Map<String, List<String>> locks = new TreeMap<>();
			for (Sql change : changes(row)) {
				locks.put(change.text(), locks(connection, change, test.database));
			}
			assertThat(locks).allSatisfy((change, found) -> assertThat(found).isNotEmpty()
				.allMatch((lock) -> lock.contains("index PRIMARY") && lock.endsWith("locks rec but not gap")));
		}
	}

	private static List<Sql> changes(Row row) {
		Transitions transitions = new Transitions(false);
		String id = row.id();
		return List.of(transitions.claim(row, SEND_ID, LATER, LATER, Dialect.MYSQL),
				transitions.unclaim(id, SEND_ID, LATER), transitions.sent(id, SEND_ID, PROOF, LATER, true),
				transitions.status(id, PROOF), transitions.rejected(id, SEND_ID, 21211, "problem", LATER, true),
				transitions.notSent(id, SEND_ID, 20429, "problem", LATER),
				transitions.unknown(id, SEND_ID, "problem", LATER), transitions.died(id, LATER),
				transitions.unresolved(row, LATER, true), transitions.sendAgain(row, LATER),
				transitions.end(row, OutboxState.EXPIRED, LATER, true), transitions.cancel(id, LATER, true),
				transitions.reschedule(id, LATER), transitions.postpone(row, LATER, "problem"), transitions.told(row),
				Dialect.MYSQL.lock(id), TaskSql.move(id, LATER), TaskSql.forget(id));
	}

	private static List<String> locks(Connection connection, Sql change, JdbcClient others) throws SQLException {
		NamedParameterJdbcTemplate database = new NamedParameterJdbcTemplate(
				new SingleConnectionDataSource(connection, true));
		Map<String, Object> values = change.values(Dialect.MYSQL);
		values.replaceAll((name, value) -> (value instanceof Sql.Null) ? null : value);
		database.execute(change.text(), values, (statement) -> statement.execute());
		Long thread = database.getJdbcTemplate().queryForObject("select connection_id()", Long.class);
		String status = others.sql("show engine innodb status")
			.query((row, number) -> row.getString("Status"))
			.single();
		connection.rollback();
		return Arrays.stream(status.split("(?m)^---TRANSACTION "))
			.filter((transaction) -> transaction.contains("MariaDB thread id " + thread + ","))
			.flatMap(String::lines)
			.filter((line) -> line.startsWith("RECORD LOCKS"))
			.toList();
	}

}
