package io.github.twiliospring.messaging.outbox;

import java.util.UUID;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;

/**
 * The databases that the outbox can be in.
 */
enum TestDatabase {

	H2("h2") {

		@Override
		String create() {
			// By default, who waits for a row on a busy machine soon fails.
			return "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1;LOCK_TIMEOUT=30000";
		}

	},

	POSTGRESQL("postgresql") {

		@Override
		String create() {
			return TestPostgres.database();
		}

	},

	MARIADB("mariadb") {

		@Override
		String create() {
			return TestMariaDb.database();
		}

	};

	private final String platform;

	TestDatabase(String platform) {
		this.platform = platform;
	}

	/**
	 * Makes a database without tables.
	 * @return its URL
	 */
	abstract String create();

	/**
	 * What its schema file is called by.
	 */
	String platform() {
		return this.platform;
	}

	/**
	 * What the same database, not MariaDB, is called by R2DBC.
	 */
	static String reactive(String url) {
		if (url.startsWith("jdbc:h2:mem:")) {
			return "r2dbc:h2:mem:///" + url.substring("jdbc:h2:mem:".length()).replaceFirst(";", "?options=");
		}
		return url.replaceFirst("jdbc:postgresql://([^?]*)\\?user=postgres.*", "r2dbc:postgresql://postgres@$1");
	}

	static HikariDataSource pool(String url, boolean autoCommit) {
		HikariConfig pool = new HikariConfig();
		pool.setJdbcUrl(url);
		pool.setAutoCommit(autoCommit);
		return new HikariDataSource(pool);
	}

}
