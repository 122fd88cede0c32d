package io.github.twiliospring.messaging.webhook;

import java.util.Map;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * Which paths are served, and what URL the provider called for them: the part of an
 * adapter that is the same on both HTTP stacks.
 */
final class WebhookRoutes {

	private final Map<String, WebhookEndpoint> endpoints;

	private final @Nullable String publicUrl;

	private final WebhookSelfTest selfTest = new WebhookSelfTest();

	/**
	 * Makes routes.
	 * @param endpoints what serves a path within the application, beginning with a slash
	 * @param publicUrl where the provider reaches the application: scheme, host, the
	 * prefix that a proxy strips and the application's own base path; {@code null} to
	 * take them from each request
	 */
	WebhookRoutes(Map<String, WebhookEndpoint> endpoints, @Nullable String publicUrl) {
		this.endpoints = Map.copyOf(endpoints);
		this.publicUrl = publicUrl;
	}

	/**
	 * What serves a path. It has to be the same, character by character.
	 * @param path the raw path within the application
	 * @return the endpoint, or {@code null} where the application has the path for itself
	 */
	@Nullable WebhookEndpoint find(String path) {
		WebhookEndpoint endpoint = this.endpoints.get(path);
		return (endpoint != null && endpoint.isActive()) ? endpoint : null;
	}

	/**
	 * What tells whether requests arrive here.
	 * @return the test
	 */
	WebhookSelfTest selfTest() {
		return this.selfTest;
	}

	/**
	 * The paths that are served.
	 * @return the raw paths within the application
	 */
	Stream<String> active() {
		return this.endpoints.keySet().stream().filter((path) -> find(path) != null);
	}

	/**
	 * The URL that the provider called.
	 * @param requestBase scheme, host, port and base path as the request has them
	 * @param path the raw path within the application
	 * @param rawQuery the raw query, or {@code null} for none
	 * @return the URL
	 */
	String url(String requestBase, String path, @Nullable String rawQuery) {
		String base = (this.publicUrl != null) ? this.publicUrl : requestBase;
		return base + path + ((rawQuery != null) ? "?" + rawQuery : "");
	}

}
