package io.github.twiliospring.messaging.autoconfigure;

import io.github.twiliospring.messaging.webhook.Webhooks;

import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * What an operator sees.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(ConditionalOnAvailableEndpoint.class)
@ConditionalOnAvailableEndpoint(TwilioHandlersEndpoint.class)
class WebhookEndpointConfiguration {

	@Bean
	@ConditionalOnMissingBean
	TwilioHandlersEndpoint twilioHandlersEndpoint(Webhooks webhooks, StatusCallbackAddress address) {
		return new TwilioHandlersEndpoint(webhooks, address);
	}

}
