package io.github.twiliospring.messaging.autoconfigure;

import java.util.Optional;
import java.util.function.Supplier;

import io.github.twiliospring.messaging.MessagingOperations;
import io.github.twiliospring.messaging.MessagingTemplate;
import io.github.twiliospring.messaging.observation.MessagingObservationConvention;
import io.github.twiliospring.messaging.observation.MessagingObservations;
import io.github.twiliospring.messaging.retry.TwilioRetryPolicies;
import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
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
import org.springframework.web.reactive.function.client.WebClient;

/**
 * Auto-configuration of the {@link MessagingTemplate}.
 */
@AutoConfiguration(after = { ReactiveHttpClientAutoConfiguration.class, WebClientAutoConfiguration.class })
@ConditionalOnClass({ MessagingTemplate.class, WebClient.class })
@EnableConfigurationProperties(TwilioProperties.class)
public final class TwilioMessagingAutoConfiguration {

	TwilioMessagingAutoConfiguration() {
	}

	@Bean
	@ConditionalOnMissingBean(TwilioConnectionDetails.class)
	PropertiesTwilioConnectionDetails twilioConnectionDetails(TwilioProperties properties, Environment environment) {
		// Where a simulator was started, it has brought connection details of its own.
		if (environment.getProperty("twilio.simulator.enabled", Boolean.class, false)) {
			throw new InvalidTwilioConfigurationException(
					"The simulator is enabled, but it wasn't started: messages would go to the provider.",
					"Add the dependency 'twilio-messaging-simulator', not with test scope if the application itself is"
							+ " to use it, and set 'twilio.simulator.enabled=true'; or remove the property.");
		}
		return new PropertiesTwilioConnectionDetails(properties);
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
			ObjectProvider<ClientHttpConnectorBuilder<?>> builder, ObjectProvider<HttpClientSettings> settings,
			ObjectProvider<WebClientCustomizer> customizers) {
		TwilioPropertiesChecks.checkClient(properties);
		return new TwilioHttpConnector(builder.getIfAvailable(ClientHttpConnectorBuilder::detect),
				settings.getIfAvailable(HttpClientSettings::defaults), properties.messaging().client(),
				customizers.orderedStream().toList());
	}

	@Bean
	@ConditionalOnMissingBean
	MessagingObservations messagingObservations(ObjectProvider<ObservationRegistry> registry,
			ObjectProvider<MessagingObservationConvention> convention) {
		return new MessagingObservations(registry.getIfUnique(() -> ObservationRegistry.NOOP),
				convention.getIfUnique());
	}

	@Bean
	@Scope(ConfigurableBeanFactory.SCOPE_PROTOTYPE)
	@ConditionalOnMissingBean
	MessagingTemplateBuilder messagingTemplateBuilder(TwilioProperties properties,
			TwilioConnectionDetails connectionDetails, TwilioHttpConnector connector,
			MessagingObservations observations, TwilioRetryPolicies retryPolicies,
			ObjectProvider<StatusCallbackAddress> statusCallbackAddress, ObjectProvider<ApiHealth> health) {
		TwilioPropertiesChecks.checkMessaging(properties.messaging());
		return new MessagingTemplateBuilder(properties.messaging(), connectionDetails, connector, observations,
				retryPolicies, address(statusCallbackAddress))
			.health(health.getIfAvailable());
	}

	@Bean
	@ConditionalOnMissingBean(MessagingOperations.class)
	MessagingTemplate messagingTemplate(MessagingTemplateBuilder builder) {
		return builder.build();
	}

	// Looked up once, at the first message: it costs more than the message.
	private static Supplier<@Nullable String> address(ObjectProvider<StatusCallbackAddress> provider) {
		Supplier<Optional<StatusCallbackAddress>> found = SingletonSupplier
			.of(() -> Optional.ofNullable(provider.getIfAvailable()));
		return () -> found.get().map(StatusCallbackAddress::get).orElse(null);
	}

}
