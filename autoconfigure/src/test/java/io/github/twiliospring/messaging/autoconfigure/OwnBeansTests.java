package io.github.twiliospring.messaging.autoconfigure;

import io.github.twiliospring.messaging.BlockingMessagingOperations;
import io.github.twiliospring.messaging.MessagingTemplateBuilder;
import io.github.twiliospring.messaging.MessagingOperations;
import io.github.twiliospring.messaging.retry.TwilioRetryPolicies;
import io.github.twiliospring.messaging.webhook.ServletWebhooks;
import io.github.twiliospring.messaging.webhook.StatusUpdateDispatcher;
import io.github.twiliospring.messaging.webhook.StatusUpdateEventPublisher;
import io.github.twiliospring.messaging.webhook.Webhooks;
import io.github.twiliospring.messaging.webhook.ledger.CallbackLedger;
import io.github.twiliospring.messaging.webhook.sweep.StatusSweep;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import jakarta.servlet.Filter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

import org.springframework.boot.actuate.info.InfoContributor;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.ReactiveHealthIndicator;
import org.springframework.boot.test.context.runner.AbstractApplicationContextRunner;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A bean of the user's own takes the place of the starter's, whatever kind it is.
 */
class OwnBeansTests {

	@ParameterizedTest
	@ValueSource(classes = { TwilioConnectionDetails.class, TwilioRetryPolicies.class, MessagingTemplateBuilder.class,
			MessagingOperations.class, BlockingMessagingOperations.class, StatusCallbackAddress.class,
			CallbackLedger.class, Webhooks.class, StatusUpdateDispatcher.class, TwilioHandlersEndpoint.class,
			StatusSweep.class, StatusUpdateEventPublisher.class })
	void aBeanOfTheUsersOwnWins(Class<?> type) {
		// Another application's bean will do.
		Object[] own = new Object[1];
		Stack.run(runner(), (context) -> own[0] = context.getBean(type));
		Stack.run(with(runner(), type, own[0]), (context) -> {
			assertThat(context.getStartupFailure()).isNull();
			assertThat(context.getBeanNamesForType(type)).containsExactly("own");
		});
	}

	@Test
	void aFilterOfTheUsersOwnWinsOnTheServletStack() {
		Stack.run(Stack.SERVLET.runner().withPropertyValues(Stack.CREDENTIALS).withUserConfiguration(OwnFilters.class),
				(context) -> {
					assertThat(context.getBean("webhookFilter", FilterRegistrationBean.class).getFilterName())
						.isEqualTo("own");
					assertThat(context.getBean("verifiedWebhookFilter", FilterRegistrationBean.class).isEnabled())
						.isFalse();
				});
	}

	@Test
	void healthAndInfoOfTheUsersOwnWinByName() {
		Stack.run(runner().withUserConfiguration(OwnOperations.class), (context) -> {
			assertThat(context.getBeansOfType(TwilioHealthIndicator.class)).isEmpty();
			assertThat(context.getBeanNamesForType(InfoContributor.class)).containsExactly("twilioInfoContributor");
			assertThat(context.getBean("twilioInfoContributor").getClass().getName()).contains("OwnBeansTests");
		});
	}

	@Test
	void severalRegistriesOfTheUsersOwnKeepNothingFromStarting() {
		for (Stack stack : Stack.values()) {
			Stack.run(stack.runner().withPropertyValues(Stack.CREDENTIALS).withUserConfiguration(TwoRegistries.class),
					(context) -> assertThat(context).hasNotFailed());
		}
	}

	private static AbstractApplicationContextRunner<?, ?, ?> runner() {
		return Stack.withActuator(Stack.REACTIVE.runner())
			.withPropertyValues(Stack.CREDENTIALS)
			.withPropertyValues("twilio.base-url=http://localhost:1", "twilio.messaging.webhook.events=true",
					"management.info.twilio.enabled=true", "management.endpoints.web.exposure.include=twiliohandlers");
	}

	@SuppressWarnings({ "unchecked", "rawtypes" })
	private static AbstractApplicationContextRunner<?, ?, ?> with(AbstractApplicationContextRunner runner,
			Class<?> type, Object own) {
		return (AbstractApplicationContextRunner<?, ?, ?>) runner.withBean("own", type, () -> own);
	}

	@Configuration(proxyBeanMethods = false)
	static class OwnFilters {

		@Bean
		FilterRegistrationBean<Filter> webhookFilter(Webhooks webhooks) {
			FilterRegistrationBean<Filter> registration = new FilterRegistrationBean<>(
					ServletWebhooks.filter(webhooks));
			registration.setName("own");
			return registration;
		}

		@Bean
		FilterRegistrationBean<Filter> verifiedWebhookFilter() {
			FilterRegistrationBean<Filter> registration = new FilterRegistrationBean<>();
			registration.setEnabled(false);
			return registration;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnOperations {

		@Bean
		ReactiveHealthIndicator twilioHealthIndicator() {
			return () -> Mono.just(Health.up().build());
		}

		@Bean
		InfoContributor twilioInfoContributor() {
			return (info) -> info.withDetail("own", true);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class TwoRegistries {

		@Bean
		MeterRegistry one() {
			return new SimpleMeterRegistry();
		}

		@Bean
		MeterRegistry another() {
			return new SimpleMeterRegistry();
		}

		@Bean
		ObservationRegistry observations() {
			return ObservationRegistry.create();
		}

		@Bean
		ObservationRegistry otherObservations() {
			return ObservationRegistry.create();
		}

	}

}
