package io.github.twiliospring.messaging.autoconfigure;

import javax.sql.DataSource;

import io.github.twiliospring.messaging.MessagingOperations;
import io.github.twiliospring.messaging.outbox.JdbcMessagingOutbox;
import io.github.twiliospring.messaging.outbox.JdbcMessagingOutboxBuilder;
import io.github.twiliospring.messaging.outbox.MessagingOutbox;
import io.github.twiliospring.messaging.outbox.OutboxUpdateEventPublisher;
import io.r2dbc.spi.ConnectionFactory;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.AnyNestedCondition;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.jdbc.init.DataSourceScriptDatabaseInitializer;
import org.springframework.boot.jdbc.init.PropertiesBasedDataSourceScriptDatabaseInitializer;
import org.springframework.boot.sql.autoconfigure.init.OnDatabaseInitializationCondition;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.ImportRuntimeHints;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.ReactiveTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.util.StringUtils;

/**
 * Auto-configuration of the {@link MessagingOutbox}. None of db-scheduler's types is a
 * bean, so that an application that uses it for itself goes on undisturbed.
 */
@AutoConfiguration(after = TwilioMessagingAutoConfiguration.class,
		afterName = { "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration",
				"org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration",
				"org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration",
				"org.springframework.boot.r2dbc.autoconfigure.R2dbcAutoConfiguration",
				"org.springframework.boot.r2dbc.autoconfigure.R2dbcTransactionManagerAutoConfiguration",
				"org.springframework.boot.transaction.jta.autoconfigure.JtaAutoConfiguration" })
@ConditionalOnBooleanProperty(name = "twilio.messaging.outbox.enabled", matchIfMissing = true)
@ConditionalOnClass({ JdbcMessagingOutbox.class, DataSourceScriptDatabaseInitializer.class })
@Conditional(TwilioOutboxAutoConfiguration.OnDatabase.class)
@EnableConfigurationProperties({ TwilioOutboxProperties.class, TwilioOutboxJdbcProperties.class })
public final class TwilioOutboxAutoConfiguration {

	static final String BEAN_NAME = "messagingOutbox";

	TwilioOutboxAutoConfiguration() {
	}

	@Bean(BEAN_NAME)
	@DependsOnDatabaseInitialization
	@ConditionalOnMissingBean(MessagingOutbox.class)
	@ConditionalOnSingleCandidate(MessagingOperations.class)
	JdbcMessagingOutbox messagingOutbox(MessagingOperations messaging, TwilioOutboxProperties properties,
			OutboxDatabase database, TwilioConnectionDetails connectionDetails,
			ObjectProvider<OutboxBuilderCustomizer> customizers, ConfigurableListableBeanFactory beanFactory) {
		TwilioOutboxProperties.Relay relay = properties.relay();
		JdbcMessagingOutboxBuilder builder = builder(database.dataSource(), database.transactionManager(), messaging);
		customizers.orderedStream().forEach((customizer) -> customizer.customize(builder));
		try {
			return builder.beanFactory(beanFactory)
				.clock(connectionDetails.getClock())
				.onUnresolved(properties.onUnresolved())
				.giveUpAfter(properties.giveUpAfter())
				.unresolvedAfter(properties.unresolvedAfter())
				.retention(properties.retention())
				.keepContent(properties.keepContent())
				.pauses(properties.pause().first(), properties.pause().longest())
				.handlerLimit(properties.handlerLimit())
				.inFlight(relay.inFlight())
				.pollInterval(relay.pollInterval())
				.heartbeat(relay.heartbeat())
				.shutdownTimeout(relay.shutdownTimeout())
				.build();
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidTwilioConfigurationException(ex.getMessage() + ".",
					"Correct the property below 'twilio.messaging.outbox'.");
		}
		catch (IllegalStateException ex) {
			throw new InvalidTwilioConfigurationException(ex.getMessage() + ".",
					"Set 'twilio.messaging.outbox.relay.shutdown-timeout' to more than 'twilio.messaging.client.deadline',"
							+ " and 'spring.lifecycle.timeout-per-shutdown-phase' to more than both.");
		}
	}

