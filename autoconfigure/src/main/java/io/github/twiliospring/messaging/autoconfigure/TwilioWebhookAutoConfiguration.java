package io.github.twiliospring.messaging.autoconfigure;

import java.util.List;
import java.util.Map;

import io.github.twiliospring.messaging.observation.WebhookObservationConvention;
import io.github.twiliospring.messaging.signature.RequestValidator;
import io.github.twiliospring.messaging.webhook.dispatch.CallbackArgumentResolver;
import io.github.twiliospring.messaging.webhook.dispatch.InboundMessageDispatcher;
import io.github.twiliospring.messaging.webhook.dispatch.InboundMessageHandlers;
import io.github.twiliospring.messaging.webhook.dispatch.StatusCallbackHandlers;
import io.github.twiliospring.messaging.webhook.dispatch.StatusUpdateDispatcher;
import io.github.twiliospring.messaging.webhook.dispatch.WebhookEndpoint;
import io.github.twiliospring.messaging.webhook.dispatch.WebhookGate;
import io.github.twiliospring.messaging.webhook.dispatch.WebhookLimits;
import io.github.twiliospring.messaging.webhook.dispatch.WebhookRoutes;
import io.github.twiliospring.messaging.webhook.ledger.CallbackLedger;
import io.github.twiliospring.messaging.webhook.ledger.InMemoryCallbackLedger;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.thread.Threading;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;
import org.springframework.core.env.Environment;
import org.springframework.core.task.VirtualThreadTaskExecutor;

/**
 * Auto-configuration of the webhook.
 */
@AutoConfiguration(after = TwilioMessagingAutoConfiguration.class)
@ConditionalOnBooleanProperty(name = "twilio.messaging.webhook.enabled", matchIfMissing = true)
@ConditionalOnWebApplication
@ConditionalOnClass({ WebhookEndpoint.class, WebServerInitializedEvent.class })
@EnableConfigurationProperties(TwilioWebhookProperties.class)
@Import({ ReactiveWebhookConfiguration.class, ServletWebhookConfiguration.class, RedisLedgerConfiguration.class,
		WebhookFollowUpConfiguration.class, WebhookEndpointConfiguration.class })
public final class TwilioWebhookAutoConfiguration {

	// Behind the filters for forwarded headers and character encoding, which neither read
	// the form nor refuse anything.
	static final int BEFORE_SECURITY = Ordered.HIGHEST_PRECEDENCE + 100;

	static final int SECURITY = -100;

	TwilioWebhookAutoConfiguration() {
	}

