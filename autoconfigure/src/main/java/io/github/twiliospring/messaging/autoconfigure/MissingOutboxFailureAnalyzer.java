package io.github.twiliospring.messaging.autoconfigure;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;

/**
 * Says why there's no outbox, which is a bean only where all is there that it needs.
 * Boot's own says no more than that it's missing.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
class MissingOutboxFailureAnalyzer extends AbstractFailureAnalyzer<NoSuchBeanDefinitionException> {

	// Perhaps none of them can be loaded.
	private static final String OUTBOX = "io.github.twiliospring.messaging.outbox.MessagingOutbox";

	private static final String DATA_SOURCE = "javax.sql.DataSource";

	private static final String TRANSACTION_MANAGER = "org.springframework.transaction.PlatformTransactionManager";

	private final ListableBeanFactory beanFactory;

	private final Environment environment;

	MissingOutboxFailureAnalyzer(BeanFactory beanFactory, Environment environment) {
		this.beanFactory = (ListableBeanFactory) beanFactory;
		this.environment = environment;
	}

	@Override
	protected @Nullable FailureAnalysis analyze(Throwable rootFailure, NoSuchBeanDefinitionException cause) {
		Class<?> missing = cause.getBeanType();
		if (missing == null || !missing.getName().equals(OUTBOX) || cause.getNumberOfBeansFound() > 0) {
			return null;
		}
		if (!this.environment.getProperty("twilio.messaging.outbox.enabled", Boolean.class, true)) {
			return analysis("it's switched off", "Remove 'twilio.messaging.outbox.enabled=false'.", cause);
		}
		if (isMissing(DATA_SOURCE)) {
			return analysis("there's no bean of type DataSource",
					"Add the driver of a database, and set 'spring.datasource.url' to where it is.", cause);
		}
		if (isMissing(TRANSACTION_MANAGER)) {
			return analysis("there's no bean of type PlatformTransactionManager",
					"Define a transaction manager for the outbox's DataSource, such as a DataSourceTransactionManager."
							+ " Spring Boot does it where there's one DataSource, or a primary one.",
					cause);
		}
		return null;
	}

	// By name, since nothing is made in a context that has failed.
	private boolean isMissing(String type) {
		Class<?> found = ClassUtils.isPresent(type, null) ? ClassUtils.resolveClassName(type, null) : null;
		return found == null || BeanFactoryUtils.beanNamesForTypeIncludingAncestors(this.beanFactory, found, true,
				false).length == 0;
	}

	private static FailureAnalysis analysis(String reason, String action, Throwable cause) {
		return new FailureAnalysis("A MessagingOutbox is needed, and there's none: " + reason + ".", action, cause);
	}

}
