package io.github.twiliospring.messaging.autoconfigure;

import java.util.List;

import io.github.twiliospring.messaging.observation.WebhookObservationConvention;
import io.github.twiliospring.messaging.signature.RequestValidator;
import io.github.twiliospring.messaging.webhook.CallbackArgumentResolver;
import io.github.twiliospring.messaging.webhook.HandlerDescription;
import io.github.twiliospring.messaging.webhook.StatusUpdateDispatcher;
import io.github.twiliospring.messaging.webhook.WebhookLimits;
import io.github.twiliospring.messaging.webhook.Webhooks;
import io.github.twiliospring.messaging.webhook.ledger.CallbackLedger;
import io.github.twiliospring.messaging.webhook.ledger.InMemoryCallbackLedger;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.thread.Threading;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.ApplicationContext;
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
@ConditionalOnClass({ Webhooks.class, WebServerInitializedEvent.class })
@EnableConfigurationProperties(TwilioWebhookProperties.class)
@Import({ ReactiveWebhookConfiguration.class, ServletWebhookConfiguration.class, RedisLedgerConfiguration.class,
		WebhookFollowUpConfiguration.class, WebhookEndpointConfiguration.class, WebhookSelfTestConfiguration.class })
public final class TwilioWebhookAutoConfiguration {

	// Behind the filters for forwarded headers and character encoding, which neither read
	// the form nor refuse anything.
	static final int BEFORE_SECURITY = Ordered.HIGHEST_PRECEDENCE + 100;

	static final int SECURITY = -100;

	private static final Log logger = LogFactory.getLog(TwilioWebhookAutoConfiguration.class);

	TwilioWebhookAutoConfiguration() {
	}

	@Bean
	@ConditionalOnMissingBean
	StatusCallbackAddress statusCallbackAddress(TwilioWebhookProperties properties,
			TwilioConnectionDetails connectionDetails, WebhookBasePath basePath) {
		TwilioPropertiesChecks.checkWebhook(properties);
		return new StatusCallbackAddress(properties, basePath.value(), connectionDetails.isLocal());
	}

	@Bean
	ApplicationListener<WebServerInitializedEvent> statusCallbackAddressListener(StatusCallbackAddress address,
			ApplicationContext own) {
		return new ApplicationListener<>() {

			@Override
			public void onApplicationEvent(WebServerInitializedEvent event) {
				// Of its children it hears, too; their servers have no webhook.
				if (event.getApplicationContext() == own) {
					address.webServerStarted(event.getWebServer().getPort());
				}
			}

		};
	}

	// A method that's never called is worth a line.
	@Bean
	ApplicationListener<ApplicationReadyEvent> statusCallbackAddressNote(Webhooks webhooks,
			StatusCallbackAddress address, TwilioWebhookProperties properties) {
		return new ApplicationListener<>() {

			@Override
			public void onApplicationEvent(ApplicationReadyEvent event) {
				boolean asked = webhooks.statusCallbacks().stream().anyMatch((method) -> !isOutbox(method));
				if (asked && properties.callback().fillIn() && address.get() == null) {
					logger.info("No URL for status updates is filled into messages, since"
							+ " twilio.messaging.webhook.public-url isn't set: methods get updates only where the URL is"
							+ " configured at the provider");
				}
			}

		};
	}

	// The outbox has a line of its own.
	private static boolean isOutbox(HandlerDescription method) {
		return method.handler().startsWith(TwilioOutboxAutoConfiguration.BEAN_NAME + ".");
	}

	@Bean
	@ConditionalOnMissingBean
	CallbackLedger callbackLedger(TwilioWebhookProperties properties) {
		TwilioWebhookProperties.Ledger ledger = properties.ledger();
		if (ledger.store() != TwilioWebhookProperties.Ledger.Store.MEMORY) {
			throw new InvalidTwilioConfigurationException(
					"The marks of webhooks can't be kept in Redis, because Spring Data Redis is missing.",
					"Add the dependency 'spring-boot-starter-data-redis-reactive', or set"
							+ " 'twilio.messaging.webhook.ledger.store=memory' if there's one instance only.");
		}
		return new InMemoryCallbackLedger(ledger.maxEntries(), ledger.retention(), ledger.answerRetention(),
				RedisLedgerConfiguration.longestWait(properties));
	}

	@Bean
	@ConditionalOnMissingBean
	Webhooks twilioWebhooks(ConfigurableListableBeanFactory beanFactory, TwilioWebhookProperties properties,
			TwilioConnectionDetails connectionDetails, StatusCallbackAddress address, WebhookBasePath basePath,
			Environment environment, WebhookCollaborators collaborators) {
		TwilioPropertiesChecks.checkRequest(properties);
		checkPaths(properties.path(), properties.inboundPath());
		String publicUrl = address.publicUrl();
		Webhooks.Builder builder = Webhooks
			.builder(beanFactory, validator(connectionDetails, beanFactory.containsBean("messagingTemplate")))
			.clock(connectionDetails.getClock())
			.limits(limits(properties))
			.paths(properties.path(), properties.inboundPath())
			.publicUrl((publicUrl != null) ? publicUrl + basePath.value() : null)
			.verifiedPaths(properties.verifiedPaths());
		if (Threading.VIRTUAL.isActive(environment)) {
			builder.threads(new VirtualThreadTaskExecutor("twilio-webhook-").getVirtualThreadFactory());
		}
		return collaborators.addTo(builder).build();
	}

	@Bean
	WebhookCollaborators twilioWebhookCollaborators(CallbackLedger ledger,
			ObjectProvider<CallbackArgumentResolver> resolvers, ObjectProvider<MeterRegistry> meters,
			ObjectProvider<ObservationRegistry> observations, ObjectProvider<WebhookObservationConvention> convention) {
		return new WebhookCollaborators(ledger, resolvers.orderedStream().toList(), meters.getIfUnique(),
				observations.getIfUnique(() -> ObservationRegistry.NOOP), convention.getIfUnique());
	}

	@Bean
	@ConditionalOnMissingBean
	StatusUpdateDispatcher statusUpdateDispatcher(Webhooks webhooks) {
		return webhooks.statusUpdates();
	}

	private static void checkPaths(String status, String inbound) {
		TwilioPropertiesChecks.checkPath("twilio.messaging.webhook.inbound-path", inbound);
		if (status.equals(inbound)) {
			throw new InvalidTwilioConfigurationException(
					"Status updates and incoming messages have the same path '%s'.".formatted(status),
					"Set 'twilio.messaging.webhook.path' and 'twilio.messaging.webhook.inbound-path' to different"
							+ " paths.");
		}
	}

	private static WebhookLimits limits(TwilioWebhookProperties properties) {
		TwilioWebhookProperties.Request request = properties.request();
		return new WebhookLimits(Math.toIntExact(request.maxSize().toBytes()), request.maxParameters(),
				request.bodyTimeout(), request.answerTimeout(), request.inboundAnswerTimeout(),
				properties.maxConcurrentHandlers(), properties.handlerLimit());
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
							+ " application receives no status updates.");
		}
		return new RequestValidator(authTokens);
	}

	/**
	 * What the application has for its webhooks.
	 */
	record WebhookCollaborators(CallbackLedger ledger, List<CallbackArgumentResolver> resolvers,
			@Nullable MeterRegistry meters, ObservationRegistry observations,
			@Nullable WebhookObservationConvention convention) {

		Webhooks.Builder addTo(Webhooks.Builder builder) {
			return builder.ledger(this.ledger)
				.argumentResolvers(this.resolvers)
				.meters(this.meters)
				.observations(this.observations, this.convention);
		}

	}

}
