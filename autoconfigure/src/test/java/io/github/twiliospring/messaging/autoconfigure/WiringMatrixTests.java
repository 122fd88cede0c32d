package io.github.twiliospring.messaging.autoconfigure;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;

import io.github.twiliospring.messaging.MessagingOperations;
import io.github.twiliospring.messaging.MessagingTemplate;
import io.github.twiliospring.messaging.observation.MessagingObservations;
import io.github.twiliospring.messaging.retry.TwilioRetryPolicies;
import io.github.twiliospring.messaging.webhook.dispatch.StatusUpdateEventPublisher;
import io.github.twiliospring.messaging.webhook.ledger.CallbackLedger;
import io.github.twiliospring.messaging.webhook.ledger.InMemoryCallbackLedger;
import io.github.twiliospring.messaging.webhook.sweep.StatusSweep;
import io.micrometer.observation.ObservationRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisReactiveAutoConfiguration;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.http.client.autoconfigure.reactive.ReactiveHttpClientAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.ApplicationContextAssertProvider;
import org.springframework.boot.test.context.runner.AbstractApplicationContextRunner;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.webclient.autoconfigure.WebClientAutoConfiguration;
import org.springframework.retry.backoff.NoBackOffPolicy;
import org.springframework.retry.policy.NeverRetryPolicy;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Which beans are there in which kind of application.
 */
class WiringMatrixTests {

	private static final String[] CREDENTIALS = { "twilio.account-sid=" + ApiStub.ACCOUNT_SID,
			"twilio.auth-token=token" };

	enum Stack {

		NONE(ApplicationContextRunner::new), SERVLET(WebApplicationContextRunner::new),
		REACTIVE(ReactiveWebApplicationContextRunner::new);

		private final Supplier<AbstractApplicationContextRunner<?, ?, ?>> runner;

		Stack(Supplier<AbstractApplicationContextRunner<?, ?, ?>> runner) {
			this.runner = runner;
		}

	}

	static Stream<Arguments> applications() {
		List<Arguments> applications = new ArrayList<>();
		for (Stack stack : Stack.values()) {
			for (int bits = 0; bits < 16; bits++) {
				applications
					.add(Arguments.of(stack, (bits & 1) != 0, (bits & 2) != 0, (bits & 4) != 0, (bits & 8) != 0));
			}
		}
		return applications.stream();
	}

	@ParameterizedTest(name = "{0}, actuator {1}, Micrometer {2}, Redis {3}, credentials {4}")
	@MethodSource("applications")
	void hasWhatTheApplicationHasRoomForAndNothingElse(Stack stack, boolean actuator, boolean micrometer, boolean redis,
			boolean credentials) {
		AbstractApplicationContextRunner<?, ?, ?> runner = runner(stack, actuator, redis);
		if (micrometer) {
			runner = runner.withBean(ObservationRegistry.class, ObservationRegistry::create);
		}
		if (credentials) {
			runner = runner.withPropertyValues(CREDENTIALS);
		}
		boolean web = stack != Stack.NONE;
		run(runner.withPropertyValues("management.endpoints.web.exposure.include=twiliohandlers",
				"twilio.messaging.webhook.ledger.store=" + (redis ? "redis" : "memory")), (context) -> {
					if (!credentials) {
						assertThat(context.getStartupFailure()).isNotNull();
						assertThat(
								TwilioMessagingAutoConfigurationTests.analyze(context.getStartupFailure()).getAction())
							.contains("'twilio.auth-token'");
						return;
					}
					assertThat(context.getStartupFailure()).isNull();
					assertThat(context.getBeansOfType(MessagingOperations.class)).hasSize(1);
					assertThat(context.getBeansOfType(StatusCallbackAddress.class)).hasSize(web ? 1 : 0);
					assertThat(context.getBeansOfType(TwilioHandlersEndpoint.class)).hasSize((web && actuator) ? 1 : 0);
					Map<String, CallbackLedger> ledgers = context.getBeansOfType(CallbackLedger.class);
					assertThat(ledgers).hasSize(web ? 1 : 0);
					assertThat(ledgers.values())
						.allMatch((ledger) -> ledger instanceof InMemoryCallbackLedger != redis);
				});
	}

	@ParameterizedTest
	@CsvSource({ "reactor.netty", "org.springframework.data.redis", "org.springframework.boot.health",
			"org.springframework.transaction" })
	void startsWithoutAnyOptionalDependency(String absent) {
		for (Stack stack : Stack.values()) {
			run(runner(stack, false, false).withClassLoader(new FilteredClassLoader(absent))
				.withPropertyValues(CREDENTIALS)
				.withPropertyValues("twilio.messaging.webhook.events=true"), (context) -> {
					assertThat(context.getStartupFailure()).isNull();
					assertThat(context.getBeansOfType(MessagingTemplate.class)).hasSize(1);
					assertThat(context.getBeansOfType(StatusUpdateEventPublisher.class))
						.hasSize((stack != Stack.NONE) ? 1 : 0);
					assertThat(context.getBeansOfType(TwilioHandlersEndpoint.class)).isEmpty();
				});
		}
	}

