package io.github.twiliospring.messaging.autoconfigure;

import io.github.twiliospring.messaging.outbox.JdbcMessagingOutbox;
import io.github.twiliospring.messaging.outbox.OutboxMetrics;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Auto-configuration of what an operator sees of the outbox.
 */
@AutoConfiguration(after = { TwilioOutboxAutoConfiguration.class, TwilioWebhookAutoConfiguration.class },
		beforeName = "org.springframework.boot.health.autoconfigure.registry.HealthContributorRegistryAutoConfiguration")
@ConditionalOnClass(JdbcMessagingOutbox.class)
@ConditionalOnBean(JdbcMessagingOutbox.class)
public final class TwilioOutboxOperationsAutoConfiguration {

	private static final Log logger = LogFactory.getLog(TwilioOutboxOperationsAutoConfiguration.class);

	TwilioOutboxOperationsAutoConfiguration() {
	}

	@Bean
	@ConditionalOnMissingBean
	OutboxMetrics twilioOutboxMetrics(JdbcMessagingOutbox outbox) {
		return new OutboxMetrics(outbox.monitor());
	}

	// What nobody tells us is worth a line.
	@Bean
	ApplicationListener<ApplicationReadyEvent> twilioOutboxAddressNote(ObjectProvider<StatusCallbackAddress> address) {
		return new ApplicationListener<>() {

			@Override
			public void onApplicationEvent(ApplicationReadyEvent event) {
				StatusCallbackAddress known = address.getIfAvailable();
				if (known == null || known.url() == null) {
					logger.info("The outbox gets no status updates, since twilio.messaging.webhook.public-url isn't set"
							+ " or there's no webhook: a message whose answer is lost is settled only by looking for it"
							+ " (reconcile), and what isn't found waits for a person in unresolved()");
				}
			}

		};
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class })
	@ConditionalOnEnabledHealthIndicator("twiliooutbox")
	@EnableConfigurationProperties(TwilioOutboxHealthProperties.class)
	static class HealthConfiguration {

		@Bean
		@ConditionalOnMissingBean(name = "twilioOutboxHealthIndicator")
		TwilioOutboxHealthIndicator twilioOutboxHealthIndicator(JdbcMessagingOutbox outbox,
				TwilioOutboxHealthProperties properties) {
			if (properties.maxLag().isNegative() || properties.maxLag().isZero()) {
				throw new InvalidTwilioConfigurationException(
						"The property 'management.health.twiliooutbox.max-lag' is %s.".formatted(properties.maxLag()),
						"Set it to more than nothing.");
			}
			return new TwilioOutboxHealthIndicator(outbox, properties.maxLag());
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(ConditionalOnAvailableEndpoint.class)
	@ConditionalOnAvailableEndpoint(TwilioOutboxEndpoint.class)
	static class EndpointConfiguration {

		@Bean
		@ConditionalOnMissingBean
		TwilioOutboxEndpoint twilioOutboxEndpoint(JdbcMessagingOutbox outbox) {
			return new TwilioOutboxEndpoint(outbox, outbox.monitor());
		}

	}

}
