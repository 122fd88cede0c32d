package io.github.twiliospring.messaging.outbox;

import java.sql.SQLException;

import org.jspecify.annotations.Nullable;

/**
 * A row as JDBC or R2DBC reads it.
 */
interface Columns {

	<T> @Nullable T get(String column, Class<T> type) throws SQLException;

}
