package io.github.twiliospring.messaging.outbox;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * A statement and its parameters, for JDBC and R2DBC alike.
 */
final class Sql {

	private final String text;

	private final Map<String, Object> values = new LinkedHashMap<>();

	private Sql(String text) {
		this.text = text;
	}

	/**
	 * A statement.
	 * @param text with parameters as in {@code :name}
	 */
	static Sql of(String text) {
		return new Sql(text);
	}

	Sql with(String name, Object value) {
		this.values.put(name, value);
		return this;
	}

	<T> Sql withNullable(String name, Class<T> type, @Nullable T value) {
		return with(name, (value != null) ? value : new Null(type));
	}

	Sql withNullable(String name, @Nullable Instant value) {
		return (value != null) ? with(name, value) : with(name, new Null(Instant.class));
	}

	String text() {
		return this.text;
	}

	/**
	 * The parameters, a missing one as {@link Null}.
	 * @param dialect says what form times have
	 */
	Map<String, Object> values(Dialect dialect) {
		Map<String, Object> formed = new LinkedHashMap<>(this.values);
		formed.replaceAll((name, value) -> formed(value, dialect));
		return formed;
	}

	private static Object formed(Object value, Dialect dialect) {
		if (value instanceof Instant time) {
			return dialect.time(time);
		}
		return (value instanceof Null none && none.type() == Instant.class) ? new Null(dialect.timeType()) : value;
	}

	/**
	 * Shows no value: a number or a text may be among them.
	 */
	@Override
	public String toString() {
		return this.text;
	}

	/**
	 * No value.
	 *
	 * @param type what it would be, which R2DBC wants to know
	 */
	record Null(Class<?> type) {

	}

}