	@Test
	void saysWhatIsMissingForMarksInRedis() {
		run(runner(Stack.REACTIVE, false, false)
			.withClassLoader(new FilteredClassLoader("org.springframework.data.redis"))
			.withPropertyValues(CREDENTIALS)
			.withPropertyValues("twilio.messaging.webhook.ledger.store=redis"),
				(context) -> assertThat(
						TwilioMessagingAutoConfigurationTests.analyze(context.getStartupFailure()).getAction())
					.contains("'spring-boot-starter-data-redis-reactive'"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "org.springframework.boot.web.server" })
	void receivesNothingWithoutAWebServer(String absent) {
		run(runner(Stack.REACTIVE, false, false).withClassLoader(new FilteredClassLoader(absent))
			.withPropertyValues(CREDENTIALS), (context) -> {
				assertThat(context.getStartupFailure()).isNull();
				assertThat(context.getBeansOfType(MessagingTemplate.class)).hasSize(1);
				assertThat(context.getBeansOfType(StatusCallbackAddress.class)).isEmpty();
				assertThat(context.getBeansOfType(StatusSweep.class)).isEmpty();
			});
	}

	@ParameterizedTest
	@ValueSource(classes = { TwilioConnectionDetails.class, TwilioRetryPolicies.class, MessagingObservations.class,
			MessagingTemplateBuilder.class, MessagingOperations.class, CallbackLedger.class })
	void aBeanOfTheUsersOwnWins(Class<?> type) {
		run(with(runner(Stack.REACTIVE, false, false).withPropertyValues(CREDENTIALS), type), (context) -> {
			assertThat(context.getStartupFailure()).isNull();
			assertThat(context.getBeanNamesForType(type)).containsExactly("own");
		});
	}

	@ParameterizedTest
	@CsvSource({ "retry.budget,-1,Set it to 0 to 1000000.", "retry.budget,1000001,Set it to 0 to 1000000.",
			"retry.max-attempts,0,Set it to 1 or more.", "retry.initial-interval,0s,Set it to 1ms or more.",
			"retry.max-interval,-1s,Set it to 1ms or more.",
			"retry.multiplier,1,'Set it to more than 1. For equal pauses, declare a TwilioRetryPolicies bean.'",
			"retry.multiplier,NaN,'Set it to more than 1. For equal pauses, declare a TwilioRetryPolicies bean.'",
			"client.deadline,0s,Set it to 1ms or more.", "client.pool.max-connections,0,Set it to 1 or more.",
			"concurrency,0,Set it to 1 or more." })
	void namesThePropertyThatCannotWork(String property, String value, String action) {
		run(runner(Stack.NONE, false, false).withPropertyValues(CREDENTIALS)
			.withPropertyValues("twilio.messaging." + property + "=" + value), (context) -> {
				assertThat(context.getStartupFailure()).isNotNull();
				FailureAnalysis analysis = TwilioMessagingAutoConfigurationTests.analyze(context.getStartupFailure());
				assertThat(analysis.getDescription())
					.startsWith("The property 'twilio.messaging." + property + "' is ");
				assertThat(analysis.getAction()).isEqualTo(action);
			});
	}

	private static AbstractApplicationContextRunner<?, ?, ?> runner(Stack stack, boolean actuator, boolean redis) {
		List<Class<?>> configurations = new ArrayList<>(
				List.of(TwilioMessagingAutoConfiguration.class, TwilioWebhookAutoConfiguration.class,
						ReactiveHttpClientAutoConfiguration.class, WebClientAutoConfiguration.class));
		if (redis) {
			configurations.add(DataRedisAutoConfiguration.class);
			configurations.add(DataRedisReactiveAutoConfiguration.class);
		}
		AbstractApplicationContextRunner<?, ?, ?> runner = stack.runner.get();
		if (!actuator) {
			runner = runner.withClassLoader(new FilteredClassLoader(ConditionalOnAvailableEndpoint.class));
		}
		return runner.withConfiguration(AutoConfigurations.of(configurations.toArray(Class<?>[]::new)));
	}

	@SuppressWarnings({ "unchecked", "rawtypes" })
	private static AbstractApplicationContextRunner<?, ?, ?> with(AbstractApplicationContextRunner runner,
			Class<?> type) {
		Object own = own(type);
		return (AbstractApplicationContextRunner<?, ?, ?>) runner.withBean("own", type, () -> own);
	}

	private static Object own(Class<?> type) {
		if (type == TwilioRetryPolicies.class) {
			return new TwilioRetryPolicies(new NeverRetryPolicy(), new NoBackOffPolicy());
		}
		if (type == MessagingObservations.class) {
			return new MessagingObservations(ObservationRegistry.create(), null);
		}
		if (type == TwilioConnectionDetails.class) {
			return new TwilioMessagingAutoConfigurationTests.OwnConnectionDetails();
		}
		if (type == MessagingTemplateBuilder.class) {
			TwilioConnectionDetails details = new TwilioMessagingAutoConfigurationTests.OwnConnectionDetails();
			return builder(details);
		}
		return Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] { type },
				(proxy, method, arguments) -> method.getName().equals("hashCode") ? Integer.valueOf(1) : null);
	}

	private static MessagingTemplateBuilder builder(TwilioConnectionDetails details) {
		MessagingTemplateBuilder[] builder = new MessagingTemplateBuilder[1];
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(TwilioMessagingAutoConfiguration.class))
			.withBean(TwilioConnectionDetails.class, () -> details)
			.run((context) -> builder[0] = context.getBean(MessagingTemplateBuilder.class));
		return builder[0];
	}

	@SuppressWarnings({ "unchecked", "rawtypes" })
	private static void run(AbstractApplicationContextRunner runner, Check check) {
		runner.run((context) -> check.run((ApplicationContextAssertProvider<?>) context));
	}

	private interface Check {

		void run(ApplicationContextAssertProvider<?> context);

	}

}
