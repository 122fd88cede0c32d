package io.github.twiliospring.messaging;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.concurrent.TimeUnit;

import io.github.twiliospring.messaging.client.ApiAccess;
import io.github.twiliospring.messaging.client.ApiClient;
import io.github.twiliospring.messaging.client.ExchangeExecutor;
import io.github.twiliospring.messaging.client.ExchangePolicy;
import io.github.twiliospring.messaging.observation.MessagingObservations;
import io.github.twiliospring.messaging.retry.RetryBudget;
import io.github.twiliospring.messaging.retry.RetryStrategy;
import io.github.twiliospring.messaging.retry.SpringRetryStrategy;
import io.github.twiliospring.messaging.retry.TwilioRetryPolicies;
import io.github.twiliospring.messaging.timer.SharedTimer;
import io.micrometer.observation.ObservationRegistry;
import reactor.core.scheduler.Scheduler;
import reactor.netty.http.client.HttpClient;

import org.springframework.http.client.reactive.ClientHttpConnector;
import org.springframework.http.client.reactive.ReactorClientHttpConnector;
import org.springframework.web.reactive.function.client.WebClient;

/**
 * Builds templates for tests as the auto-configuration builds them for applications.
 */
public final class TestTemplates {

	public static final String ACCOUNT_SID = "AC0123456789abcdef0123456789abcdef";

	public static final String AUTH_TOKEN = "secret-auth-token";

	public static final String SERVICE_SID = "MG0123456789abcdef0123456789abcdef";

	public static final Instant NOW = Instant.parse("2030-03-01T12:00:00Z");

	private final URI baseUrl;

	private ClientHttpConnector connector = new ReactorClientHttpConnector(
			HttpClient.create().responseTimeout(Duration.ofSeconds(5)));

	private WebClient.Builder webClient = WebClient.builder();

	private RetryStrategy retryStrategy = new SpringRetryStrategy(
			TwilioRetryPolicies.exponential(3, Duration.ofMillis(1), 2, Duration.ofMillis(5)));

	private Duration deadline = Duration.ofSeconds(30);

	private SharedTimer timer = SharedTimer.parallel();

	private MessagingSettings settings = MessagingSettings.of(null, SERVICE_SID);

	private MessagingObservations observations = MessagingObservations.NONE;

	private RetryBudget budget = new RetryBudget(10);

	private boolean serviceUnavailableIsUnprocessed;

	private TestTemplates(URI baseUrl) {
		this.baseUrl = baseUrl;
	}

	public static TestTemplates at(String baseUrl) {
		return new TestTemplates(URI.create(baseUrl));
	}

	public TestTemplates connector(ClientHttpConnector connector) {
		this.connector = connector;
		return this;
	}

	public TestTemplates webClient(WebClient.Builder webClient) {
		this.webClient = webClient;
		return this;
	}

	public TestTemplates retry(RetryStrategy retryStrategy) {
		this.retryStrategy = retryStrategy;
		return this;
	}

	public TestTemplates observations(ObservationRegistry registry) {
		this.observations = new MessagingObservations(registry, null);
		return this;
	}

	public TestTemplates budget(int capacity) {
		this.budget = new RetryBudget(capacity);
		return this;
	}

	public TestTemplates deadline(Duration deadline) {
		this.deadline = deadline;
		return this;
	}

	public TestTemplates timer(Scheduler timer) {
		this.timer = new SharedTimer(() -> timer, () -> timer.now(TimeUnit.NANOSECONDS));
		return this;
	}

	public TestTemplates serviceUnavailableIsUnprocessed() {
		this.serviceUnavailableIsUnprocessed = true;
		return this;
	}

	public TestTemplates settings(MessagingSettings settings) {
		this.settings = settings;
		return this;
	}

	public MessagingTemplate build() {
		Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
		ApiClient client = ApiClient.create(this.webClient, this.connector,
				new ApiAccess(this.baseUrl, ACCOUNT_SID, ACCOUNT_SID, AUTH_TOKEN), clock,
				this.serviceUnavailableIsUnprocessed);
		ExchangePolicy policy = new ExchangePolicy(this.retryStrategy, this.budget, this.deadline,
				Duration.ofSeconds(60), clock, this.timer);
		return new MessagingTemplate(new ExchangeExecutor(client, policy, this.observations), this.settings, clock);
	}

}