	@Bean
	@ConditionalOnMissingBean
	StatusCallbackAddress statusCallbackAddress(TwilioProperties properties, TwilioConnectionDetails connectionDetails,
			WebhookBasePath basePath) {
		TwilioPropertiesChecks.checkWebhook(properties.messaging().webhook());
		return new StatusCallbackAddress(properties.messaging().webhook(), basePath.value(),
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
		if (ledger.store() != TwilioProperties.Ledger.Store.MEMORY) {
			throw new InvalidTwilioConfigurationException(
					"The marks of webhooks can't be kept in Redis, because Spring Data Redis is missing.",
					"Add the dependency 'spring-boot-starter-data-redis-reactive', or set"
							+ " 'twilio.messaging.webhook.ledger.store=memory' if there's one instance only.");
		}
		return new InMemoryCallbackLedger(ledger.maxEntries(), ledger.retention(), ledger.answerRetention());
	}

	@Bean
	@ConditionalOnMissingBean
	StatusCallbackHandlers statusCallbackHandlers(ConfigurableListableBeanFactory beanFactory,
			ObjectProvider<CallbackArgumentResolver> resolvers) {
		return new StatusCallbackHandlers(beanFactory, resolvers.orderedStream().toList());
	}

	@Bean
	@ConditionalOnMissingBean
	StatusUpdateDispatcher statusUpdateDispatcher(StatusCallbackHandlers handlers, CallbackLedger ledger,
			Environment environment, ObjectProvider<MeterRegistry> meters, TwilioConnectionDetails connectionDetails) {
		return new StatusUpdateDispatcher(handlers, ledger, blocking(environment), meters.getIfAvailable(),
				connectionDetails.getClock());
	}

	@Bean
	@ConditionalOnMissingBean
	WebhookGate webhookGate(TwilioProperties properties, TwilioConnectionDetails connectionDetails,
			BeanFactory beanFactory) {
		TwilioProperties.Request request = properties.messaging().webhook().request();
		TwilioPropertiesChecks.checkRequest(request);
		return new WebhookGate(validator(connectionDetails, beanFactory.containsBean("messagingTemplate")),
				new WebhookLimits(Math.toIntExact(request.maxSize().toBytes()), request.maxParameters(),
						request.bodyTimeout(), request.answerTimeout(), request.inboundAnswerTimeout()));
	}

	@Bean
	@ConditionalOnMissingBean
	WebhookRoutes webhookRoutes(TwilioProperties properties, StatusCallbackAddress address, WebhookBasePath basePath,
			WebhookEndpoints endpoints, TwilioWebhookProperties webhook) {
		String publicUrl = address.publicUrl();
		String statusPath = properties.messaging().webhook().path();
		TwilioPropertiesChecks.checkPath("twilio.messaging.webhook.inbound-path", webhook.inboundPath());
		if (statusPath.equals(webhook.inboundPath())) {
			throw new InvalidTwilioConfigurationException(
					"Delivery reports and incoming messages have the same path '%s'.".formatted(statusPath),
					"Set 'twilio.messaging.webhook.path' and 'twilio.messaging.webhook.inbound-path' to different"
							+ " paths.");
		}
		return new WebhookRoutes(Map.of(statusPath, endpoints.status(), webhook.inboundPath(), endpoints.inbound()),
				(publicUrl != null) ? publicUrl + basePath.value() : null);
	}

	@Bean
	@ConditionalOnMissingBean
	InboundMessageHandlers inboundMessageHandlers(ConfigurableListableBeanFactory beanFactory) {
		return new InboundMessageHandlers(beanFactory);
	}

	@Bean
	@ConditionalOnMissingBean
	InboundMessageDispatcher inboundMessageDispatcher(InboundMessageHandlers handlers, CallbackLedger ledger,
			Environment environment) {
		return new InboundMessageDispatcher(handlers, ledger, blocking(environment));
	}

	@Bean
	WebhookEndpoints webhookEndpoints(WebhookGate gate, StatusUpdateDispatcher status, InboundMessageDispatcher inbound,
			ObjectProvider<ObservationRegistry> observations, ObjectProvider<WebhookObservationConvention> convention) {
		ObservationRegistry registry = observations.getIfAvailable(() -> ObservationRegistry.NOOP);
		WebhookObservationConvention names = convention.getIfAvailable();
		return new WebhookEndpoints(WebhookEndpoint.forStatus(gate, status, registry, names),
				WebhookEndpoint.forInbound(gate, inbound, registry, names));
	}

	// Blocking handlers never run on an event loop, nor on a thread of the container.
	private static Scheduler blocking(Environment environment) {
		return Threading.VIRTUAL.isActive(environment)
				? Schedulers.fromExecutor(new VirtualThreadTaskExecutor("twilio-webhook-"))
				: Schedulers.boundedElastic();
	}

	private static RequestValidator validator(TwilioConnectionDetails connectionDetails, boolean sends) {
		List<String> authTokens = connectionDetails.getAuthTokens();
		if (authTokens.isEmpty()) {
			if (sends) {
				// Where the account is missing altogether, that is what has to be said.
				connectionDetails.getPassword();
			}
			throw new InvalidTwilioConfigurationException(
					"Webhooks can't be verified, because there is no auth token: an API key signs nothing.",
					"Set the property 'twilio.auth-token', or 'twilio.messaging.webhook.enabled=false' if this"
							+ " application receives no delivery reports.");
		}
		return new RequestValidator(authTokens);
	}

	/**
	 * What serves the library's own paths.
	 *
	 * @param status what takes delivery reports
	 * @param inbound what takes incoming messages
	 */
	record WebhookEndpoints(WebhookEndpoint status, WebhookEndpoint inbound) {

	}

}