	private static JdbcMessagingOutboxBuilder builder(DataSource dataSource,
			PlatformTransactionManager transactionManager, MessagingOperations messaging) {
		try {
			return JdbcMessagingOutbox.builder(dataSource, transactionManager, messaging);
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidTwilioConfigurationException(ex
				.getMessage() + ".", "Set 'twilio.messaging.outbox.jdbc.data-source' and"
						+ " 'twilio.messaging.outbox.jdbc.transaction-manager' to the names of two that belong together.");
		}
	}

	@Bean
	@ConditionalOnMissingBean(name = "twilioOutboxDatabaseInitializer")
	@Conditional(OnOutboxInitialization.class)
	DataSourceScriptDatabaseInitializer twilioOutboxDatabaseInitializer(TwilioOutboxJdbcProperties jdbc,
			OutboxDatabase database) {
		return new PropertiesBasedDataSourceScriptDatabaseInitializer<>(database.dataSource(), jdbc) {

			@Override
			public boolean initializeDatabase() {
				try {
					return super.initializeDatabase();
				}
				// What a script fails with is another exception.
				catch (IllegalStateException ex) {
					throw new InvalidTwilioConfigurationException(
							"The outbox's tables can't be made: %s."
								.formatted(StringUtils.uncapitalize(String.valueOf(ex.getMessage()))),
							"Set 'twilio.messaging.outbox.jdbc.platform' to h2, mariadb, mysql, postgresql or sqlserver, or"
									+ " 'twilio.messaging.outbox.jdbc.schema' to a file of your own.");
				}
			}

		};
	}

	// Listeners that are bound to a transaction, and the event publication registry, take
	// part in the one that publishes.
	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnBooleanProperty("twilio.messaging.outbox.events")
	OutboxUpdateEventPublisher outboxUpdateEventPublisher(ApplicationEventPublisher events, OutboxDatabase database) {
		TransactionTemplate transaction = new TransactionTemplate(database.transactionManager());
		return new OutboxUpdateEventPublisher(events,
				(work) -> transaction.executeWithoutResult((status) -> work.run()));
	}

	// First, since the other one asks whether there's a database.
	@Order(1)
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnBean({ DataSource.class, PlatformTransactionManager.class })
	static class BlockingConfiguration {

		@Bean
		OutboxDatabase twilioOutboxDatabase(ListableBeanFactory beanFactory, TwilioOutboxJdbcProperties properties) {
			return new OutboxDatabase(beanFactory, properties);
		}

	}

	@Order(2)
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ ConnectionFactory.class, DatabaseClient.class })
	@ConditionalOnBean(ConnectionFactory.class)
	@ImportRuntimeHints(ReactiveOutboxDatabase.Hints.class)
	static class ReactiveConfiguration {

		@Bean
		@ConditionalOnMissingBean(OutboxDatabase.class)
		ReactiveOutboxDatabase twilioReactiveOutboxDatabase(ListableBeanFactory beanFactory,
				TwilioOutboxJdbcProperties properties, ObjectProvider<ConnectionFactory> connections,
				Environment environment) {
			return new ReactiveOutboxDatabase(beanFactory, properties, connections, environment);
		}

		@Bean
		@ConditionalOnSingleCandidate(ConnectionFactory.class)
		@ConditionalOnBean(ReactiveTransactionManager.class)
		OutboxBuilderCustomizer twilioReactiveOutboxCustomizer(ConnectionFactory connections,
				ObjectProvider<ReactiveTransactionManager> transactionManager) {
			return (builder) -> transactionManager.ifUnique((unique) -> builder.reactive(connections, unique));
		}

	}

	/**
	 * Adds to an outbox that is built.
	 */
	interface OutboxBuilderCustomizer {

		void customize(JdbcMessagingOutboxBuilder builder);

	}

	/**
	 * Whether there's a database, blocking or reactive.
	 */
	static class OnDatabase extends AnyNestedCondition {

		OnDatabase() {
			super(ConfigurationPhase.REGISTER_BEAN);
		}

		@ConditionalOnBean({ DataSource.class, PlatformTransactionManager.class })
		static class Blocking {

		}

		@ConditionalOnBean(type = "io.r2dbc.spi.ConnectionFactory")
		static class Reactive {

		}

	}

	/**
	 * Whether the tables are made at startup.
	 */
	static class OnOutboxInitialization extends OnDatabaseInitializationCondition {

		OnOutboxInitialization() {
			super("Twilio outbox", "twilio.messaging.outbox.jdbc.initialize-schema");
		}

	}

}
