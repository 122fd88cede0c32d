package io.github.twiliospring.messaging;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;

import io.github.twiliospring.messaging.retry.TwilioRetryPolicies;
import reactor.netty.http.client.HttpClient;

/**
 * Begins templates for tests: short pauses, and a clock that stands still.
 */
public final class TestTemplates {

	public static final String ACCOUNT_SID = "AC0123456789abcdef0123456789abcdef";

	public static final String AUTH_TOKEN = "secret-auth-token";

	public static final String SERVICE_SID = "MG0123456789abcdef0123456789abcdef";

	public static final Instant NOW = Instant.parse("2030-03-01T12:00:00Z");

	private TestTemplates() {
	}

	public static MessagingTemplateBuilder at(String baseUrl) {
		return MessagingTemplate.builder(ACCOUNT_SID, AUTH_TOKEN)
			.baseUrl(URI.create(baseUrl))
			.connector(new ReactorNettyConnector(HttpClient.create().responseTimeout(Duration.ofSeconds(5))))
			.retryPolicies(TwilioRetryPolicies.exponential(3, Duration.ofMillis(1), 2, Duration.ofMillis(5)))
			.messagingServiceSid(SERVICE_SID)
			.clock(Clock.fixed(NOW, ZoneOffset.UTC));
	}

	/**
	 * The same without a response timeout: a connection whose answer doesn't come is
	 * closed by whoever gives it up.
	 */
	static MessagingTemplateBuilder patientlyAt(String baseUrl) {
		return at(baseUrl).connector(new ReactorNettyConnector(HttpClient.create()));
	}

}
