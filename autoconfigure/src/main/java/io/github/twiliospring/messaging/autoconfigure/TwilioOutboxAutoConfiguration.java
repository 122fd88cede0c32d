package io.github.twiliospring.messaging.autoconfigure;

import java.util.Map;
import java.util.TreeSet;

import javax.sql.DataSource;

import io.github.twiliospring.messaging.MessagingOperations;
import io.github.twiliospring.messaging.outbox.JdbcMessagingOutbox;
import io.github.twiliospring.messaging.outbox.MessagingOutbox;
import io.github.twiliospring.messaging.outbox.OutboxUpdateEventPublisher;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
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
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Auto-configuration of the {@link MessagingOutbox}. None of db-scheduler's types is a
 * bean, so that an application that uses it for itself goes on undisturbed.
 */
@AutoConfiguration(after = TwilioMessagingAutoConfiguration.class,
		afterName = { "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration",
				"org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration",
				"org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration",
				"org.springframework.boot.transaction.jta.autoconfigure.JtaAutoConfiguration" })
@ConditionalOnBooleanProperty(name = "twilio.messaging.outbox.enabled", matchIfMissing = true)
@ConditionalOnClass({ JdbcMessagingOutbox.class, DataSourceScriptDatabaseInitializer.class })
@ConditionalOnBean({ DataSource.class, PlatformTransactionManager.class })
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
			TwilioOutboxJdbcProperties jdbc, TwilioConnectionDetails connectionDetails,
			ConfigurableListableBeanFactory beanFactory) {
		TwilioOutboxProperties.Relay relay = properties.relay();
		DataSource dataSource = choose(beanFactory, DataSource.class, "data-source", jdbc.getDataSource());
		PlatformTransactionManager transactionManager = choose(beanFactory, PlatformTransactionManager.class,
				"transaction-manager", jdbc.getTransactionManager());
		try {
			return JdbcMessagingOutbox.builder(dataSource, transactionManager, messaging)
				.beanFactory(beanFactory)
				.clock(connectionDetails.getClock())
				.onUnresolved(properties.onUnresolved())
				.giveUpAfter(properties.giveUpAfter())
				.unresolvedAfter(properties.unresolvedAfter())
				.retention(properties.retention())
				.keepContent(properties.keepContent())
				.pauses(properties.pause().first(), properties.pause().longest())
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
	}

	@Bean
	@ConditionalOnMissingBean(name = "twilioOutboxDatabaseInitializer")
	@Conditional(OnOutboxInitialization.class)
	DataSourceScriptDatabaseInitializer twilioOutboxDatabaseInitializer(TwilioOutboxJdbcProperties jdbc,
			ListableBeanFactory beanFactory) {
		return new PropertiesBasedDataSourceScriptDatabaseInitializer<>(
				choose(beanFactory, DataSource.class, "data-source", jdbc.getDataSource()), jdbc);
	}

	// Listeners that are bound to a transaction, and the event publication registry, take
	// part in the one that publishes.
	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnBooleanProperty("twilio.messaging.outbox.events")
	OutboxUpdateEventPublisher outboxUpdateEventPublisher(ApplicationEventPublisher events,
			TwilioOutboxJdbcProperties jdbc, ListableBeanFactory beanFactory) {
		TransactionTemplate transaction = new TransactionTemplate(choose(beanFactory, PlatformTransactionManager.class,
				"transaction-manager", jdbc.getTransactionManager()));
		return new OutboxUpdateEventPublisher(events,
				(work) -> transaction.executeWithoutResult((status) -> work.run()));
	}

	private static <T> T choose(ListableBeanFactory beanFactory, Class<T> type, String property,
			@Nullable String name) {
		if (name != null) {
			return beanFactory.getBean(name, type);
		}
		T unique = beanFactory.getBeanProvider(type).getIfUnique();
		if (unique == null) {
			Map<String, T> all = beanFactory.getBeansOfType(type);
			throw new InvalidTwilioConfigurationException(
					"The outbox could be in each of several beans of type %s: %s.".formatted(type.getSimpleName(),
							String.join(", ", new TreeSet<>(all.keySet()))),
					"Set 'twilio.messaging.outbox.jdbc.%s' to the name of one, or make one primary."
						.formatted(property));
		}
		return unique;
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
