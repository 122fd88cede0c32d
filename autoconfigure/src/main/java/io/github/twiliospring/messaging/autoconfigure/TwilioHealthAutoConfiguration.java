package io.github.twiliospring.messaging.autoconfigure;

import io.github.twiliospring.messaging.MessagingTemplate;
import io.github.twiliospring.messaging.message.MessageQuery;
import reactor.core.publisher.Mono;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.ReactiveHealthIndicator;
import org.springframework.context.annotation.Bean;

/**
 * Auto-configuration of the API's health.
 */
@AutoConfiguration(after = TwilioMessagingAutoConfiguration.class,
		beforeName = "org.springframework.boot.health.autoconfigure.registry.HealthContributorRegistryAutoConfiguration")
@ConditionalOnClass({ ReactiveHealthIndicator.class, ConditionalOnEnabledHealthIndicator.class })
@ConditionalOnBean(MessagingTemplate.class)
@ConditionalOnEnabledHealthIndicator("twilio")
@EnableConfigurationProperties(TwilioHealthProperties.class)
public final class TwilioHealthAutoConfiguration {

	TwilioHealthAutoConfiguration() {
	}

	@Bean
	ApiHealth twilioApiHealth(TwilioConnectionDetails connectionDetails) {
		return new ApiHealth(connectionDetails::getAccountSid);
	}

	@Bean
	@ConditionalOnMissingBean(name = "twilioHealthIndicator")
	TwilioHealthIndicator twilioHealthIndicator(ApiHealth api, TwilioHealthProperties properties,
			ObjectProvider<MessagingTemplate> template) {
		if (properties.interval().toMillis() < 1) {
			throw new InvalidTwilioConfigurationException(
					"The property 'management.health.twilio.interval' is %s.".formatted(properties.interval()),
					"Set it to 1ms or more.");
		}
		MessagingTemplate messaging = template.getIfUnique();
		return new TwilioHealthIndicator(api, (properties.active() && messaging != null)
				? Mono.defer(() -> messaging.list(MessageQuery.query().pageSize(1)).next().then()) : Mono.empty(),
				properties.interval());
	}

}
