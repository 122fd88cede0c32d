package io.github.twiliospring.messaging.autoconfigure;

import java.net.URI;
import java.util.function.Supplier;

import io.github.twiliospring.messaging.MessageLimits;
import io.github.twiliospring.messaging.MessagingOperations;
import io.github.twiliospring.messaging.MessagingSettings;
import io.github.twiliospring.messaging.MessagingTemplate;
import io.github.twiliospring.messaging.client.ApiAccess;
import io.github.twiliospring.messaging.client.ApiClient;
import io.github.twiliospring.messaging.client.ExchangeExecutor;
import io.github.twiliospring.messaging.client.ExchangePolicy;
import io.github.twiliospring.messaging.observation.MessagingObservationConvention;
import io.github.twiliospring.messaging.observation.MessagingObservations;
import io.github.twiliospring.messaging.retry.RetryBudget;
import io.github.twiliospring.messaging.retry.SpringRetryStrategy;
import io.github.twiliospring.messaging.retry.TwilioRetryPolicies;
import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Schedulers;

import org.springframework.beans.factory.ObjectProvider;
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
import org.springframework.web.reactive.function.client.WebClient;

/**
 * Auto-configuration of the {@link MessagingTemplate}.
 */
@AutoConfiguration(after = { ReactiveHttpClientAutoConfiguration.class, WebClientAutoConfiguration.class })
@ConditionalOnClass({ MessagingTemplate.class, WebClient.class })
@EnableConfigurationProperties(TwilioProperties.class)
public final class TwilioMessagingAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean(TwilioConnectionDetails.class)
	PropertiesTwilioConnectionDetails twilioConnectionDetails(TwilioProperties properties) {
		return new PropertiesTwilioConnectionDetails(properties);
	}

	@Bean
	@ConditionalOnMissingBean
	TwilioRetryPolicies twilioRetryPolicies(TwilioProperties properties) {
		TwilioProperties.Retry retry = properties.messaging().retry();
		return TwilioRetryPolicies.exponential(retry.maxAttempts(), retry.initialInterval(), retry.multiplier(),
				retry.maxInterval());
	}

	@Bean
	@ConditionalOnMissingBean(MessagingOperations.class)
	TwilioHttpConnector twilioHttpConnector(TwilioProperties properties,
			ObjectProvider<ClientHttpConnectorBuilder<?>> builder, ObjectProvider<HttpClientSettings> settings) {
		return new TwilioHttpConnector(builder.getIfAvailable(ClientHttpConnectorBuilder::detect),
				settings.getIfAvailable(HttpClientSettings::defaults), properties.messaging().client());
	}

	@Bean
	@ConditionalOnMissingBean
	MessagingObservations messagingObservations(ObjectProvider<ObservationRegistry> registry,
			ObjectProvider<MessagingObservationConvention> convention) {
		return new MessagingObservations(registry.getIfUnique(() -> ObservationRegistry.NOOP),
				convention.getIfUnique());
	}

	@Bean
	@ConditionalOnMissingBean(MessagingOperations.class)
	MessagingTemplate messagingTemplate(TwilioProperties properties, TwilioConnectionDetails connectionDetails,
			TwilioHttpConnector connector, ObjectProvider<WebClientCustomizer> webClientCustomizers,
			MessagingObservations observations, TwilioRetryPolicies retryPolicies,
			ObjectProvider<StatusCallbackAddress> statusCallbackAddress) {
		TwilioProperties.Messaging messaging = properties.messaging();
		TwilioPropertiesChecks.checkMessaging(messaging);
		ApiClient client = ApiClient.create(webClientBuilder(webClientCustomizers), connector.get(),
				access(connectionDetails), connectionDetails.getClock(), messaging.retry().serviceUnavailable());
		ExchangePolicy policy = new ExchangePolicy(new SpringRetryStrategy(retryPolicies),
				new RetryBudget(messaging.retry().budget()), messaging.client().deadline(),
				messaging.retry().maxRetryAfter(), connectionDetails.getClock(), Schedulers.parallel(),
				System::nanoTime);
		return new MessagingTemplate(new ExchangeExecutor(client, policy, observations),
				settings(messaging, () -> address(statusCallbackAddress)), connectionDetails.getClock());
	}

	// Not a builder bean, which may be meant for something else, load balancing for
	// example.
	private static WebClient.Builder webClientBuilder(ObjectProvider<WebClientCustomizer> customizers) {
		WebClient.Builder builder = WebClient.builder();
		customizers.orderedStream().forEach((customizer) -> customizer.customize(builder));
		return builder;
	}

	private static @Nullable String address(ObjectProvider<StatusCallbackAddress> provider) {
		StatusCallbackAddress address = provider.getIfAvailable();
		return (address != null) ? address.get() : null;
	}

	private static ApiAccess access(TwilioConnectionDetails details) {
		URI baseUrl = details.getBaseUrl();
		return new ApiAccess(baseUrl, details.getAccountSid(), details.getUsername(), details.getPassword());
	}

	private static MessagingSettings settings(TwilioProperties.Messaging properties,
			Supplier<@Nullable String> statusCallback) {
		TwilioProperties.Limits limits = properties.limits();
		return new MessagingSettings(properties.from(), properties.messagingServiceSid(), statusCallback,
				new MessageLimits(limits.scheduleMinimum(), limits.scheduleMaximum(), limits.validityMaximum(),
						limits.fromWithMessagingService()),
				properties.concurrency());
	}

}
