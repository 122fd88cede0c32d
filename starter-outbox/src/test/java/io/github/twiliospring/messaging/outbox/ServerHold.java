package io.github.twiliospring.messaging.outbox;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

import static org.awaitility.Awaitility.await;

/**
 * Changes of rows that PostgreSQL keeps waiting, until the test lets them go: in their
 * statement, or in the commit after it. Has to be made before anything is held.
 */
final class ServerHold implements AutoCloseable {

	private static final AtomicInteger NUMBERS = new AtomicInteger();

	private final int number;

	private final Connection connection;

	private final JdbcClient database;

	private ServerHold(String url, String change, String condition, String when) throws SQLException {
		this.number = NUMBERS.incrementAndGet();
		this.connection = DriverManager.getConnection(url);
		this.database = JdbcClient.create(new SingleConnectionDataSource(this.connection, true));
		this.database.sql("select pg_advisory_lock(:number)").param("number", this.number).query((row) -> {
		});
		this.database.sql("""
				create function hold_%1$d() returns trigger language plpgsql as $$
				begin
				  perform pg_advisory_lock_shared(%1$d);
				  perform pg_advisory_unlock_shared(%1$d);
				  return null;
				end $$""".formatted(this.number)).update();
		this.database.sql("""
				create constraint trigger hold_%1$d after %2$s deferrable initially %4$s for each row
				 when (%3$s) execute function hold_%1$d()""".formatted(this.number, change, condition, when)).update();
	}

	/**
	 * Holds the statement.
	 * @param url the database
	 * @param change such as {@code update on twilio_outbox}
	 * @param condition which rows
	 */
	static ServerHold ofStatement(String url, String change, String condition) throws SQLException {
		return new ServerHold(url, change, condition, "immediate");
	}

	/**
	 * Holds the commit.
	 * @param url the database
	 * @param change such as {@code update on twilio_outbox}
	 * @param condition which rows
	 */
	static ServerHold ofCommit(String url, String change, String condition) throws SQLException {
		return new ServerHold(url, change, condition, "deferred");
	}

	/**
	 * Waits until something is held.
	 */
	ServerHold awaitHeld() {
		await().atMost(TestOutbox.TIMEOUT)
			.until(() -> this.database
				.sql("select count(*) from pg_locks where locktype = 'advisory' and objid = :number and not granted")
				.param("number", this.number)
				.query(Integer.class)
				.single() > 0);
		return this;
	}

	/**
	 * Lets go of what is held, and holds nothing more.
	 */
	void release() {
		this.database.sql("select pg_advisory_unlock_all()").query((row) -> {
		});
	}

	@Override
	public void close() throws SQLException {
		this.connection.close();
	}

}
