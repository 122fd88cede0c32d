package io.github.twiliospring.messaging.webhook;

import java.util.function.Supplier;
import java.util.stream.Stream;

import jakarta.servlet.Filter;

import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/**
 * Connects {@link Webhooks} with the servlet stack.
 */
public final class ServletWebhooks {

	private ServletWebhooks() {
	}

	/**
	 * Serves the library's own paths.
	 * @param webhooks what serves them
	 * @return the filter, to be registered for requests and asynchronous dispatches, and
	 * with support for asynchronous requests
	 */
	public static Filter filter(Webhooks webhooks) {
		return new WebhookFilter(webhooks.routes(), webhooks.pool());
	}

	/**
	 * Verifies requests to the application's own {@link VerifiedWebhook} endpoints.
	 * @param webhooks what verifies them
	 * @param mappings the application's handler mappings, asked at the first request
	 * @return the filter
	 */
	public static Filter verifyingFilter(Webhooks webhooks, Supplier<Stream<RequestMappingHandlerMapping>> mappings) {
		return new VerifiedWebhookFilter(webhooks.gate(), webhooks.routes(),
				() -> webhooks.verified(VerifiedWebhookFilter.annotated(mappings.get())));
	}

	/**
	 * Refuses what reaches a {@link VerifiedWebhook} method without having been verified.
	 * @return the interceptor for all paths
	 */
	public static HandlerInterceptor verifyingInterceptor() {
		return VerifiedWebhookInterceptor.create();
	}

}
