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
 * @param contentLength the header {@code Content-Length}, negative for none
 * @param signatures every value of the header {@code X-Twilio-Signature}
 * @param body the raw body
 */
record WebhookRequest(String url, @Nullable String rawQuery, @Nullable String contentType, long contentLength,
		List<String> signatures, byte[] body) {

	/**
	 * The same request with its body.
	 * @param arrived the raw body
	 * @return a copy
	 */
	WebhookRequest withBody(byte[] arrived) {
		return new WebhookRequest(this.url, this.rawQuery, this.contentType, this.contentLength, this.signatures,
				arrived);
	}

	/**
	 * Whether somebody else has read the body: the server would have waited for one that
	 * is still to come.
	 * @return whether a body was announced and none is there
	 */
	boolean isReadBefore() {
		return this.contentLength > 0 && this.body.length == 0;
	}

	/**
	 * Whether somebody else may have read the body, whose length wasn't said.
	 * @return whether a body may have been there and none is
	 */
	boolean mayBeReadBefore() {
		return this.contentLength < 0 && this.body.length == 0;
	}

	@Override
	public String toString() {
		return "WebhookRequest[" + this.body.length + " bytes]";
	}

}
