package io.github.twiliospring.messaging.webhook;

import java.nio.charset.StandardCharsets;

import org.jspecify.annotations.Nullable;

/**
 * The answer of a webhook.
 *
 * @param status the HTTP status
 * @param contentType the media type of the body, or {@code null} for no body
 * @param body the text, empty for none
 */
record WebhookResponse(int status, @Nullable String contentType, String body) {

	/**
	 * An answer without a body.
	 * @param status the HTTP status
	 * @return the answer
	 */
	static WebhookResponse of(int status) {
		return new WebhookResponse(status, null, "");
	}

	/**
	 * A short explanation for the operator who looks at the provider's log.
	 * @param status the HTTP status
	 * @param problem what was wrong; nothing of the request
	 * @return the answer
	 */
	static WebhookResponse problem(int status, String problem) {
		return new WebhookResponse(status, "text/plain;charset=UTF-8", problem);
	}

	/**
	 * The body as it's written.
	 * @return UTF-8
	 */
	byte[] bytes() {
		return this.body.getBytes(StandardCharsets.UTF_8);
	}

}
