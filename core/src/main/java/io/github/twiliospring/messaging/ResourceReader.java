package io.github.twiliospring.messaging;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

import io.github.twiliospring.messaging.error.ApiError;
import io.github.twiliospring.messaging.message.Media;
import io.github.twiliospring.messaging.message.Message;
import io.github.twiliospring.messaging.message.MessageDirection;
import io.github.twiliospring.messaging.message.MessageError;
import io.github.twiliospring.messaging.message.MessageStatus;
import io.github.twiliospring.messaging.message.Price;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads the API's JSON. Lenient: unknown fields are ignored, every field may be missing
 * or {@code null}, and a value of an unexpected form reads as {@code null}; only what is
 * no JSON object, or a Message without SID, is unreadable.
 */
final class ResourceReader {

	private static final JsonMapper MAPPER = JsonMapper.builder().build();

	private ResourceReader() {
	}

	/**
	 * Reads a Message resource.
	 * @param json the resource
	 * @return the message
	 * @throws UnreadableAnswerException if it has no SID
	 */
	static Message message(JsonNode json) {
		String sid = text(json, "sid");
		if (sid == null) {
			throw new UnreadableAnswerException("a message without SID", null);
		}
		String status = text(json, "status");
		return new Message(sid, text(json, "account_sid"), text(json, "messaging_service_sid"), text(json, "from"),
				text(json, "to"), text(json, "body"), MessageStatus.of(status), status,
				MessageDirection.of(text(json, "direction")), integer(json, "num_segments"), integer(json, "num_media"),
				price(json), error(json), date(json, "date_created"), date(json, "date_updated"),
				date(json, "date_sent"), text(json, "uri"), text(json, "api_version"),
				uris(json.path("subresource_uris")));
	}

	/**
	 * Reads a Media resource.
	 * @param json the resource
	 * @return the medium
	 * @throws UnreadableAnswerException if it has no SID
	 */
	static Media media(JsonNode json) {
		String sid = text(json, "sid");
		if (sid == null) {
			throw new UnreadableAnswerException("a medium without SID", null);
		}
		return new Media(sid, text(json, "account_sid"), text(json, "parent_sid"), text(json, "content_type"),
				date(json, "date_created"), date(json, "date_updated"), text(json, "uri"));
	}

	/**
	 * Reads an error answer, whatever it is.
	 * @param status the HTTP status
	 * @param requestId the provider's name for the request, or {@code null}
	 * @param body the answer: the API's JSON, or a proxy's HTML, or nothing
	 * @return the error, without code where the body named none
	 */
	static ApiError apiError(int status, @Nullable String requestId, byte[] body) {
		try {
			JsonNode json = tree(body);
			return new ApiError(status, integer(json, "code"), text(json, "message"), requestId);
		}
		catch (UnreadableAnswerException ex) {
			return new ApiError(status, null, null, requestId);
		}
	}

	/**
	 * Reads an answer as a tree.
	 * @param body the answer
	 * @return a JSON object
	 * @throws UnreadableAnswerException if it isn't one
	 */
	static JsonNode tree(byte[] body) {
		try {
			JsonNode json = MAPPER.readTree(body);
			if (json != null && json.isObject()) {
				return json;
			}
			throw new UnreadableAnswerException("no JSON object", null);
		}
		catch (JacksonException ex) {
			// The parser's message quotes the answer, which may hold a body or a number.
			ex.clearLocation();
			throw new UnreadableAnswerException("no JSON", ex.getClass().getSimpleName());
		}
	}

	/**
	 * A field as text.
	 * @param json the object
	 * @param field the field's name
	 * @return its text, or {@code null} for a missing field, a {@code null}, and an
	 * object or array
	 */
	static @Nullable String text(JsonNode json, String field) {
		JsonNode value = json.path(field);
		return (value.isValueNode() && !value.isNull()) ? value.asString() : null;
	}

	/**
	 * A field as a date.
	 * @param json the object
	 * @param field the field's name
	 * @return the instant of an RFC 2822 date, or {@code null} for anything else
	 */
	static @Nullable Instant date(JsonNode json, String field) {
		String text = text(json, field);
		return (text != null) ? Rfc2822Date.parse(text) : null;
	}

	private static @Nullable Integer integer(JsonNode json, String field) {
		BigDecimal number = decimal(text(json, field));
		try {
			return (number != null) ? number.intValueExact() : null;
		}
		catch (ArithmeticException ex) {
			return null;
		}
	}

	private static @Nullable Price price(JsonNode json) {
		BigDecimal amount = decimal(text(json, "price"));
		return (amount != null) ? new Price(amount, text(json, "price_unit")) : null;
	}

	private static @Nullable MessageError error(JsonNode json) {
		Integer code = integer(json, "error_code");
		return (code != null) ? new MessageError(code, text(json, "error_message")) : null;
	}

	private static @Nullable BigDecimal decimal(@Nullable String text) {
		try {
			return (text != null) ? new BigDecimal(text) : null;
		}
		catch (NumberFormatException ex) {
			return null;
		}
	}

	private static Map<String, String> uris(JsonNode json) {
		Map<String, String> uris = new LinkedHashMap<>();
		json.propertyNames().forEach((name) -> {
			String uri = text(json, name);
			if (uri != null) {
				uris.put(name, uri);
			}
		});
		return uris;
	}

	/**
	 * A successful answer that can't be read.
	 */
	@SuppressWarnings("serial")
	static final class UnreadableAnswerException extends RuntimeException {

		UnreadableAnswerException(String problem, @Nullable String detail) {
			super("The answer is " + problem + ((detail != null) ? " (" + detail + ")" : ""));
		}

	}

	/**
	 * A successful answer that names something else than what was asked.
	 */
	@SuppressWarnings("serial")
	static final class ForeignAnswerException extends RuntimeException {

		ForeignAnswerException(String field) {
			super("The answer's " + field + " isn't the one that was asked for");
		}

	}

}
