package io.github.twiliospring.messaging.simulator.boot;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

import io.github.twiliospring.messaging.MessagingOperations;
import io.github.twiliospring.messaging.autoconfigure.TwilioConnectionDetails;
import io.github.twiliospring.messaging.autoconfigure.TwilioMessagingAutoConfiguration;
import io.github.twiliospring.messaging.autoconfigure.TwilioWebhookAutoConfiguration;
import io.github.twiliospring.messaging.message.OutboundMessage;
import io.github.twiliospring.messaging.simulator.TwilioSimulator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.boot.test.context.assertj.ApplicationContextAssertProvider;
import org.springframework.boot.test.context.runner.AbstractApplicationContextRunner;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.web.server.WebServer;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.core.io.support.SpringFactoriesLoader;
import org.springframework.core.log.LogMessage;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Which beans are there with the simulator on the class path, turned on or not.
 */
class SimulatorWiringTests {

	private static final String ACCOUNT_SID = "AC0123456789abcdef0123456789abcdef";

	private static final String[] CREDENTIALS = { "twilio.account-sid=" + ACCOUNT_SID, "twilio.auth-token=token" };

	enum Stack {

		NONE(ApplicationContextRunner::new), SERVLET(WebApplicationContextRunner::new),
		REACTIVE(ReactiveWebApplicationContextRunner::new);

		private final Supplier<AbstractApplicationContextRunner<?, ?, ?>> runner;

		Stack(Supplier<AbstractApplicationContextRunner<?, ?, ?>> runner) {
			this.runner = runner;
		}

		AbstractApplicationContextRunner<?, ?, ?> runner() {
			return this.runner.get()
				.withConfiguration(AutoConfigurations.of(TwilioSimulatorAutoConfiguration.class,
						TwilioMessagingAutoConfiguration.class, TwilioWebhookAutoConfiguration.class));
		}

	}

	static Stream<Arguments> applications() {
		List<Arguments> applications = new ArrayList<>();
		for (Stack stack : Stack.values()) {
			for (String enabled : new String[] { "absent", "false", "true" }) {
				applications.add(Arguments.of(stack, enabled, true));
				applications.add(Arguments.of(stack, enabled, false));
			}
		}
		return applications.stream();
	}

	@ParameterizedTest(name = "{0}, enabled {1}, credentials {2}")
	@MethodSource("applications")
	void takesThePlaceOfTheApiWhereItIsTurnedOnAndIsNotThereOtherwise(Stack stack, String enabled,
			boolean credentials) {
		AbstractApplicationContextRunner<?, ?, ?> runner = stack.runner();
		if (!enabled.equals("absent")) {
			runner = runner.withPropertyValues("twilio.simulator.enabled=" + enabled);
		}
		if (credentials) {
			runner = runner.withPropertyValues(CREDENTIALS);
		}
		run(runner, (context) -> {
			if (enabled.equals("true")) {
				assertThat(context.getStartupFailure()).isNull();
				TwilioSimulator simulator = context.getBean(TwilioSimulator.class);
				assertThat(context.getBean(TwilioConnectionDetails.class).getBaseUrl()).isEqualTo(simulator.baseUrl());
				context.getBean(MessagingOperations.class)
					.send(OutboundMessage.to("+15558675310").from("+15017122661").body("Hi"))
					.block();
				assertThat(simulator.messages()).hasSize(1);
			}
			else if (credentials) {
				assertThat(context.getStartupFailure()).isNull();
				assertThat(context.getBean(TwilioConnectionDetails.class).getAccountSid()).isEqualTo(ACCOUNT_SID);
				assertThat(context.getBeansOfType(Object.class).values())
					.extracting((bean) -> bean.getClass().getName())
					.noneMatch((name) -> name.startsWith(TwilioSimulator.class.getPackageName()));
			}
			else {
				assertThat(context.getStartupFailure()).isNotNull();
			}
		});
	}

