package io.github.twiliospring.messaging.benchmarks.send;

import java.util.HashMap;
import java.util.Map;

import io.github.twiliospring.messaging.MessagingTemplate;
import io.github.twiliospring.messaging.autoconfigure.TwilioHealthAutoConfiguration;
import io.github.twiliospring.messaging.benchmarks.Fixtures;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.micrometer.metrics.autoconfigure.logging.logback.LogbackMetricsAutoConfiguration;
import org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration;
import org.springframework.boot.webclient.autoconfigure.WebClientObservationAutoConfiguration;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.reactive.function.client.WebClient;

/**
 * The template as the starter wires it in a Boot application.
 */
public final class StarterTemplate {

	private StarterTemplate() {
	}

	/**
	 * Starts an application that sees no Actuator.
	 * @param baseUrl where the API is
	 * @param properties further properties
	 * @return its template
	 */
	public static MessagingTemplate unobserved(String baseUrl, Map<String, Object> properties) {
		return start(Unobserved.class, baseUrl, properties).getBean(MessagingTemplate.class);
	}

	/**
	 * Starts an application with Actuator.
	 * @param baseUrl where the API is
	 * @param properties further properties
	 * @return its template
	 */
	public static MessagingTemplate observed(String baseUrl, Map<String, Object> properties) {
		return start(Observed.class, baseUrl, properties).getBean(MessagingTemplate.class);
	}

	/**
	 * Starts an application with Actuator.
	 * @param baseUrl where the API is
	 * @return the builder that it has for its own clients
	 */
	static WebClient.Builder observedWebClient(String baseUrl) {
		return start(Observed.class, baseUrl, Map.of()).getBean(WebClient.Builder.class);
	}

	private static ApplicationContext start(Class<?> application, String baseUrl, Map<String, Object> properties) {
		Map<String, Object> all = new HashMap<>(Map.of("spring.main.banner-mode", "off", "logging.level.root", "warn",
				"twilio.account-sid", Fixtures.ACCOUNT_SID, "twilio.auth-token", Fixtures.AUTH_TOKEN, "twilio.base-url",
				baseUrl, "twilio.messaging.from", Fixtures.FROM));
		all.putAll(properties);
		return new SpringApplicationBuilder(application).web(WebApplicationType.NONE).properties(all).run();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Observed {

	}

	@Configuration(proxyBeanMethods = false)
	// Logback's metrics slow each question whether a level is on.
	@EnableAutoConfiguration(
			exclude = { ObservationAutoConfiguration.class, WebClientObservationAutoConfiguration.class,
					LogbackMetricsAutoConfiguration.class, TwilioHealthAutoConfiguration.class })
	static class Unobserved {

	}

}
