package io.github.twiliospring.messaging.autoconfigure;

import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.ConnectionFactoryOptions;
import io.r2dbc.spi.Option;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.r2dbc.OptionsCapableConnectionFactory;
import org.springframework.util.ClassUtils;

/**
 * Where JDBC finds the H2 database, in memory or in a file, that R2DBC has in this very
 * process.
 *
 * @param url the URL of JDBC
 * @param username whose database it is, {@code null} for nobody's
 * @param password its password, or {@code null}
 */
record H2Address(String url, @Nullable String username, @Nullable String password) {

	private static final boolean BOOT_PRESENT = ClassUtils
		.isPresent("org.springframework.boot.r2dbc.OptionsCapableConnectionFactory", H2Address.class.getClassLoader());

	private static final Option<String> SETTINGS = Option.valueOf("options");

	/**
	 * Reads where a database is.
	 * @param connections the application's
	 * @return the same for JDBC, or {@code null} where it's no H2 of this process, or
	 * Boot doesn't know it
	 */
	static @Nullable H2Address of(ConnectionFactory connections) {
		OptionsCapableConnectionFactory known = BOOT_PRESENT ? OptionsCapableConnectionFactory.unwrapFrom(connections)
				: null;
		return (known != null) ? of(known.getOptions()) : null;
	}

	private static @Nullable H2Address of(ConnectionFactoryOptions options) {
		// With pool as the driver, that of the database is the protocol's first part.
		String driver = text(options, ConnectionFactoryOptions.DRIVER);
		String protocol = text(options, ConnectionFactoryOptions.PROTOCOL);
		String place = "pool".equals(driver) ? protocol : driver + ":" + protocol;
		if (!"h2:mem".equals(place) && !"h2:file".equals(place)) {
			return null;
		}
		String settings = text(options, SETTINGS);
		return new H2Address(
				"jdbc:" + place + ":" + text(options, ConnectionFactoryOptions.DATABASE)
						+ ((settings != null) ? ";" + settings : ""),
				text(options, ConnectionFactoryOptions.USER), text(options, ConnectionFactoryOptions.PASSWORD));
	}

	private static @Nullable String text(ConnectionFactoryOptions options, Option<?> option) {
		Object value = options.getValue(option);
		return (value != null) ? value.toString() : null;
	}

	// The password is nobody's business.
	@Override
	public String toString() {
		return "H2Address";
	}

}
