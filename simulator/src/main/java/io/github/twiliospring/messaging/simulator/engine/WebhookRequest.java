package io.github.twiliospring.messaging.simulator.engine;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What's sent to the application. Immutable, so that it may leave the world.
 *
 * @param method {@code POST}, or {@code GET} where a redirect says so
 * @param url address and retry rules
 * @param parameters the form, in order; with {@code GET}, what was added to the query
 * @param headers the headers that make it the provider's, in order
 */
public record WebhookRequest(String method, CallbackUrl url, Map<String, String> parameters,
		Map<String, String> headers) {

	/** The content type of an event; everything else is a form. */
	static final String JSON = "application/json";

	/**
	 * Copies the maps.
	 * @param method {@code POST} or {@code GET}
	 * @param url address and retry rules
	 * @param parameters the form, in order
	 * @param headers the headers, in order
	 */
	public WebhookRequest {
		parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
		headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
	}

	/**
	 * What stands in the body.
	 * @return ASCII; empty with {@code GET}
	 */
	public String body() {
		if ("GET".equals(this.method)) {
			return "";
		}
		return JSON.equals(this.headers.get("Content-Type")) ? JsonText.of(this.parameters)
				: CallbackUrl.encode(this.parameters);
	}

}
