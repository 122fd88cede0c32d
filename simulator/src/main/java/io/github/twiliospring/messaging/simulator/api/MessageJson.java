package io.github.twiliospring.messaging.simulator.api;

import java.math.BigDecimal;

import io.github.twiliospring.messaging.message.ErrorCodes;
import io.github.twiliospring.messaging.message.MessageStatus;
import io.github.twiliospring.messaging.simulator.engine.StoredMessage;
import tools.jackson.databind.node.ObjectNode;

/**
 * The Message resource as JSON.
 */
public final class MessageJson {

	private MessageJson() {
	}

	/**
	 * Writes a message.
	 * @param message the message
	 * @return all properties of the resource
	 */
	public static ObjectNode write(StoredMessage message) {
		String uri = Paths.message(message.account().sid(), message.sid());
		Integer errorCode = message.errorCode();
		BigDecimal price = message.price();
		ObjectNode json = Json.object();
		json.put("sid", message.sid());
		json.put("account_sid", message.account().sid());
		json.put("messaging_service_sid", message.draft().addresses().serviceSid());
		json.put("from", message.from());
		json.put("to", message.to());
		json.put("body", message.body());
		json.put("status", message.status().value());
		json.put("direction", message.direction().value());
		json.put("num_segments", Integer.toString(isCounted(message) ? message.segments() : 0));
		json.put("num_media", Integer.toString(message.media().size()));
		json.put("price", (price != null) ? price.toPlainString() : null);
		json.put("price_unit", "USD");
		json.put("error_code", errorCode);
		json.put("error_message", (errorCode != null) ? describe(errorCode) : null);
		json.put("date_created", ProviderDates.format(message.created()));
		json.put("date_updated", ProviderDates.format(message.updated()));
		json.put("date_sent", ProviderDates.format(message.sent()));
		json.put("uri", uri + ".json");
		json.put("api_version", Paths.VERSION);
		ObjectNode resources = json.putObject("subresource_uris");
		resources.put("media", uri + "/Media.json");
		resources.put("feedback", uri + "/Feedback.json");
		return json;
	}

	private static boolean isCounted(StoredMessage message) {
		// A service counts once it has picked the sender.
		return message.draft().addresses().serviceSid() == null
				|| (message.status() != MessageStatus.ACCEPTED && message.status() != MessageStatus.SCHEDULED);
	}

	private static String describe(int errorCode) {
		return ErrorCodes.find(errorCode).map(ErrorCodes.Entry::message).orElse("Unknown error");
	}

}
