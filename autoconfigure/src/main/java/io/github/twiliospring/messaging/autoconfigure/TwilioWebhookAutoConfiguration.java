package io.github.twiliospring.messaging.autoconfigure;

import java.util.List;

import io.github.twiliospring.messaging.signature.RequestValidator;
import io.github.twiliospring.messaging.webhook.dispatch.CallbackArgumentResolver;
import io.github.twiliospring.messaging.webhook.dispatch.StatusCallbackHandlers;
import io.github.twiliospring.messaging.webhook.dispatch.WebhookEndpoint;
import io.github.twiliospring.messaging.webhook.ledger.CallbackLedger;
import io.github.twiliospring.messaging.webhook.ledger.InMemoryCallbackLedger;
import io.github.twiliospring.messaging.webhook.reactive.WebhookWebFilter;
import reactor.core.scheduler.Schedulers;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication.Type;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;
import org.springframework.web.server.WebFilter;

/**
 * Auto-configuration of the webhook.
 */
@AutoConfiguration(after = TwilioMessagingAutoConfiguration.class)
@ConditionalOnBooleanProperty(name = "twilio.messaging.webhook.enabled", matchIfMissing = true)
@ConditionalOnWebApplication
@ConditionalOnClass({ WebhookEndpoint.class, WebServerInitializedEvent.class })
public final class TwilioWebhookAutoConfiguration {

	private static final int BEFORE_SECURITY = Ordered.HIGHEST_PRECEDENCE + 100;

	@Bean
	@ConditionalOnMissingBean
	StatusCallbackAddress statusCallbackAddress(TwilioProperties properties, TwilioConnectionDetails connectionDetails,
			Environment environment) {
		return new StatusCallbackAddress(properties.messaging().webhook(), basePath(environment),
				connectionDetails.isLocal());
	}

	@Bean
	ApplicationListener<WebServerInitializedEvent> statusCallbackAddressListener(StatusCallbackAddress address) {
		return new ApplicationListener<>() {

			@Override
			public void onApplicationEvent(WebServerInitializedEvent event) {
				if (!"management".equals(event.getApplicationContext().getServerNamespace())) {
					address.webServerStarted(event.getWebServer().getPort());
				}
			}

		};
	}

	@Bean
	@ConditionalOnMissingBean
	CallbackLedger callbackLedger(TwilioProperties properties) {
		TwilioProperties.Ledger ledger = properties.messaging().webhook().ledger();
		return new InMemoryCallbackLedger(ledger.maxEntries(), ledger.retention());
	}

	@Bean
	@ConditionalOnMissingBean
	StatusCallbackHandlers statusCallbackHandlers(ConfigurableListableBeanFactory beanFactory,
			ObjectProvider<CallbackArgumentResolver> resolvers) {
		return new StatusCallbackHandlers(beanFactory, resolvers.orderedStream().toList());
	}

	@Bean
	@ConditionalOnMissingBean
	WebhookEndpoint webhookEndpoint(TwilioProperties properties, TwilioConnectionDetails connectionDetails,
			StatusCallbackHandlers handlers, CallbackLedger ledger) {
		TwilioProperties.Request request = properties.messaging().webhook().request();
		return new WebhookEndpoint(validator(connectionDetails.getAuthTokens()), handlers, ledger,
				new WebhookEndpoint.WebhookLimits(Math.toIntExact(request.maxSize().toBytes()), request.maxParameters(),
						request.bodyTimeout(), request.answerTimeout()),
				Schedulers.boundedElastic());
	}

	private static RequestValidator validator(List<String> authTokens) {
		if (authTokens.isEmpty()) {
			throw new InvalidTwilioConfigurationException(
					"Webhooks can't be verified, because there is no auth token: an API key signs nothing.",
					"Set the property 'twilio.auth-token', or 'twilio.messaging.webhook.enabled=false' if this"
							+ " application receives no delivery reports.");
		}
		return new RequestValidator(authTokens);
	}

	private static String basePath(Environment environment) {
		String path = environment.getProperty("spring.webflux.base-path", "");
		return StringUtils.trimTrailingCharacter(path, '/');
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnWebApplication(type = Type.REACTIVE)
	@ConditionalOnClass(WebFilter.class)
	static class ReactiveWebhookConfiguration {

		@Bean
		@ConditionalOnMissingBean
		WebhookWebFilter webhookWebFilter(WebhookEndpoint endpoint, TwilioProperties properties,
				StatusCallbackAddress address) {
			return new WebhookWebFilter(endpoint, properties.messaging().webhook().path(), address.publicUrl(),
					BEFORE_SECURITY);
		}

	}

}
