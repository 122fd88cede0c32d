package io.github.twiliospring.messaging.autoconfigure;

import java.util.List;
import java.util.TreeSet;

import javax.sql.DataSource;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.transaction.PlatformTransactionManager;

/**
 * The database that the outbox is in: beans of the application.
 */
class OutboxDatabase {

	private static final String PREFIX = "twilio.messaging.outbox.jdbc.";

	private final ListableBeanFactory beanFactory;

	private final TwilioOutboxJdbcProperties properties;

	/**
	 * Chooses among the application's beans.
	 * @param beanFactory where they are
	 * @param properties which of them
	 */
	OutboxDatabase(ListableBeanFactory beanFactory, TwilioOutboxJdbcProperties properties) {
		this.beanFactory = beanFactory;
		this.properties = properties;
	}

	/**
	 * The database.
	 * @throws InvalidTwilioConfigurationException if it can't be said which
	 */
	DataSource dataSource() {
		return choose(DataSource.class, "data-source", this.properties.getDataSource());
	}

	/**
	 * Its transactions.
	 * @throws InvalidTwilioConfigurationException if it can't be said which
	 */
	PlatformTransactionManager transactionManager() {
		return choose(PlatformTransactionManager.class, "transaction-manager", this.properties.getTransactionManager());
	}

	boolean hasBean(Class<?> type) {
		return BeanFactoryUtils.beanNamesForTypeIncludingAncestors(this.beanFactory, type, true, false).length > 0;
	}

	private <T> T choose(Class<T> type, String property, @Nullable String name) {
		String names = String.join(", ",
				new TreeSet<>(List.of(BeanFactoryUtils.beanNamesForTypeIncludingAncestors(this.beanFactory, type))));
		if (name != null) {
			if (!this.beanFactory.containsBean(name) || !this.beanFactory.isTypeMatch(name, type)) {
				throw new InvalidTwilioConfigurationException(
						"There's no bean of type %s with the name '%s', as '%s%s' says. There are: %s."
							.formatted(type.getSimpleName(), name, PREFIX, property, names),
						"Set '%s%s' to one of these names.".formatted(PREFIX, property));
			}
			return this.beanFactory.getBean(name, type);
		}
		T unique = this.beanFactory.getBeanProvider(type).getIfUnique();
		if (unique == null) {
			throw new InvalidTwilioConfigurationException("The outbox could be in each of several beans of type %s: %s."
				.formatted(type.getSimpleName(), names),
					"Set '%s%s' to the name of one, or make one primary.".formatted(PREFIX, property));
		}
		return unique;
	}

}
