package io.github.twiliospring.messaging.simulator.control;

import java.time.Instant;
import java.util.Locale;
import java.util.Map;

import io.github.twiliospring.messaging.simulator.api.Json;
import io.github.twiliospring.messaging.simulator.api.MessageJson;
import io.github.twiliospring.messaging.simulator.callback.Callback;
import io.github.twiliospring.messaging.simulator.callback.CallbackAttempt;
import io.github.twiliospring.messaging.simulator.engine.OutcomeRule;
import io.github.twiliospring.messaging.simulator.engine.StatusChange;
import io.github.twiliospring.messaging.simulator.engine.StoredMedia;
import io.github.twiliospring.messaging.simulator.engine.StoredMessage;
import io.github.twiliospring.messaging.simulator.fault.CallbackFault;
import io.github.twiliospring.messaging.simulator.fault.Fault;
import io.github.twiliospring.messaging.simulator.http.Request;
import io.github.twiliospring.messaging.simulator.http.RequestLog;
import io.github.twiliospring.messaging.simulator.http.Response;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The JSON of the control API: snake case like the provider's, instants in ISO 8601,
 * durations in milliseconds. To be used under the timeline's lock.
 */
final class ControlJson {

	private ControlJson() {
	}

	static ObjectNode message(StoredMessage message) {
		ObjectNode json = MessageJson.write(message);
		json.put("created_at", message.created().toString());
		json.put("sent_at", text(message.sent()));
		json.put("send_at", text(message.draft().timing().sendAt()));
		json.put("status_callback", message.draft().reporting().statusCallback());
		json.put("content_sid", message.draft().content().contentSid());
		json.put("content_variables", message.draft().content().contentVariables());
		json.put("feedback", message.feedback());
		ArrayNode media = json.putArray("media_urls");
		for (StoredMedia one : message.media()) {
			media.add(one.url());
		}
		ArrayNode history = json.putArray("history");
		for (StatusChange change : message.history()) {
			ObjectNode entry = history.addObject();
			entry.put("status", change.status().value());
			entry.put("error_code", change.errorCode());
			entry.put("at", change.at().toString());
		}
		return json;
	}

	static ObjectNode callback(Callback callback) {
		ObjectNode json = Json.object();
		json.put("id", callback.id());
		json.put("message_sid", callback.message().sid());
		json.put("account_sid", callback.message().account().sid());
		json.put("method", callback.method());
		json.put("url", callback.url().address());
		json.put("reports", callback.reportedStatus());
		json.put("state", name(callback.state()));
		json.put("created_at", callback.created().toString());
		json.put("note", callback.note());
		put(json.putObject("headers"), callback.headers());
		put(json.putObject("parameters"), callback.parameters());
		ArrayNode attempts = json.putArray("attempts");
		for (CallbackAttempt attempt : callback.attempts()) {
			ObjectNode entry = attempts.addObject();
			entry.put("number", attempt.number());
			entry.put("at", attempt.at().toString());
			entry.put("took_ms", attempt.took().toMillis());
			entry.put("status", attempt.answer().status());
			entry.put("content_type", attempt.answer().contentType());
			entry.put("body", attempt.answer().body());
			entry.put("failure", attempt.answer().failure());
			entry.put("retry_kind", attempt.failureKind());
		}
		return json;
	}

	static ObjectNode request(RequestLog.Entry entry) {
		Request request = entry.request();
		Response response = entry.response();
		ObjectNode json = Json.object();
		json.put("number", entry.number());
		json.put("at", entry.at().toString());
		json.put("message_sid", entry.messageSid());
		json.put("fault", (entry.fault() != null) ? lower(entry.fault()) : null);
		json.put("method", request.method());
		json.put("path", request.path());
		json.put("query", request.rawQuery());
		put(json.putObject("headers"), request.headers());
		json.put("body", request.body());
		ObjectNode answer = json.putObject("response");
		answer.put("status", response.status());
		put(answer.putObject("headers"), response.headers());
		answer.put("body", response.text());
		return json;
	}

	static ObjectNode fault(Fault fault) {
		ObjectNode json = Json.object();
		json.put("target", "api");
		json.put("kind", name(fault.kind()));
		json.put("status", (fault.status() > 0) ? fault.status() : null);
		json.put("retry_after", fault.retryAfter());
		json.put("delay_ms", fault.delay().toMillis());
		json.put("times", fault.scope().times());
		json.put("share", fault.scope().share());
		json.put("method", fault.scope().method());
		json.put("account_sid", fault.scope().accountSid());
		return json;
	}

	static ObjectNode fault(CallbackFault fault) {
		ObjectNode json = Json.object();
		json.put("target", "callbacks");
		json.put("kind", name(fault.kind()));
		json.put("delay_ms", fault.delay().toMillis());
		json.put("times", fault.times());
		json.put("account_sid", fault.accountSid());
		return json;
	}

	static ObjectNode outcome(OutcomeRule rule) {
		ObjectNode json = Json.object();
		json.put("id", rule.id());
		json.put("error_code", rule.errorCode());
		json.put("status", rule.finalStatus().value());
		json.put("times", rule.times());
		json.put("probability", rule.probability());
		return json;
	}

	static String name(Enum<?> constant) {
		return lower(constant.name());
	}

	private static String lower(String name) {
		return name.toLowerCase(Locale.ROOT).replace('_', '-');
	}

	private static @Nullable String text(@Nullable Instant instant) {
		return (instant != null) ? instant.toString() : null;
	}

	private static void put(ObjectNode target, Map<String, String> values) {
		values.forEach(target::put);
	}

}
