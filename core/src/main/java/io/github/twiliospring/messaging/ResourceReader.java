package io.github.twiliospring.messaging;

import java.math.BigDecimal;
import java.time.Instant;

import io.github.twiliospring.messaging.error.ApiError;
import io.github.twiliospring.messaging.message.ErrorCodes;
import io.github.twiliospring.messaging.message.Media;
import io.github.twiliospring.messaging.message.Message;
import io.github.twiliospring.messaging.message.Price;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.JsonRecyclerPools;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads the API's JSON. Lenient: unknown fields are ignored, every field may be missing
 * or {@code null}, and a value of an unexpected form reads as {@code null}; only what is
 * no JSON object, or a Message without SID, is unreadable.
 */
final class ResourceReader {

	// Answers are read on event loops, which needn't compete for their buffers.
	private static final JsonMapper MAPPER = JsonMapper
		.builder(JsonFactory.builder().recyclerPool(JsonRecyclerPools.threadLocalPool()).build())
		.build();

	private ResourceReader() {
	}

	/**
	 * Reads a Message resource.
	 * @throws UnreadableAnswerException if it isn't one
	 */
	static Message message(byte[] body) {
		try (JsonParser parser = MAPPER.createParser(body)) {
			Message message = MessageReader.read(parser);
			if (parser.nextToken() != null) {
				throw new UnreadableAnswerException("more than one JSON object", null);
			}
			return message;
		}
		catch (JacksonException ex) {
			throw unreadable(ex);
		}
	}

	/**
	 * Reads an element of a list of messages.
	 * @throws UnreadableAnswerException if it has no SID
	 */
	static Message message(JsonNode json) {
		try (JsonParser parser = MAPPER.treeAsTokens(json)) {
			return MessageReader.read(parser);
		}
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
				date(text(json, "date_created")), date(text(json, "date_updated")), text(json, "uri"));
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
			return new ApiError(status, ErrorCodes.read(text(json, "code")), text(json, "message"), requestId);
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
			throw unreadable(ex);
		}
	}

	// The parser's message quotes the answer, which may hold a body or a number.
	private static UnreadableAnswerException unreadable(JacksonException failure) {
		return new UnreadableAnswerException("no JSON", failure.getClass().getSimpleName());
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
	 * An RFC 2822 date.
	 * @return the instant, or {@code null} for anything else
	 */
	static @Nullable Instant date(@Nullable String text) {
		return (text != null) ? Rfc2822Date.parse(text) : null;
	}

	static @Nullable Integer integer(@Nullable String text) {
		BigDecimal number = decimal(text);
		try {
			return (number != null) ? number.intValueExact() : null;
		}
		catch (ArithmeticException ex) {
			return null;
		}
	}

	static @Nullable Price price(@Nullable String amount, @Nullable String unit) {
		BigDecimal number = decimal(amount);
		return (number != null) ? new Price(number, unit) : null;
	}

	private static @Nullable BigDecimal decimal(@Nullable String text) {
		try {
			return (text != null) ? new BigDecimal(text) : null;
		}
		catch (NumberFormatException ex) {
			return null;
		}
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
