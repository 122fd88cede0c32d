package io.github.twiliospring.messaging.webhook;

import java.util.function.Supplier;
import java.util.stream.Stream;

import org.springframework.web.reactive.HandlerAdapter;
import org.springframework.web.reactive.result.method.annotation.RequestMappingHandlerMapping;
import org.springframework.web.server.WebFilter;

/**
 * Connects {@link Webhooks} with WebFlux; each of these is to be made a bean.
 */
public final class ReactiveWebhooks {

	private ReactiveWebhooks() {
	}

	/**
	 * Serves the library's own paths.
	 * @param webhooks what serves them
	 * @param order the place among the application's filters
	 * @return the filter
	 */
	public static WebFilter filter(Webhooks webhooks, int order) {
		return new WebhookWebFilter(webhooks.routes(), webhooks.pool(), order);
	}

	/**
	 * Verifies requests to the application's own {@link VerifiedWebhook} endpoints.
	 * @param webhooks what verifies them
	 * @param mappings the application's handler mappings, asked at the first request
	 * @param order the place among the application's filters
	 * @return the filter
	 */
	public static WebFilter verifyingFilter(Webhooks webhooks, Supplier<Stream<RequestMappingHandlerMapping>> mappings,
			int order) {
		return new VerifiedWebhookWebFilter(webhooks.gate(), webhooks.routes(), webhooks.pool(),
				() -> webhooks.verified(VerifiedWebhookWebFilter.annotated(mappings.get())), order);
	}

	/**
	 * Refuses what reaches a {@link VerifiedWebhook} method without having been verified.
	 * @param controllers gives the adapter that calls controllers
	 * @return the adapter to stand ahead of it
	 */
	public static HandlerAdapter verifyingAdapter(Supplier<? extends HandlerAdapter> controllers) {
		return new VerifiedWebhookHandlerAdapter(controllers);
	}

}
