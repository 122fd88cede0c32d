package io.github.twiliospring.messaging.autoconfigure;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.BooleanSupplier;

import io.github.twiliospring.messaging.webhook.Webhooks;
import io.micrometer.observation.ObservationPredicate;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.web.util.UriUtils;

/**
 * Tries the webhook's own paths once the application is ready. What would lose each
 * request silently is said in the log.
 */
@Configuration(proxyBeanMethods = false)
@Conditional(OnSelfTest.class)
class WebhookSelfTestConfiguration {

	private static final Log logger = LogFactory.getLog(WebhookSelfTestConfiguration.class);

	@Bean
	ApplicationListener<ApplicationReadyEvent> webhookSelfTest(Webhooks webhooks, WebhookBasePath basePath,
			Environment environment, ApplicationContext own) {
		return new ApplicationListener<>() {

			@Override
			public void onApplicationEvent(ApplicationReadyEvent event) {
				// It hears of its children, too, whose servers have no webhook.
				if (event.getApplicationContext() == own && own instanceof WebServerApplicationContext context
						&& context.getWebServer() != null && context.getWebServer().getPort() > 0) {
					tryPaths(webhooks, environment, context.getWebServer().getPort(), basePath,
							event.getApplicationContext()::isClosed);
				}
			}

		};
	}

	// Asked for late, since the registry is made before the webhooks are.
	@Bean
	ObservationPredicate webhookSelfTestPredicate(ObjectProvider<Webhooks> webhooks) {
		return new UncountedSelfTest(webhooks);
	}

	// Whatever goes wrong here, the application is none the worse.
	private static void tryPaths(Webhooks webhooks, Environment environment, int port, WebhookBasePath basePath,
			BooleanSupplier closed) {
		try {
			URI base = base(environment, port, basePath.value());
			// Of a server that stops, no answer means nothing.
			webhooks.selfTest(base)
				.whenComplete((missed, failure) -> report(closed.getAsBoolean() ? null : missed, failure));
		}
		catch (RuntimeException ex) {
			report(null, ex);
		}
	}

	private static void report(@Nullable Map<String, String> missed, @Nullable Throwable failure) {
		if (missed != null) {
			missed.forEach((path, answer) -> logger
				.warn("A request to the webhook's path %s doesn't get through to it: it was answered with %s. The"
					.formatted(path, answer)
						+ " provider's requests would be lost the same way. Look for a filter or a login ahead of the"
						+ " webhook, and for a base path that isn't mapped; twilio.messaging.webhook.self-test=false"
						+ " switches this test off"));
		}
		else {
			logger.debug("The webhook's paths couldn't be tried", failure);
		}
	}

	private static URI base(Environment environment, int port, String basePath) {
		boolean tls = environment.getProperty("server.ssl.enabled", Boolean.class, true)
				&& (environment.containsProperty("server.ssl.bundle")
						|| environment.containsProperty("server.ssl.key-store")
						|| environment.containsProperty("server.ssl.certificate"));
		String address = environment.getProperty("server.address", "localhost");
		String host = (address.contains(":") && !address.startsWith("[")) ? "[" + address + "]" : address;
		// The start pays for what is loaded here: UriUtils is for those who have a path.
		String path = basePath.isEmpty() ? "" : UriUtils.encodePath(basePath, StandardCharsets.UTF_8);
		return URI.create("%s://%s:%s%s".formatted(tls ? "https" : "http", host, port, path));
	}

}
