package io.github.twiliospring.messaging.outbox;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * An entry's row in MariaDB that a transaction of the test has locked: whoever changes it
 * waits in the middle of the statement.
 */
final class RowHold implements AutoCloseable {

	// MariaDB finds out who waits only if nobody has asked for a tenth of a second: who
	// asks more often hears the same for ever.
	private static final Duration BETWEEN_QUESTIONS = Duration.ofMillis(300);

	private final Connection connection;

	private final JdbcClient database;

	RowHold(String url) throws SQLException {
		this.connection = DriverManager.getConnection(url);
		this.connection.setAutoCommit(false);
		this.database = JdbcClient.create(new SingleConnectionDataSource(this.connection, true));
	}

	/**
	 * Locks it.
	 * @param key the entry's key, which is there
	 */
	void lock(String key) {
		String id = this.database.sql("select id from twilio_outbox where message_key = :key")
			.param("key", key)
			.query(String.class)
			.single();
		// By the primary key no gap is locked.
		assertThat(this.database.sql("select id from twilio_outbox where id = :id for update")
			.param("id", id)
			.query(String.class)
			.list()).hasSize(1);
	}

	/**
	 * Waits until a statement waits for it.
	 */
	void awaitHeld() {
		await().pollInterval(BETWEEN_QUESTIONS).atMost(TestOutbox.TIMEOUT).until(() -> !held().isEmpty());
	}

	// The connections that wait.
	private List<Long> held() {
		return this.database.sql("""
				select waiting.trx_mysql_thread_id from information_schema.innodb_lock_waits waits
				 join information_schema.innodb_trx waiting on waiting.trx_id = waits.requesting_trx_id
				 join information_schema.innodb_trx holding on holding.trx_id = waits.blocking_trx_id
				 where holding.trx_mysql_thread_id = connection_id()""").query(Long.class).list();
	}

	/**
	 * Undoes what waits, and lets go of the row.
	 */
	void abort() throws SQLException {
		for (long thread : held()) {
			this.database.sql("kill connection " + thread).update();
		}
		await().pollInterval(BETWEEN_QUESTIONS).atMost(TestOutbox.TIMEOUT).until(() -> held().isEmpty());
		release();
	}

	/**
	 * Lets go of the row, so that what waits goes on.
	 */
	void release() throws SQLException {
		this.connection.rollback();
	}

	@Override
	public void close() throws SQLException {
		this.connection.close();
	}

}
