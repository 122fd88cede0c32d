package io.github.twiliospring.messaging.simulator.api;

import io.github.twiliospring.messaging.simulator.engine.ApiException;
import io.github.twiliospring.messaging.simulator.engine.MessageLife;
import io.github.twiliospring.messaging.simulator.engine.StoredMessage;
import io.github.twiliospring.messaging.simulator.http.FormData;

/**
 * The two updates: an empty Body redacts, the Status canceled cancels.
 */
final class UpdateRules {

	private UpdateRules() {
	}

	static void apply(MessageLife life, StoredMessage message, FormData form) {
		String body = form.first("Body");
		String status = form.text("Status");
		if (body != null && status != null) {
			throw ApiException.badRequest(30400, "Body and Status cannot be updated in one request.");
		}
		if (status != null) {
			if (!"canceled".equals(status)) {
				throw ApiException.badRequest(30400, "Status can only be updated to canceled.");
			}
			life.cancel(message);
		}
		else if (body != null) {
			if (!body.isEmpty()) {
				throw ApiException.badRequest(30400, "Body can only be updated to an empty string.");
			}
			life.redact(message);
		}
		else {
			throw ApiException.badRequest(30400, "An empty Body or the Status canceled is required.");
		}
	}

}
