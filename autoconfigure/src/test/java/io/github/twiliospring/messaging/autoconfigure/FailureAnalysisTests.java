package io.github.twiliospring.messaging.autoconfigure;

import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import io.github.twiliospring.messaging.MessagingOperations;
import io.github.twiliospring.messaging.MessagingTemplate;
import io.github.twiliospring.messaging.error.InvalidMessageException;
import io.github.twiliospring.messaging.retry.TwilioRetryPolicies;
import io.github.twiliospring.messaging.webhook.StatusCallback;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.core.env.MapPropertySource;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.core.io.support.SpringFactoriesLoader;
import org.springframework.core.log.LogMessage;
import org.springframework.retry.backoff.NoBackOffPolicy;
import org.springframework.retry.policy.CircuitBreakerRetryPolicy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What a user reads where the application can't start, by the analyzers that are
 * registered.
 */
class FailureAnalysisTests {

	private final ReactiveWebApplicationContextRunner contextRunner = new ReactiveWebApplicationContextRunner()
		.withConfiguration(
				AutoConfigurations.of(TwilioMessagingAutoConfiguration.class, TwilioWebhookAutoConfiguration.class));

	private final ReactiveWebApplicationContextRunner configured = this.contextRunner
		.withPropertyValues("twilio.account-sid=AC0123456789abcdef0123456789abcdef", "twilio.auth-token=token");

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void noCredentials(boolean webhook) {
		String description = "Messages can't be sent, because the credentials of the Twilio account are missing.";
		String action = "Set the properties 'twilio.account-sid' and 'twilio.auth-token' (or 'twilio.api-key' and"
				+ " 'twilio.api-secret'). To develop without an account, add the dependency"
				+ " 'twilio-messaging-simulator' and set 'twilio.simulator.enabled=true'.";
		check(this.contextRunner.withPropertyValues("twilio.messaging.webhook.enabled=" + webhook), description,
				action);
		new WebApplicationContextRunner()
			.withConfiguration(
					AutoConfigurations.of(TwilioMessagingAutoConfiguration.class, TwilioWebhookAutoConfiguration.class))
			.withPropertyValues("twilio.messaging.webhook.enabled=" + webhook)
			.run((context) -> {
				FailureAnalysis analysis = analyze(context.getStartupFailure());
				assertThat(analysis.getDescription()).isEqualTo(description);
				assertThat(analysis.getAction()).isEqualTo(action);
			});
	}

	@Test
	void halfOfTheCredentials() {
		check(this.configured.withPropertyValues("twilio.auth-token="),
				"Messages can't be sent, because the auth token of the Twilio account is missing.",
				"Set the property 'twilio.auth-token', or 'twilio.api-key' and 'twilio.api-secret'.");
		check(this.configured.withPropertyValues("twilio.account-sid="),
				"Messages can't be sent, because the SID of the Twilio account is missing.",
				"Set the property 'twilio.account-sid' to AC and 32 hexadecimal digits, as the provider's console"
						+ " shows it.");
	}

	@ParameterizedTest
	@ValueSource(strings = { "twilio.auth-token", "twilio.api-secret" })
	void secretWithALineBreakAtItsEnd(String property) {
		check(this.configured
			.withPropertyValues("twilio.api-key=SK0123456789abcdef0123456789abcdef", "twilio.api-secret=s")
			.withInitializer((context) -> context.getEnvironment()
				.getPropertySources()
				.addFirst(new MapPropertySource("mounted", Map.of(property, "secret\n")))),
				"The property '%s' begins or ends with white space or a line break.".formatted(property),
				"Remove it; where the value comes from a file, the file must end with its last character.");
	}

	@Test
	void numberThatIsNotQuoted() {
		check(this.configured.withPropertyValues("twilio.messaging.from=15017122661"),
				"The property 'twilio.messaging.from' is a number without its plus sign, which YAML takes away from a"
						+ " number that isn't quoted.",
				"Quote it, as in from: \"+15017122661\".");
	}

