package io.github.twiliospring.messaging.autoconfigure;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

import io.github.twiliospring.messaging.ApiCredentials;
import io.github.twiliospring.messaging.AttemptListener;
import io.github.twiliospring.messaging.BlockingMessagingOperations;
import io.github.twiliospring.messaging.MessageLimits;
import io.github.twiliospring.messaging.MessagingOperations;
import io.github.twiliospring.messaging.MessagingTemplate;
import io.github.twiliospring.messaging.MessagingTemplateBuilder;
import io.github.twiliospring.messaging.observation.MessagingObservationConvention;
import io.github.twiliospring.messaging.retry.TwilioRetryPolicies;
import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.autoconfigure.reactive.ReactiveHttpClientAutoConfiguration;
import org.springframework.boot.http.client.reactive.ClientHttpConnectorBuilder;
import org.springframework.boot.webclient.WebClientCustomizer;
import org.springframework.boot.webclient.autoconfigure.WebClientAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.annotation.Scope;
import org.springframework.core.env.Environment;
import org.springframework.util.function.SingletonSupplier;
import org.springframework.util.StringUtils;
import org.springframework.web.reactive.function.client.WebClient;

/**
 * Auto-configuration of the {@link MessagingTemplate} and its
 * {@link BlockingMessagingOperations}.
 */
@AutoConfiguration(after = { ReactiveHttpClientAutoConfiguration.class, WebClientAutoConfiguration.class })
@ConditionalOnClass({ MessagingTemplate.class, WebClient.class })
@EnableConfigurationProperties({ TwilioProperties.class, TwilioWebhookProperties.class })
public final class TwilioMessagingAutoConfiguration {

	TwilioMessagingAutoConfiguration() {
	}

	@Bean
	@ConditionalOnMissingBean(TwilioConnectionDetails.class)
	PropertiesTwilioConnectionDetails twilioConnectionDetails(TwilioProperties properties,
			TwilioWebhookProperties webhook, Environment environment) {
		// Where a simulator was started, it has brought connection details of its own.
		if (environment.getProperty("twilio.simulator.enabled", Boolean.class, false)) {
			throw new InvalidTwilioConfigurationException(
					"The simulator is enabled, but it wasn't started: messages would go to the provider.",
					"Add the dependency 'twilio-messaging-simulator', not with test scope if the application itself is"
							+ " to use it, and set 'twilio.simulator.enabled=true'; or remove the property.");
		}
		return new PropertiesTwilioConnectionDetails(properties, webhook);
	}

	@Bean
	@ConditionalOnMissingBean
	TwilioRetryPolicies twilioRetryPolicies(TwilioProperties properties) {
		TwilioProperties.Retry retry = properties.messaging().retry();
		TwilioPropertiesChecks.checkRetryPolicy(retry);
		return TwilioRetryPolicies.exponential(retry.maxAttempts(), retry.initialInterval(), retry.multiplier(),
				retry.maxInterval());
	}

	// Only templates that are built here have connections.
	@Bean
	@Lazy
	TwilioHttpConnector twilioHttpConnector(TwilioProperties properties,
			ObjectProvider<ClientHttpConnectorBuilder<?>> builder, ObjectProvider<HttpClientSettings> settings) {
		TwilioPropertiesChecks.checkClient(properties);
		return new TwilioHttpConnector(builder.getIfAvailable(ClientHttpConnectorBuilder::detect),
				settings.getIfAvailable(HttpClientSettings::defaults), properties.messaging().client());
	}