	@Test
	void letsRequestsToAnAllowedHostIn() {
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(TwilioSimulatorAutoConfiguration.class))
			.withPropertyValues("twilio.simulator.enabled=true", "twilio.simulator.allowed-hosts=simulator")
			.run((context) -> {
				int port = context.getBean(TwilioSimulator.class).port();
				assertThat(clock(port, "simulator")).startsWith("HTTP/1.1 200");
				assertThat(clock(port, "elsewhere")).startsWith("HTTP/1.1 403");
			});
	}

	// Boot tells parents of it, such as of the actuator's.
	@Test
	void sendsIncomingMessagesToNoServerOfAChildContext() {
		run(Stack.REACTIVE.runner().withPropertyValues("twilio.simulator.enabled=true"), (context) -> {
			context.publishEvent(new WebServerInitializedEvent(stub(WebServer.class)) {

				@Override
				public WebServerApplicationContext getApplicationContext() {
					return stub(WebServerApplicationContext.class);
				}

			});
			TwilioSimulator simulator = context.getBean(TwilioSimulator.class);
			simulator.receive("+15558675310", "+15017122661", "Hi");
			simulator.awaitIdle(Duration.ofSeconds(20));
			assertThat(simulator.callbacks()).isEmpty();
		});
	}

	private static <T> T stub(Class<T> type) {
		return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] { type },
				(proxy, method, arguments) -> method.getName().equals("getPort") ? 1 : null));
	}

	private static String clock(int port, String host) throws IOException {
		try (Socket socket = new Socket("127.0.0.1", port)) {
			socket.setSoTimeout(10_000);
			socket.getOutputStream()
				.write(("GET /simulator/clock HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n")
					.getBytes(StandardCharsets.UTF_8));
			return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		}
	}

	@Test
	void hasATokenOfItsOwnAtEachStartWhichSignsAndVerifies() {
		List<String> tokens = new ArrayList<>();
		for (int start = 0; start < 3; start++) {
			run(Stack.NONE.runner()
				.withPropertyValues("twilio.simulator.enabled=true", "twilio.auth-token=not-this-one"), (context) -> {
					TwilioConnectionDetails details = context.getBean(TwilioConnectionDetails.class);
					String token = context.getBean(TwilioSimulator.class).authToken();
					assertThat(details.getAuthTokens()).containsExactly(token);
					assertThat(details.getPassword()).isEqualTo(token);
					tokens.add(token);
				});
		}
		assertThat(tokens).doesNotHaveDuplicates()
			.allMatch((token) -> token.matches("[0-9a-f]{32}"))
			.doesNotContain("0123456789abcdef0123456789abcdef");
	}

	@Test
	@ExtendWith(OutputCaptureExtension.class)
	void warnsThatNoMessageIsSentAndShowsNoToken(CapturedOutput output) {
		run(Stack.NONE.runner().withPropertyValues("twilio.simulator.enabled=true"), (context) -> {
			TwilioSimulator simulator = context.getBean(TwilioSimulator.class);
			assertThat(output.toString()
				.lines()
				.filter((line) -> line.contains("talks to a simulator, at " + simulator.baseUrl()))).singleElement()
				.asString()
				.contains("WARN", "no message is sent")
				.doesNotContain(simulator.authToken());
			assertThat(output.toString()).doesNotContain(simulator.authToken());
		});
	}

	@Test
	void aSimulatorOfTheUsersOwnIsTheOneThatIsUsed() {
		try (TwilioSimulator own = TwilioSimulator.builder().start()) {
			run(Stack.NONE.runner()
				.withPropertyValues("twilio.simulator.enabled=true")
				.withInitializer((context) -> context.getBeanFactory().registerSingleton("own", own)), (context) -> {
					assertThat(context.getBeanNamesForType(TwilioSimulator.class)).containsExactly("own");
					assertThat(context.getBean(TwilioConnectionDetails.class).getBaseUrl()).isEqualTo(own.baseUrl());
				});
		}
	}

	@Test
	void namesThePropertyWhereItsPortIsTaken() {
		try (TwilioSimulator other = TwilioSimulator.builder().start()) {
			int port = other.baseUrl().getPort();
			run(Stack.NONE.runner()
				.withPropertyValues("twilio.simulator.enabled=true", "twilio.simulator.port=" + port), (context) -> {
					FailureAnalysis analysis = analyze(context.getStartupFailure());
					assertThat(analysis.getDescription()).isEqualTo("The simulator can't listen on port " + port
							+ ": another process has it, perhaps another simulator, or this one may not use it.");
					assertThat(analysis.getAction())
						.contains("set the property 'twilio.simulator.port' to another port, or to 0");
				});
		}
	}

	@Test
	void namesThePropertyWhosePortIsNone() {
		run(Stack.NONE.runner().withPropertyValues("twilio.simulator.enabled=true", "twilio.simulator.port=70000"),
				(context) -> {
					FailureAnalysis analysis = analyze(context.getStartupFailure());
					assertThat(analysis.getDescription()).contains("'twilio.simulator.port' is 70000");
					assertThat(analysis.getAction()).isEqualTo("Set it to 1 to 65535, or to 0 for a free one.");
				});
	}

	private static FailureAnalysis analyze(Throwable failure) {
		return SpringFactoriesLoader.forDefaultResourceLocation()
			.load(FailureAnalyzer.class,
					SpringFactoriesLoader.FailureHandler.handleMessage((message, ex) -> LogMessage.of(message)))
			.stream()
			.filter((analyzer) -> analyzer instanceof UnavailablePortFailureAnalyzer)
			.map((analyzer) -> analyzer.analyze(failure))
			.findFirst()
			.orElseThrow();
	}

	@Test
	void isNotEnabledByHalf() {
		run(Stack.NONE.runner().withPropertyValues(CREDENTIALS).withPropertyValues("twilio.simulator.enabled=1"),
				(context) -> assertThat(context.getStartupFailure())
					.hasStackTraceContaining("The simulator is enabled, but it wasn't started"));
	}

	@SuppressWarnings({ "unchecked", "rawtypes" })
	private static void run(AbstractApplicationContextRunner runner, Check check) {
		runner.run((context) -> check.run((ApplicationContextAssertProvider<?>) context));
	}

	private interface Check {

		void run(ApplicationContextAssertProvider<?> context);

	}

}
