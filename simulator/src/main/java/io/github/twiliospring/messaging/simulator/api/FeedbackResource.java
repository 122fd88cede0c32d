package io.github.twiliospring.messaging.simulator.api;

import io.github.twiliospring.messaging.simulator.engine.ApiException;
import io.github.twiliospring.messaging.simulator.engine.MessageLife;
import io.github.twiliospring.messaging.simulator.engine.StoredMessage;
import io.github.twiliospring.messaging.simulator.http.Request;
import io.github.twiliospring.messaging.simulator.http.Response;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the application reports about a message.
 */
final class FeedbackResource {

	private FeedbackResource() {
	}

	static Response create(MessageLife life, StoredMessage message, Request request) {
		if (!"POST".equals(request.method())) {
			throw ApiException.notAllowed("POST");
		}
		String given = request.form().text("Outcome");
		String outcome = (given != null) ? given : "confirmed";
		if (!"confirmed".equals(outcome) && !"unconfirmed".equals(outcome)) {
			throw ApiException.badRequest(20001, "Invalid parameter: Outcome");
		}
		life.feedback(message, outcome);
		ObjectNode json = Json.object();
		json.put("account_sid", message.account().sid());
		json.put("message_sid", message.sid());
		json.put("outcome", outcome);
		json.put("date_created", ProviderDates.format(message.updated()));
		json.put("date_updated", ProviderDates.format(message.updated()));
		json.put("uri", Paths.message(message.account().sid(), message.sid()) + "/Feedback.json");
		return Json.response(200, json);
	}

}
