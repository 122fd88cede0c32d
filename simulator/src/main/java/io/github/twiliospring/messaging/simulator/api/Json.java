package io.github.twiliospring.messaging.simulator.api;

import java.util.Map;

import io.github.twiliospring.messaging.simulator.engine.ApiException;
import io.github.twiliospring.messaging.simulator.http.Response;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * JSON answers. Thread-safe.
 */
public final class Json {

	private static final JsonMapper MAPPER = JsonMapper.builder().build();

	private static final String TYPE = "application/json";

	private Json() {
	}

	/**
	 * An empty object.
	 * @return the object
	 */
	public static ObjectNode object() {
		return MAPPER.createObjectNode();
	}

	/**
	 * An answer.
	 * @param status the HTTP status
	 * @param body the JSON
	 * @return the answer
	 */
	public static Response response(int status, JsonNode body) {
		return Response.of(status, TYPE, bytes(body));
	}

	/**
	 * The text of some JSON.
	 * @param body the JSON
	 * @return UTF-8
	 */
	public static byte[] bytes(JsonNode body) {
		return MAPPER.writeValueAsBytes(body);
	}

	/**
	 * A refusal in the provider's form.
	 * @param error the refusal
	 * @return the answer
	 */
	public static Response error(ApiException error) {
		ObjectNode body = object();
		body.put("code", error.code());
		if (error.httpStatus() == 401) {
			body.put("detail", "Your AccountSid or AuthToken was incorrect.");
		}
		body.put("message", error.getMessage());
		body.put("more_info", "https://www.twilio.com/docs/errors/" + error.code());
		body.put("status", error.httpStatus());
		Response response = response(error.httpStatus(), body);
		for (Map.Entry<String, String> header : error.headers().entrySet()) {
			response = response.with(header.getKey(), header.getValue());
		}
		return response;
	}

}
