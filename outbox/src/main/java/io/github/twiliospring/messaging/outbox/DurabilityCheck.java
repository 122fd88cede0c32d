package io.github.twiliospring.messaging.outbox;

import java.util.Set;
import java.util.function.Supplier;

import javax.sql.DataSource;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Says once where the database is set to tell of a commit before it has written it down,
 * and nobody else can make it: what it forgets, should it die, is sent again. PostgreSQL
 * can be made to for a single transaction, which is what a claim does.
 */
final class DurabilityCheck implements Runnable {

	private static final Log logger = LogFactory.getLog(DurabilityCheck.class);

	private final JdbcTemplate jdbc;

	private final Supplier<Dialect> dialect;

	private boolean done;

	/**
	 * Makes it.
	 * @param dataSource the database
	 * @param dialect the database's, asked for when it's checked
	 */
	DurabilityCheck(DataSource dataSource, Supplier<Dialect> dialect) {
		this.jdbc = new JdbcTemplate(dataSource);
		this.dialect = dialect;
	}

	@Override
	public void run() {
		if (this.done) {
			return;
		}
		this.done = true;
		String setting = setting();
		if (!setting.isEmpty()) {
			logger.warn("The outbox's database tells of a commit before it's on the disk (" + setting
					+ "): where it or its"
					+ " machine dies, entries of the last moments are lost, and what was sent then is sent again");
		}
	}

	private String setting() {
		return switch (this.dialect.get()) {
			case MYSQL -> problem("select @@innodb_flush_log_at_trx_commit", Set.of("1", "3"),
					"innodb_flush_log_at_trx_commit isn't 1, but ");
			// In memory there's no such setting.
			case OTHER ->
				problem("select setting_value from information_schema.settings where setting_name = 'WRITE_DELAY'",
						Set.of("0"), "H2's WRITE_DELAY isn't 0, but ");
			default -> "";
		};
	}

	// Whom nobody may ask, or who is another database, isn't said to be wrong.
	private String problem(String query, Set<String> right, String otherwise) {
		try {
			return this.jdbc.queryForList(query, String.class)
				.stream()
				.filter((value) -> !right.contains(value))
				.findFirst()
				.map(otherwise::concat)
				.orElse("");
		}
		catch (DataAccessException ex) {
			logger.debug("The database doesn't tell how durable its commits are: " + ex.getClass().getName());
			return "";
		}
	}

}
