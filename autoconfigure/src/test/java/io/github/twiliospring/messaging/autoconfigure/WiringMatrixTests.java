package io.github.twiliospring.messaging.autoconfigure;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import io.github.twiliospring.messaging.MessagingOperations;
import io.github.twiliospring.messaging.MessagingTemplate;
import io.github.twiliospring.messaging.webhook.StatusUpdateEventPublisher;
import io.github.twiliospring.messaging.webhook.ledger.CallbackLedger;
import io.github.twiliospring.messaging.webhook.ledger.InMemoryCallbackLedger;
import io.github.twiliospring.messaging.webhook.sweep.StatusSweep;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.info.InfoContributor;
import org.springframework.boot.autoconfigure.condition.ConditionEvaluationReport;
import org.springframework.boot.autoconfigure.condition.ConditionEvaluationReport.ConditionAndOutcomes;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.ApplicationContextAssertProvider;
import org.springframework.boot.test.context.runner.AbstractApplicationContextRunner;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.util.ClassUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Which beans are there in which kind of application. The simulator's part is in its own
 * module.
 */
class WiringMatrixTests {

	private static final String ROOT = "io.github.twiliospring.";

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
		AbstractApplicationContextRunner<?, ?, ?> runner = actuator ? Stack.withActuator(stack.runner())
				: stack.runner().withClassLoader(new FilteredClassLoader(ConditionalOnAvailableEndpoint.class));
		List<String> observed = new ArrayList<>();
		if (micrometer) {
			runner = runner.withBean(ObservationRegistry.class, () -> noting(observed));
		}
		if (redis) {
			runner = Stack.withRedis(runner);
		}
		if (credentials) {
			runner = runner.withPropertyValues(Stack.CREDENTIALS);
		}
		Stack.run(runner, (context) -> {
			if (!credentials) {
				assertThat(context.getStartupFailure()).isNotNull();
				assertThat(TwilioMessagingAutoConfigurationTests.analyze(context.getStartupFailure()).getAction())
					.contains("'twilio.auth-token'");
				return;
			}
			assertThat(context.getStartupFailure()).isNull();
			assertThat(context.getBeansOfType(MessagingOperations.class)).hasSize(1);
			assertThat(context.getBeansOfType(StatusCallbackAddress.class)).hasSize(stack.web() ? 1 : 0);
			assertThat(context.getBeansOfType(TwilioHandlersEndpoint.class)).hasSize((stack.web() && actuator) ? 1 : 0);
			assertThat(context.getBeansOfType(TwilioHealthIndicator.class)).hasSize(actuator ? 1 : 0);
			assertThat(context.getBeansOfType(InfoContributor.class)).hasSize(actuator ? 1 : 0);
			Map<String, CallbackLedger> ledgers = context.getBeansOfType(CallbackLedger.class);
			assertThat(ledgers).hasSize(stack.web() ? 1 : 0);
			assertThat(ledgers.values()).allMatch((ledger) -> ledger instanceof InMemoryCallbackLedger != redis);
			// Refused before a request.
			context.getBean(MessagingOperations.class).fetch("nonsense").onErrorComplete().block();
			assertThat(observed).hasSize(micrometer ? 1 : 0).allMatch("twilio.messaging.operations"::equals);
		});
	}

	private static ObservationRegistry noting(List<String> names) {
		ObservationRegistry registry = ObservationRegistry.create();
		registry.observationConfig().observationHandler(new ObservationHandler<>() {

			@Override
			public void onStop(Observation.Context context) {
				names.add(context.getName());
			}

			@Override
			public boolean supportsContext(Observation.Context context) {
				return true;
			}

		});
		return registry;
	}

	@ParameterizedTest
	@EnumSource
	void startsNoThreadAndHasNoBeanThatTheConditionReportDoesNotExplain(Stack stack) throws Exception {
		// Whatever the context starts belongs to it; the threads of others don't.
		ThreadGroup group = new ThreadGroup("context");
		FutureTask<Void> application = new FutureTask<>(() -> explainsItself(stack, group), null);
		new Thread(group, application).start();
		application.get(1, TimeUnit.MINUTES);
	}

	private void explainsItself(Stack stack, ThreadGroup group) {
		Stack.run(Stack.withActuator(stack.runner()).withPropertyValues(Stack.CREDENTIALS), (context) -> {
			assertThat(beans(context)).isNotEmpty();
			Map<String, ConditionAndOutcomes> report = report(context).getConditionAndOutcomesBySource();
			beans(context).forEach((bean, origin) -> assertThat(report).hasEntrySatisfying(
					report.containsKey(origin) ? origin : origin + "#" + bean,
					(outcomes) -> assertThat(outcomes.isFullMatch()).isTrue()));
			assertThat(threads(group)).isEmpty();
		});
	}

	@ParameterizedTest
	@EnumSource(names = { "SERVLET", "REACTIVE" })
	void saysInTheConditionReportWhatIsNotThereAndWhy(Stack stack) {
		Stack.run(
				Stack.withActuator(stack.runner())
					.withPropertyValues(Stack.CREDENTIALS)
					.withPropertyValues("twilio.messaging.webhook.enabled=false",
							"management.health.twilio.enabled=false", "management.info.twilio.enabled=false"),
				(context) -> {
					assertThat(reason(context, TwilioWebhookAutoConfiguration.class))
						.contains("twilio.messaging.webhook.enabled");
					assertThat(reason(context, TwilioHealthAutoConfiguration.class))
						.contains("management.health.twilio.enabled");
					assertThat(reason(context, TwilioInfoAutoConfiguration.class))
						.contains("management.info.twilio.enabled");
					assertThat(beans(context).values()).containsOnly(TwilioMessagingAutoConfiguration.class.getName());
				});
	}

	@ParameterizedTest
	@ValueSource(strings = { "reactor.netty", "org.springframework.data.redis", "org.springframework.boot.health",
			"org.springframework.transaction", "org.springframework.web.servlet", "org.springframework.boot.webflux" })
	void startsWithoutAnyOptionalDependency(String absent) {
		for (Stack stack : Stack.values()) {
			Stack.run(stack.runner()
				.withClassLoader(new FilteredClassLoader(absent))
				.withPropertyValues(Stack.CREDENTIALS)
				.withPropertyValues("twilio.messaging.webhook.events=true"), (context) -> {
					assertThat(context.getStartupFailure()).isNull();
					assertThat(context.getBeansOfType(MessagingTemplate.class)).hasSize(1);
					assertThat(context.getBeansOfType(StatusUpdateEventPublisher.class)).hasSize(stack.web() ? 1 : 0);
				});
		}
	}

	@Test
	void saysWhatIsMissingForMarksInRedis() {
		Stack.run(
				Stack.REACTIVE.runner()
					.withClassLoader(new FilteredClassLoader("org.springframework.data.redis"))
					.withPropertyValues(Stack.CREDENTIALS)
					.withPropertyValues("twilio.messaging.webhook.ledger.store=redis"),
				(context) -> assertThat(
						TwilioMessagingAutoConfigurationTests.analyze(context.getStartupFailure()).getAction())
					.contains("'spring-boot-starter-data-redis-reactive'"));
	}

	@Test
	void receivesNothingWithoutAWebServer() {
		Stack.run(Stack.REACTIVE.runner()
			.withClassLoader(new FilteredClassLoader("org.springframework.boot.web.server"))
			.withPropertyValues(Stack.CREDENTIALS), (context) -> {
				assertThat(context.getStartupFailure()).isNull();
				assertThat(context.getBeansOfType(MessagingTemplate.class)).hasSize(1);
				assertThat(context.getBeansOfType(StatusCallbackAddress.class)).isEmpty();
				assertThat(context.getBeansOfType(StatusSweep.class)).isEmpty();
			});
	}

	@ParameterizedTest
	@CsvSource({ "retry.budget,-1,Set it to 0 to 1000000.", "retry.budget,1000001,Set it to 0 to 1000000.",
			"retry.max-attempts,0,Set it to 1 or more.", "retry.initial-interval,0s,Set it to 1ms to 365d.",
			"retry.max-interval,-1s,Set it to 1ms to 365d.",
			"retry.multiplier,1,'Set it to more than 1. For equal pauses, declare a TwilioRetryPolicies bean.'",
			"retry.multiplier,NaN,'Set it to more than 1. For equal pauses, declare a TwilioRetryPolicies bean.'",
			"client.deadline,0s,Set it to 1ms to 365d.", "client.pool.max-connections,0,Set it to 1 or more.",
			"concurrency,0,Set it to 1 or more." })
	void namesThePropertyThatCannotWork(String property, String value, String action) {
		Stack.run(Stack.NONE.runner()
			.withPropertyValues(Stack.CREDENTIALS)
			.withPropertyValues("twilio.messaging." + property + "=" + value), (context) -> {
				assertThat(context.getStartupFailure()).isNotNull();
				FailureAnalysis analysis = TwilioMessagingAutoConfigurationTests.analyze(context.getStartupFailure());
				assertThat(analysis.getDescription())
					.startsWith("The property 'twilio.messaging." + property + "' is ");
				assertThat(analysis.getAction()).isEqualTo(action);
			});
	}

	// The starter's beans, without those that hold properties, and the classes that
	// declare them.
	private static Map<String, String> beans(ApplicationContextAssertProvider<?> context) {
		ConfigurableListableBeanFactory beans = factory(context);
		Map<String, String> origins = new TreeMap<>();
		for (String name : beans.getBeanDefinitionNames()) {
			String factory = beans.getBeanDefinition(name).getFactoryBeanName();
			Class<?> origin = (factory != null) ? beans.getType(factory) : null;
			if (origin != null && origin.getName().startsWith(ROOT)) {
				origins.put(name, ClassUtils.getUserClass(origin).getName());
			}
		}
		return origins;
	}

	private static List<String> threads(ThreadGroup group) {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getThreadGroup() == group)
			.map(Thread::getName)
			.filter((name) -> name.startsWith("twilio"))
			.toList();
	}

	private static String reason(ApplicationContextAssertProvider<?> context, Class<?> configuration) {
		return StreamSupport
			.stream(report(context).getConditionAndOutcomesBySource().get(configuration.getName()).spliterator(), false)
			.filter((each) -> !each.getOutcome().isMatch())
			.map((each) -> each.getOutcome().getMessage())
			.collect(Collectors.joining());
	}

	private static ConditionEvaluationReport report(ApplicationContextAssertProvider<?> context) {
		return ConditionEvaluationReport.get(factory(context));
	}

	private static ConfigurableListableBeanFactory factory(ApplicationContextAssertProvider<?> context) {
		return ((ConfigurableApplicationContext) context.getSourceApplicationContext()).getBeanFactory();
	}

}
