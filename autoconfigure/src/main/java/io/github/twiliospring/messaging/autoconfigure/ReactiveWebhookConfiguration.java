package io.github.twiliospring.messaging.autoconfigure;

import io.github.twiliospring.messaging.webhook.ReactiveWebhooks;
import io.github.twiliospring.messaging.webhook.Webhooks;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication.Type;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.web.reactive.HandlerAdapter;
import org.springframework.web.reactive.result.method.annotation.RequestMappingHandlerAdapter;
import org.springframework.web.reactive.result.method.annotation.RequestMappingHandlerMapping;
import org.springframework.web.server.WebFilter;

/**
 * The webhook on WebFlux.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnWebApplication(type = Type.REACTIVE)
@ConditionalOnClass(WebFilter.class)
class ReactiveWebhookConfiguration {

	@Bean
	WebhookBasePath webhookBasePath(Environment environment) {
		return WebhookBasePath.of(environment.getProperty("spring.webflux.base-path"));
	}

	@Bean
	@ConditionalOnMissingBean(name = "webhookWebFilter")
	WebFilter webhookWebFilter(Webhooks webhooks, TwilioWebhookProperties properties) {
		return ReactiveWebhooks.filter(webhooks, order(properties));
	}

	@Bean
	@ConditionalOnMissingBean(name = "verifiedWebhookWebFilter")
	@ConditionalOnClass(RequestMappingHandlerMapping.class)
	WebFilter verifiedWebhookWebFilter(Webhooks webhooks, TwilioWebhookProperties properties,
			ObjectProvider<RequestMappingHandlerMapping> mappings) {
		return ReactiveWebhooks.verifyingFilter(webhooks, mappings::stream, order(properties) + 1);
	}

	@Bean
	@ConditionalOnClass(RequestMappingHandlerAdapter.class)
	HandlerAdapter verifiedWebhookHandlerAdapter(ObjectProvider<RequestMappingHandlerAdapter> controllers) {
		return ReactiveWebhooks.verifyingAdapter(() -> controllers.orderedStream().findFirst().orElseThrow());
	}

	private static int order(TwilioWebhookProperties properties) {
		return properties.behindSecurity() ? TwilioWebhookAutoConfiguration.SECURITY + 1
				: TwilioWebhookAutoConfiguration.BEFORE_SECURITY;
	}

}
