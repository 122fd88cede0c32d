package io.github.twiliospring.messaging.autoconfigure;

import java.lang.reflect.Proxy;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import io.github.twiliospring.messaging.MessagingOperations;
import io.github.twiliospring.messaging.MessagingTemplate;
import io.github.twiliospring.messaging.retry.TwilioRetryPolicies;
import io.github.twiliospring.messaging.retry.UnusableRetryPolicyException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.http.client.autoconfigure.reactive.ReactiveHttpClientAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.webclient.autoconfigure.WebClientAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.retry.RetryContext;
import org.springframework.retry.backoff.BackOffContext;
import org.springframework.retry.backoff.BackOffPolicy;
import org.springframework.retry.backoff.NoBackOffPolicy;
import org.springframework.retry.policy.CircuitBreakerRetryPolicy;
import org.springframework.retry.policy.NeverRetryPolicy;
import org.springframework.web.reactive.function.client.WebClient;

import static org.assertj.core.api.Assertions.assertThat;

class TwilioMessagingAutoConfigurationTests {

	private static final String ACCOUNT_SID = "AC0123456789abcdef0123456789abcdef";

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(TwilioMessagingAutoConfiguration.class,
				ReactiveHttpClientAutoConfiguration.class, WebClientAutoConfiguration.class))
		.withPropertyValues("spring.reactor.netty.shutdown-quiet-period=0s");

	private final ApplicationContextRunner configured = this.contextRunner
		.withPropertyValues("twilio.account-sid=" + ACCOUNT_SID, "twilio.auth-token=token");

	@Test
	void makesATemplateFromTwoProperties() {
		this.configured.run((context) -> {
			assertThat(context).hasSingleBean(MessagingTemplate.class);
			TwilioConnectionDetails details = context.getBean(TwilioConnectionDetails.class);
			assertThat(details.getBaseUrl()).isEqualTo(URI.create("https://api.twilio.com"));
			assertThat(details.getUsername()).isEqualTo(ACCOUNT_SID);
			assertThat(details.getAuthTokens()).containsExactly("token");
		});
	}

	@Test
	void takesAnEmptyMessagingServiceForNone() {
		try (ApiStub api = new ApiStub()) {
			this.contextRunner.withPropertyValues(api.properties())
				.withPropertyValues("twilio.messaging.messaging-service-sid=${NO_SUCH_SERVICE:}")
				.run((context) -> {
					context.getBean(MessagingTemplate.class).send("+15558675310", "Hi").block();
					assertThat(api.requests()).singleElement()
						.satisfies((request) -> assertThat(request.form()).contains("From=%2B15017122661")
							.doesNotContain("MessagingServiceSid"));
				});
		}
	}

	@Test
	void backsOffBeforeAUsersOperations() {
		MessagingOperations own = (MessagingOperations) Proxy.newProxyInstance(getClass().getClassLoader(),
				new Class<?>[] { MessagingOperations.class }, (proxy, method, arguments) -> null);
		this.configured.withBean("ownOperations", MessagingOperations.class, () -> own).run((context) -> {
			assertThat(context).hasSingleBean(MessagingOperations.class);
			assertThat(context.getBeanFactory().containsSingleton("twilioHttpConnector")).isFalse();
			assertThat(context.getBean(MessagingOperations.class)).isSameAs(own);
		});
	}

	@Test
	void asksForNoCredentialsWhereTheOperationsAreAUsersOwn() {
		MessagingOperations own = (MessagingOperations) Proxy.newProxyInstance(getClass().getClassLoader(),
				new Class<?>[] { MessagingOperations.class }, (proxy, method, arguments) -> null);
		this.contextRunner.withBean("ownOperations", MessagingOperations.class, () -> own)
			.run((context) -> assertThat(context).hasNotFailed().hasSingleBean(MessagingOperations.class));
	}

	@Test
	void needsNothingButTheProvidersUsualVariables() {
		this.contextRunner.withInitializer((context) -> context.getEnvironment()
			.getPropertySources()
			.addFirst(new SystemEnvironmentPropertySource("systemEnvironment",
					Map.of("TWILIO_ACCOUNT_SID", ACCOUNT_SID, "TWILIO_AUTH_TOKEN", "token", "TWILIO_API_KEY",
							"SK0123456789abcdef0123456789abcdef", "TWILIO_API_SECRET", "s", "TWILIO_REGION", "ie1",
							"TWILIO_EDGE", "dublin"))))
			.run((context) -> {
				assertThat(context).hasNotFailed().hasSingleBean(MessagingTemplate.class);
				TwilioConnectionDetails details = context.getBean(TwilioConnectionDetails.class);
				assertThat(details.getUsername()).startsWith("SK");
				assertThat(details.getPassword()).isEqualTo("s");
				assertThat(details.getAuthTokens()).containsExactly("token");
				assertThat(details.getBaseUrl()).hasToString("https://api.dublin.ie1.twilio.com");
			});
	}

	@Test
	void takesAnApiKeyOfEmptyPlaceholdersForNone() {
		this.configured.withPropertyValues("twilio.api-key=${NO_SUCH_KEY:}", "twilio.api-secret=${NO_SECRET:}")
			.run((context) -> {
				TwilioConnectionDetails details = context.getBean(TwilioConnectionDetails.class);
				assertThat(details.getUsername()).isEqualTo(ACCOUNT_SID);
				assertThat(details.getPassword()).isEqualTo("token");
			});
	}

	@ParameterizedTest
	@CsvSource({ "twilio.api-key,SK0123456789abcdef0123456789abcdef,twilio.api-secret",
			"twilio.api-secret,s,twilio.api-key" })
	void namesTheMissingHalfOfAnApiKey(String property, String value, String missing) {
		this.configured.withPropertyValues(property + "=" + value).run((context) -> {
			assertThat(context).hasFailed();
			assertThat(analyze(context.getStartupFailure()).getAction()).contains("'" + missing + "'");
		});
	}

	@Test
	void backsOffBeforeAUsersConnectionDetailsAndPolicies() {
		TwilioConnectionDetails details = new OwnConnectionDetails();
		TwilioRetryPolicies policies = new TwilioRetryPolicies(new NeverRetryPolicy(), new NoBackOffPolicy());
		this.contextRunner.withBean(TwilioConnectionDetails.class, () -> details)
			.withBean(TwilioRetryPolicies.class, () -> policies)
			.run((context) -> {
				assertThat(context).hasSingleBean(MessagingTemplate.class);
				assertThat(context.getBean(TwilioConnectionDetails.class)).isSameAs(details);
				assertThat(context.getBean(TwilioRetryPolicies.class)).isSameAs(policies);
			});
	}

	@Test
	void isNotThereWithoutWebClient() {
		this.contextRunner.withClassLoader(new FilteredClassLoader(WebClient.class))
			.run((context) -> assertThat(context).doesNotHaveBean(MessagingOperations.class));
	}

	@Test
	void saysWhatToTypeWhereCredentialsAreMissing() {
		this.contextRunner.run((context) -> {
			assertThat(context).hasFailed();
			FailureAnalysis analysis = analyze(context.getStartupFailure());
			assertThat(analysis.getDescription()).contains("credentials of the Twilio account are missing");
			assertThat(analysis.getAction()).contains("'twilio.account-sid'")
				.contains("'twilio.auth-token'")
				.contains("'twilio.simulator.enabled=true'");
		});
	}

	@ParameterizedTest
	@CsvSource({ "twilio.account-sid,SK0123456789abcdef0123456789abcdef", "twilio.api-key,AC123" })
	void namesThePropertyWhoseSidIsOfTheWrongKind(String property, String value) {
		this.configured.withPropertyValues("twilio.api-secret=s", property + "=" + value).run((context) -> {
			assertThat(context).hasFailed();
			assertThat(analyze(context.getStartupFailure()).getDescription()).contains("'" + property + "'");
		});
	}

	@Test
	void authenticatesByApiKeyAndKeepsTheAuthTokenForWebhooks() {
		String key = "SK0123456789abcdef0123456789abcdef";
		this.configured
			.withPropertyValues("twilio.api-key=" + key, "twilio.api-secret=s",
					"twilio.messaging.webhook.auth-tokens=old")
			.run((context) -> {
				TwilioConnectionDetails details = context.getBean(TwilioConnectionDetails.class);
				assertThat(details.getUsername()).isEqualTo(key);
				assertThat(details.getPassword()).isEqualTo("s");
				assertThat(details.getAuthTokens()).isEqualTo(List.of("token", "old"));
			});
	}

	@ParameterizedTest
	@CsvSource({ "ie1,dublin,https://api.dublin.ie1.twilio.com", ",dublin,https://api.dublin.us1.twilio.com",
			"ie1,,https://api.ie1.twilio.com" })
	void reachesTheApiByRegionAndEdge(String region, String edge, String expected) {
		this.configured
			.withPropertyValues("twilio.region=" + ((region != null) ? region : ""),
					"twilio.edge=" + ((edge != null) ? edge : ""))
			.run((context) -> assertThat(context.getBean(TwilioConnectionDetails.class).getBaseUrl())
				.isEqualTo(URI.create(expected)));
	}

	@ParameterizedTest
	@CsvSource({ "ie1,,true", "ie1,dublin,false", "us1,,false" })
	@ExtendWith(OutputCaptureExtension.class)
	void warnsOfARegionWithoutAnEdge(String region, String edge, boolean warned, CapturedOutput output) {
		this.configured.withPropertyValues("twilio.region=" + region, "twilio.edge=" + ((edge != null) ? edge : ""))
			.run((context) -> assertThat(output.getOut().contains("'twilio.region' is set without 'twilio.edge'"))
				.isEqualTo(warned));
	}

	@Test
	void refusesAPolicyThatWouldBlock() {
		this.configured.withUserConfiguration(BlockingBackOff.class).run((context) -> {
			assertThat(context).hasFailed();
			assertThat(context.getStartupFailure()).hasRootCauseInstanceOf(UnusableRetryPolicyException.class);
			assertThat(analyze(context.getStartupFailure()).getAction()).contains("SleepingBackOffPolicy");
		});
		this.configured.withUserConfiguration(CircuitBreaker.class).run((context) -> assertThat(context).hasFailed());
	}

	@Test
	void bindsItsDefaults() {
		this.configured.run((context) -> {
			TwilioProperties.Messaging messaging = context.getBean(TwilioProperties.class).messaging();
			assertThat(messaging.concurrency()).isEqualTo(64);
			assertThat(messaging.client().deadline()).isEqualTo(Duration.ofSeconds(30));
			assertThat(messaging.client().pool().maxConnections()).isEqualTo(100);
			assertThat(messaging.retry().maxAttempts()).isEqualTo(3);
			assertThat(messaging.limits().scheduleMaximum()).isEqualTo(Duration.ofDays(7));
			TwilioWebhookProperties webhook = context.getBean(TwilioWebhookProperties.class);
			assertThat(webhook.path()).isEqualTo("/twilio/status");
			assertThat(webhook.request().maxSize().toKilobytes()).isEqualTo(64);
		});
	}

	@Test
	void showsNoSecretInItsProperties() {
		this.configured
			.withPropertyValues("twilio.auth-token=hush", "twilio.api-secret=quiet",
					"twilio.api-key=SK0123456789abcdef0123456789abcdef", "twilio.messaging.webhook.auth-tokens=silent")
			.run((context) -> assertThat(context.getBean(TwilioProperties.class).toString()
					+ context.getBean(TwilioProperties.class).apiKey()
					+ context.getBean(TwilioProperties.class).messaging())
				.doesNotContain("hush", "quiet", "silent"));
	}

	static FailureAnalysis analyze(Throwable failure) {
		for (var analyzer : List.of(new InvalidTwilioConfigurationFailureAnalyzer(),
				new InvalidHandlerFailureAnalyzer(), new UnusableRetryPolicyFailureAnalyzer())) {
			FailureAnalysis analysis = analyzer.analyze(failure);
			if (analysis != null) {
				return analysis;
			}
		}
		throw new AssertionError("No analysis for", failure);
	}

	@Configuration(proxyBeanMethods = false)
	static class BlockingBackOff {

		@Bean
		TwilioRetryPolicies policies() {
			return new TwilioRetryPolicies(new NeverRetryPolicy(), new SleepingItself());
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class CircuitBreaker {

		@Bean
		TwilioRetryPolicies policies() {
			return new TwilioRetryPolicies(new CircuitBreakerRetryPolicy(), new NoBackOffPolicy());
		}

	}

	static final class SleepingItself implements BackOffPolicy {

		@Override
		public BackOffContext start(RetryContext context) {
			return null;
		}

		@Override
		public void backOff(BackOffContext context) {
		}

	}

	static class OwnConnectionDetails implements TwilioConnectionDetails {

		@Override
		public URI getBaseUrl() {
			return URI.create("http://localhost");
		}

		@Override
		public String getAccountSid() {
			return ACCOUNT_SID;
		}

		@Override
		public String getUsername() {
			return ACCOUNT_SID;
		}

		@Override
		public String getPassword() {
			return "own";
		}

		@Override
		public List<String> getAuthTokens() {
			return List.of("own");
		}

	}

}
