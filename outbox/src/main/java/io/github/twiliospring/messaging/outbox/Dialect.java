package io.github.twiliospring.messaging.outbox;

import java.sql.DatabaseMetaData;

import javax.sql.DataSource;

import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.jdbc.support.JdbcUtils;
import org.springframework.jdbc.support.MetaDataAccessException;

/**
 * What databases do in ways of their own.
 */
enum Dialect {

	/** A duplicate key ends the caller's transaction there, and rows can be skipped. */
	POSTGRESQL,

	/** H2, and what nobody knows. */
	OTHER;

	/**
	 * The dialect of a product.
	 * @param product its name, which drivers of both kinds tell
	 */
	static Dialect of(String product) {
		return "PostgreSQL".equals(product) ? POSTGRESQL : OTHER;
	}

	/**
	 * Asks the database.
	 * @param dataSource the database
	 */
	static Dialect of(DataSource dataSource) {
		try {
			return of(JdbcUtils.extractDatabaseMetaData(dataSource, DatabaseMetaData::getDatabaseProductName));
		}
		catch (MetaDataAccessException ex) {
			throw new DataAccessResourceFailureException("The outbox can't find out which database it's in", ex);
		}
	}

}
