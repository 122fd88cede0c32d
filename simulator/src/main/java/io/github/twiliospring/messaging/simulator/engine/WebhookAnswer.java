package io.github.twiliospring.messaging.simulator.engine;

import org.jspecify.annotations.Nullable;

/**
 * What a webhook answered, or why there's no answer.
 *
 * @param status the HTTP status, or {@code null} without an answer
 * @param contentType its content type, or {@code null}
 * @param body the beginning of its body
 * @param connected whether the request could be sent
 * @param failure why there's no answer, or {@code null}
 */
public record WebhookAnswer(@Nullable Integer status, @Nullable String contentType, String body, boolean connected,
		@Nullable String failure) {

	WebhookAnswer shortened(int length) {
		return (this.body.length() <= length) ? this : new WebhookAnswer(this.status, this.contentType,
				this.body.substring(0, length) + '…', this.connected, this.failure);
	}

}
