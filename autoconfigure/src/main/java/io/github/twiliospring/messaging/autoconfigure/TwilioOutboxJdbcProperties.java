package io.github.twiliospring.messaging.autoconfigure;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.jdbc.init.DatabaseInitializationProperties;

/**
 * The outbox's place in the database.
 */
@ConfigurationProperties("twilio.messaging.outbox.jdbc")
public class TwilioOutboxJdbcProperties extends DatabaseInitializationProperties {

	private static final String DEFAULT_SCHEMA_LOCATION = "classpath:io/github/twiliospring/messaging/outbox/"
			+ "schema-@@platform@@.sql";

	/**
	 * Name of the DataSource bean that holds the outbox. Needed where there are several
	 * and none is primary.
	 */
	private @Nullable String dataSource;

	/**
	 * Name of the PlatformTransactionManager bean whose transactions entries are written
	 * in. Needed where there are several and none is primary.
	 */
	private @Nullable String transactionManager;

	/**
	 * Made by Boot's binder.
	 */
	public TwilioOutboxJdbcProperties() {
	}

	@Override
	public String getDefaultSchemaLocation() {
		return DEFAULT_SCHEMA_LOCATION;
	}

	/**
	 * Which database holds the outbox.
	 * @return the name of a bean, or {@code null} for the only one
	 */
	public @Nullable String getDataSource() {
		return this.dataSource;
	}

	/**
	 * Chooses the database.
	 * @param dataSource the name of a bean
	 */
	public void setDataSource(@Nullable String dataSource) {
		this.dataSource = dataSource;
	}

	/**
	 * Whose transactions entries are written in.
	 * @return the name of a bean, or {@code null} for the only one
	 */
	public @Nullable String getTransactionManager() {
		return this.transactionManager;
	}

	/**
	 * Chooses the transactions.
	 * @param transactionManager the name of a bean
	 */
	public void setTransactionManager(@Nullable String transactionManager) {
		this.transactionManager = transactionManager;
	}

}
