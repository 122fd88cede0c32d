package io.github.twiliospring.messaging.autoconfigure;

import java.util.List;

import io.github.twiliospring.messaging.webhook.ServletWebhooks;
import io.github.twiliospring.messaging.webhook.Webhooks;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication.Type;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.boot.web.servlet.ServletContextInitializer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import org.springframework.web.servlet.handler.MappedInterceptor;

/**
 * The webhook on the servlet stack.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnWebApplication(type = Type.SERVLET)
@ConditionalOnClass({ Filter.class, FilterRegistrationBean.class })
class ServletWebhookConfiguration {

	@Bean
	WebhookBasePath webhookBasePath(Environment environment) {
		return WebhookBasePath.of(environment.getProperty("server.servlet.context-path"));
	}

	@Bean
	@ConditionalOnMissingBean(name = "webhookFilter")
	FilterRegistrationBean<Filter> webhookFilter(Webhooks webhooks, TwilioWebhookProperties properties,
			Environment environment) {
		return register(ServletWebhooks.filter(webhooks), order(properties, environment));
	}

	// A container runs no filter for a path that no servlet is mapped to, as where
	// spring.mvc.servlet.path is set: there a servlet is mapped to the exact paths.
	@Bean
	@Order(Ordered.LOWEST_PRECEDENCE)
	ServletContextInitializer webhookPaths(TwilioWebhookProperties properties) {
		return new WebhookPathsInitializer(List.of(properties.path(), properties.inboundPath()));
	}

	@Bean
	@ConditionalOnMissingBean(name = "verifiedWebhookFilter")
	@ConditionalOnClass(name = "org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping")
	FilterRegistrationBean<Filter> verifiedWebhookFilter(Webhooks webhooks, TwilioWebhookProperties properties,
			Environment environment, ObjectProvider<RequestMappingHandlerMapping> mappings) {
		return register(ServletWebhooks.verifyingFilter(webhooks, mappings::stream),
				order(properties, environment) + 1);
	}

	// A bean of this type is found by every handler mapping, also by the application's
	// own.
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(MappedInterceptor.class)
	static class InterceptorConfiguration {

		@Bean
		MappedInterceptor verifiedWebhookInterceptor() {
			return new MappedInterceptor(null, ServletWebhooks.verifyingInterceptor());
		}

	}

	private static FilterRegistrationBean<Filter> register(Filter filter, int order) {
		FilterRegistrationBean<Filter> registration = new FilterRegistrationBean<>(filter);
		registration.setDispatcherTypes(DispatcherType.REQUEST, DispatcherType.ASYNC);
		registration.setAsyncSupported(true);
		registration.setOrder(order);
		return registration;
	}

	private static int order(TwilioWebhookProperties properties, Environment environment) {
		int security = environment.getProperty("spring.security.filter.order", Integer.class,
				TwilioWebhookAutoConfiguration.SECURITY);
		return properties.behindSecurity() ? security + 1 : TwilioWebhookAutoConfiguration.BEFORE_SECURITY;
	}

}