	@Test
	void simulatorThatIsNotThere() {
		check(this.configured.withPropertyValues("twilio.simulator.enabled=true"),
				"The simulator is enabled, but it wasn't started: messages would go to the provider.",
				"Add the dependency 'twilio-messaging-simulator', not with test scope if the application itself is to"
						+ " use it, and set 'twilio.simulator.enabled=true'; or remove the property.");
		this.configured.withPropertyValues("twilio.simulator.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void webhookWithoutToken() {
		check(this.configured.withPropertyValues("twilio.auth-token=", "twilio.api-secret=s",
				"twilio.api-key=SK0123456789abcdef0123456789abcdef"),
				"Webhooks can't be verified, because there is no auth token: an API key signs nothing.",
				"Set the property 'twilio.auth-token', or 'twilio.messaging.webhook.enabled=false' if this"
						+ " application receives no status updates.");
	}

	@Test
	void webhookWithoutTokenWhereTheApplicationSendsByItself() {
		MessagingOperations own = (MessagingOperations) Proxy.newProxyInstance(getClass().getClassLoader(),
				new Class<?>[] { MessagingOperations.class }, (proxy, method, arguments) -> null);
		check(this.contextRunner.withBean("own", MessagingOperations.class, () -> own),
				"Webhooks can't be verified, because there is no auth token: an API key signs nothing.",
				"Set the property 'twilio.auth-token', or 'twilio.messaging.webhook.enabled=false' if this"
						+ " application receives no status updates.");
	}

	@ParameterizedTest
	@ValueSource(strings = { "twilio.auth-token", "twilio.messaging.webhook.auth-tokens", "twilio.account-sid",
			"twilio.region", "twilio.messaging.from", "twilio.messaging.messaging-service-sid" })
	void variableThatIsNotSet(String property) {
		check(this.configured.withPropertyValues(property + "=${NOT_SET}"),
				"The property '%s' is to be taken from '${NOT_SET}', which isn't set.".formatted(property),
				"Set the variable NOT_SET, or the property itself.");
		check(this.configured.withPropertyValues(property + "=se${cret"),
				"The property '%s' holds an unfinished placeholder '${'.".formatted(property),
				"Set the property to a value, or to a placeholder such as '${NAME}'.");
	}

	@Test
	void sidOfTheWrongKind() {
		check(this.configured.withPropertyValues("twilio.messaging.messaging-service-sid=PN123"),
				"The property 'twilio.messaging.messaging-service-sid' is no SID of the right kind: it is PN… with 5"
						+ " characters, it must be MG and 32 hexadecimal digits.",
				"Set it as the provider's console shows it.");
	}

	// Java would show what it can't read.
	@ParameterizedTest
	@ValueSource(strings = { "https://provider:50%off@shop.example.com", "https://provider:ha ha@shop.example.com",
			"https://provider:a@b@shop.example.com", "https://provider:a#b@shop.example.com" })
	void passwordOfThePublicUrlThatIsNotEscaped(String url) {
		check(this.configured.withPropertyValues("twilio.messaging.webhook.public-url=" + url),
				"The property 'twilio.messaging.webhook.public-url' is no URL that the provider could call.",
				"Set it to scheme and host, and the path prefix that a proxy strips, for example"
						+ " 'https://shop.example.com'. The host name can't have an underscore, and in a user name and"
						+ " a password other characters than letters, digits and '-._~' are escaped ('%40' for '@').");
	}

	@Test
	void baseUrlThatCannotBeCalled() {
		for (String url : List.of("api.twilio.com", "ftp://api.twilio.com", "https://user:secret@api.twilio.com",
				"https://api.twilio.com?a=b", "https:///nowhere", "https://my_gateway.example.com")) {
			check(this.configured.withPropertyValues("twilio.base-url=" + url),
					"The property 'twilio.base-url' is no callable http or https URL, or has credentials, a query or a"
							+ " fragment.",
					"Set it to scheme and host, and the path prefix of a gateway if there is one, for example"
							+ " 'https://api.twilio.com'. The host name can't have an underscore. Credentials have"
							+ " properties of their own, as in 'twilio.auth-token'.");
		}
	}

	@ParameterizedTest
	@CsvSource(quoteCharacter = '"', delimiter = '|',
			textBlock = """
					twilio.region=ie 1                                  | 'twilio.region' can't be a part of a host name.
					twilio.edge=dublin.                                 | 'twilio.edge' can't be a part of a host name.
					twilio.messaging.from=+1501712                      | none
					twilio.messaging.from=nonsense number               | 'twilio.messaging.from' is no sender.
					twilio.messaging.client.pool.max-pending=-2         | 'twilio.messaging.client.pool.max-pending' is -2.
					twilio.messaging.client.pool.acquire-timeout=0s     | 'twilio.messaging.client.pool.acquire-timeout' is PT0S.
					twilio.messaging.webhook.path=twilio                | 'twilio.messaging.webhook.path' is no path
					twilio.messaging.webhook.path=/status updates       | 'twilio.messaging.webhook.path' is no path
					twilio.messaging.webhook.inbound-path=twilio/in     | 'twilio.messaging.webhook.inbound-path' is no path
					twilio.messaging.webhook.callback.overrides=rc=2 rp | 'twilio.messaging.webhook.callback.overrides' can't be
					twilio.messaging.webhook.request.max-size=3GB       | 'twilio.messaging.webhook.request.max-size' is 3221225472
					twilio.messaging.webhook.request.max-parameters=0   | 'twilio.messaging.webhook.request.max-parameters' is 0
					twilio.messaging.webhook.max-concurrent-handlers=0  | 'twilio.messaging.webhook.max-concurrent-handlers' is 0
					twilio.messaging.webhook.handler-limit=200000d      | 'twilio.messaging.webhook.handler-limit' is PT4800000H.
					twilio.messaging.webhook.handler-limit=13s          | 'twilio.messaging.webhook.handler-limit' is PT13S, so that
					twilio.messaging.webhook.request.max-size=0B        | 'twilio.messaging.webhook.request.max-size' is 0 bytes.
					""")
	void propertyThatCannotWork(String property, String description) {
		this.configured.withPropertyValues(property).run((context) -> {
			if ("none".equals(description)) {
				assertThat(context).hasNotFailed();
				return;
			}
			FailureAnalysis analysis = analyze(context.getStartupFailure());
			assertThat(analysis.getDescription()).startsWith("The property " + description);
			assertThat(analysis.getAction()).startsWith("Set it to ");
		});
	}

	@Test
	void handlerWithAParameterThatNothingSupplies() {
		this.configured.withBean(UnsupportedParameter.class)
			.run((context) -> assertThat(analyze(context.getStartupFailure()).getDescription())
				.startsWith("The method " + UnsupportedParameter.class.getName() + ".track of bean '")
				.contains("can't be called: nothing supplies its parameter 0 'order' of type java.lang.Long; use"));
	}

	@Test
	void unusableRetryPolicy() {
		check(this.configured.withBean(TwilioRetryPolicies.class,
				() -> new TwilioRetryPolicies(new CircuitBreakerRetryPolicy(), new NoBackOffPolicy())),
				"The policy org.springframework.retry.policy.CircuitBreakerRetryPolicy can't be used for sending"
						+ " messages: a circuit breaker keeps state across sends, which this library runs"
						+ " independently",
				"In the TwilioRetryPolicies bean, use a retry policy without circuit breaker, and a back-off policy"
						+ " that implements SleepingBackOffPolicy (as all of Spring Retry's do) or NoBackOffPolicy.");
	}

	@Test
	void noSenderAtTheFirstSend() {
		String description = "Refused before any request, 1 fault: From: is missing, and so is MessagingServiceSid; give the message a"
				+ " sender, or configure twilio.messaging.messaging-service-sid or twilio.messaging.from";
		this.configured.run((context) -> assertThatExceptionOfType(InvalidMessageException.class)
			.isThrownBy(() -> context.getBean(MessagingTemplate.class).send("+15558675310", "Hi").block())
			.withMessage(description));
		check(this.configured.withBean(SendingAtTheStart.class), description,
				"Correct these fields of the message that the application sends while it starts. A sender for all"
						+ " messages is set by the property 'twilio.messaging.messaging-service-sid' or"
						+ " 'twilio.messaging.from'.");
	}

	private static void check(ReactiveWebApplicationContextRunner runner, String description, String action) {
		runner.run((context) -> {
			assertThat(context).hasFailed();
			FailureAnalysis analysis = analyze(context.getStartupFailure());
			assertThat(analysis.getDescription()).isEqualTo(description);
			assertThat(analysis.getAction()).isEqualTo(action);
		});
	}

	private static FailureAnalysis analyze(Throwable failure) {
		return SpringFactoriesLoader.forDefaultResourceLocation()
			.load(FailureAnalyzer.class,
					SpringFactoriesLoader.FailureHandler.handleMessage((message, ex) -> LogMessage.of(message)))
			.stream()
			.filter((analyzer) -> analyzer.getClass().getPackage().equals(FailureAnalysisTests.class.getPackage()))
			.map((analyzer) -> analyzer.analyze(failure))
			.filter(Objects::nonNull)
			.findFirst()
			.orElseThrow(() -> new AssertionError("No analysis for", failure));
	}

	static class SendingAtTheStart {

		SendingAtTheStart(MessagingTemplate messaging) {
			messaging.send("+15558675310", "Hi").block();
		}

	}

	static class UnsupportedParameter {

		@StatusCallback
		void track(Long order) {
		}

	}

}
