package io.github.twiliospring.messaging.autoconfigure;

import io.github.twiliospring.messaging.webhook.dispatch.VerifiedPaths;
import io.github.twiliospring.messaging.webhook.dispatch.WebhookGate;
import io.github.twiliospring.messaging.webhook.dispatch.WebhookRoutes;
import io.github.twiliospring.messaging.webhook.reactive.VerifiedWebhookHandlerAdapter;
import io.github.twiliospring.messaging.webhook.reactive.VerifiedWebhookWebFilter;
import io.github.twiliospring.messaging.webhook.reactive.WebhookWebFilter;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication.Type;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
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
	@ConditionalOnMissingBean
	WebhookWebFilter webhookWebFilter(WebhookRoutes routes, TwilioWebhookProperties properties) {
		return new WebhookWebFilter(routes, order(properties));
	}

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnClass(RequestMappingHandlerMapping.class)
	VerifiedWebhookWebFilter verifiedWebhookWebFilter(WebhookGate gate, WebhookRoutes routes,
			TwilioWebhookProperties properties, ObjectProvider<RequestMappingHandlerMapping> mappings) {
		return new VerifiedWebhookWebFilter(gate, routes, () -> new VerifiedPaths(properties.verifiedPaths(),
				VerifiedWebhookWebFilter.annotated(mappings.stream())), order(properties) + 1);
	}

	@Bean
	@ConditionalOnClass(RequestMappingHandlerAdapter.class)
	VerifiedWebhookHandlerAdapter verifiedWebhookHandlerAdapter(
			ObjectProvider<RequestMappingHandlerAdapter> controllers) {
		return new VerifiedWebhookHandlerAdapter(() -> controllers.orderedStream().findFirst().orElseThrow());
	}

	private static int order(TwilioWebhookProperties properties) {
		return properties.behindSecurity() ? TwilioWebhookAutoConfiguration.SECURITY + 1
				: TwilioWebhookAutoConfiguration.BEFORE_SECURITY;
	}

}
