package io.github.twiliospring.messaging.webhook;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * A request to a webhook, as the HTTP stack received it and before anything is believed.
 *
 * @param url the URL that the provider called, as far as it can be known: scheme, host,
 * path and raw query
 * @param rawQuery the raw query, or {@code null} for none
 * @param contentType the header {@code Content-Type}, or {@code null}
 * @param signatures every value of the header {@code X-Twilio-Signature}
 * @param body the raw body
 */
record WebhookRequest(String url, @Nullable String rawQuery, @Nullable String contentType, List<String> signatures,
		byte[] body) {

	/**
	 * The same request with its body.
	 * @param arrived the raw body
	 * @return a copy
	 */
	WebhookRequest withBody(byte[] arrived) {
		return new WebhookRequest(this.url, this.rawQuery, this.contentType, this.signatures, arrived);
	}

	@Override
	public String toString() {
		return "WebhookRequest[" + this.body.length + " bytes]";
	}

}