	@Bean
	@Scope(ConfigurableBeanFactory.SCOPE_PROTOTYPE)
	@ConditionalOnMissingBean
	MessagingTemplateBuilder messagingTemplateBuilder(TwilioProperties properties,
			TwilioConnectionDetails connectionDetails, TwilioHttpConnector connector, TwilioRetryPolicies retryPolicies,
			ObjectProvider<StatusCallbackAddress> statusCallbackAddress, TemplateObservers observers) {
		TwilioProperties.Messaging messaging = properties.messaging();
		TwilioPropertiesChecks.checkMessaging(messaging);
		TwilioProperties.Retry retry = messaging.retry();
		TwilioProperties.Limits limits = messaging.limits();
		MessagingTemplateBuilder builder = MessagingTemplate.builder(credentials(connectionDetails))
			.baseUrl(connectionDetails.getBaseUrl())
			.connector(connector.source(), false)
			.retryPolicies(retryPolicies)
			.retryBudget(retry.budget())
			.longestRetryAfter(retry.maxRetryAfter())
			.serviceUnavailableIsUnprocessed(retry.serviceUnavailable())
			.deadline(messaging.client().deadline())
			.statusCallback(address(statusCallbackAddress))
			.limits(new MessageLimits(limits.scheduleMinimum(), limits.scheduleMaximum(), limits.validityMaximum(),
					limits.fromWithMessagingService()))
			.concurrency(messaging.concurrency())
			.clock(connectionDetails.getClock());
		observers.addTo(builder);
		// An empty one is none, so that a profile can take one back.
		return StringUtils.hasText(messaging.messagingServiceSid())
				? builder.messagingServiceSid(messaging.messagingServiceSid())
				: builder.from(StringUtils.hasText(messaging.from()) ? messaging.from() : null);
	}

	@Bean
	TemplateObservers twilioTemplateObservers(ObjectProvider<ObservationRegistry> registry,
			ObjectProvider<MessagingObservationConvention> convention, ObjectProvider<WebClientCustomizer> customizers,
			ObjectProvider<AttemptListener> listeners) {
		return new TemplateObservers(registry.getIfUnique(() -> ObservationRegistry.NOOP), convention.getIfUnique(),
				customizers, listeners.orderedStream().toList());
	}

	@Bean
	@ConditionalOnMissingBean(MessagingOperations.class)
	MessagingTemplate messagingTemplate(MessagingTemplateBuilder builder) {
		return builder.build();
	}

	// Lazy, so that it brings no template into being that nobody asked for.
	@Bean
	@Lazy
	@ConditionalOnMissingBean
	@ConditionalOnSingleCandidate(MessagingOperations.class)
	BlockingMessagingOperations blockingMessagingOperations(MessagingOperations messaging) {
		return BlockingMessagingOperations.of(messaging);
	}

	private static Supplier<ApiCredentials> credentials(TwilioConnectionDetails details) {
		Supplier<ApiCredentials> credentials = () -> new ApiCredentials(details.getAccountSid(), details.getUsername(),
				details.getPassword());
		// Properties don't change, and their checks cost more than what is checked.
		return (details instanceof PropertiesTwilioConnectionDetails) ? SingletonSupplier.of(credentials) : credentials;
	}

	// Looked up once, at the first message: it costs more than the message.
	private static Supplier<@Nullable String> address(ObjectProvider<StatusCallbackAddress> provider) {
		Supplier<Optional<StatusCallbackAddress>> found = SingletonSupplier
			.of(() -> Optional.ofNullable(provider.getIfAvailable()));
		return () -> found.get().map(StatusCallbackAddress::get).orElse(null);
	}

	/**
	 * What sees, or adds to, the requests of each template.
	 */
	record TemplateObservers(ObservationRegistry registry, @Nullable MessagingObservationConvention convention,
			ObjectProvider<WebClientCustomizer> customizers, List<AttemptListener> listeners) {

		void addTo(MessagingTemplateBuilder builder) {
			builder.observationRegistry(this.registry).observationConvention(this.convention);
			// Looked up by the first call: one of them, of Boot, makes a client of its
			// own.
			builder.webClient((client) -> this.customizers.orderedStream()
				.forEach((customizer) -> client.apply(new Named(customizer))));
			this.listeners.forEach(builder::attemptListener);
		}

	}

	/**
	 * A customizer by its name, for the line in the log about what can't be taken.
	 */
	private record Named(WebClientCustomizer customizer) implements Consumer<WebClient.Builder> {

		@Override
		public void accept(WebClient.Builder builder) {
			this.customizer.customize(builder);
		}

		@Override
		public String toString() {
			return this.customizer.getClass().getName();
		}

	}

}
