package io.github.twiliospring.messaging.autoconfigure;

import java.time.Duration;
import java.util.function.Consumer;

import io.github.twiliospring.messaging.MessagingOperations;
import io.github.twiliospring.messaging.webhook.StatusUpdateDispatcher;
import io.github.twiliospring.messaging.webhook.StatusUpdateEventPublisher;
import io.github.twiliospring.messaging.webhook.sweep.MessageReferences;
import io.github.twiliospring.messaging.webhook.sweep.StatusSweep;
import reactor.core.publisher.Mono;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * What brings status updates to handlers beside the provider's own calls.
 */
@Configuration(proxyBeanMethods = false)
class WebhookFollowUpConfiguration {

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnSingleCandidate(MessagingOperations.class)
	StatusSweep statusSweep(MessagingOperations messaging, StatusUpdateDispatcher dispatcher,
			ObjectProvider<MessageReferences> references) {
		return new StatusSweep(messaging, dispatcher, references.getIfAvailable(() -> (message) -> Mono.empty()));
	}

	@Bean
	@ConditionalOnMissingBean(name = "statusSweepSchedule")
	@ConditionalOnBean(StatusSweep.class)
	@ConditionalOnProperty("twilio.messaging.webhook.sweep.interval")
	SmartLifecycle statusSweepSchedule(StatusSweep sweep, TwilioWebhookProperties properties,
			TwilioConnectionDetails connectionDetails) {
		Duration interval = properties.sweep().interval();
		if (interval == null || interval.toMillis() < 1) {
			throw new InvalidTwilioConfigurationException("The pause between two sweeps has to be longer than nothing.",
					"Set 'twilio.messaging.webhook.sweep.interval' to a duration such as 15m, or remove it.");
		}
		return sweep.every(interval, properties.sweep().window(), connectionDetails.getClock());
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnBooleanProperty("twilio.messaging.webhook.events")
	static class EventConfiguration {

		@Bean
		@ConditionalOnMissingBean
		StatusUpdateEventPublisher statusUpdateEventPublisher(ApplicationEventPublisher events,
				ObjectProvider<EventTransaction> transaction) {
			return new StatusUpdateEventPublisher(events, transaction.getIfAvailable(() -> Runnable::run));
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnBooleanProperty("twilio.messaging.webhook.events")
	@ConditionalOnClass(PlatformTransactionManager.class)
	static class EventTransactionConfiguration {

		// Listeners that are bound to a transaction, and the event publication registry,
		// take part in the one that publishes.
		@Bean
		EventTransaction statusUpdateEventTransaction(ObjectProvider<PlatformTransactionManager> manager) {
			PlatformTransactionManager unique = manager.getIfUnique();
			return (unique != null)
					? (work) -> new TransactionTemplate(unique).executeWithoutResult((status) -> work.run())
					: Runnable::run;
		}

	}

	/**
	 * Runs the publishing of an event.
	 */
	@FunctionalInterface
	interface EventTransaction extends Consumer<Runnable> {

	}

}
