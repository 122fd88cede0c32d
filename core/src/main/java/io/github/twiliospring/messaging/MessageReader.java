package io.github.twiliospring.messaging;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

import io.github.twiliospring.messaging.message.ErrorCodes;
import io.github.twiliospring.messaging.message.Message;
import io.github.twiliospring.messaging.message.MessageDirection;
import io.github.twiliospring.messaging.message.MessageError;
import io.github.twiliospring.messaging.message.MessageStatus;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.sym.PropertyNameMatcher;
import tools.jackson.core.util.Named;

/**
 * Reads a Message resource token by token: a tree of it took more than a tenth of a send
 * (docs/decisions/0012). Lenient, as all of {@link ResourceReader}. Reads one message.
 */
final class MessageReader {

	private static final Field[] FIELDS = Field.values();

	private static final int URIS = FIELDS.length;

	private static final PropertyNameMatcher NAMES = JsonFactory.builder()
		.build()
		.constructNameMatcher(Stream
			.concat(Arrays.stream(FIELDS).map((field) -> field.name().toLowerCase(Locale.ROOT)),
					Stream.of("subresource_uris"))
			.map((name) -> Named.fromString(name))
			.toList(), false);

	private final @Nullable String[] values = new @Nullable String[FIELDS.length];

	private Map<String, String> uris = Map.of();

	private MessageReader() {
	}

	/**
	 * Reads a message.
	 * @param parser stands before the resource
	 * @throws ResourceReader.UnreadableAnswerException if it's no object, or has no SID
	 */
	static Message read(JsonParser parser) {
		if (parser.nextToken() != JsonToken.START_OBJECT) {
			throw new ResourceReader.UnreadableAnswerException("no JSON object", null);
		}
		MessageReader reader = new MessageReader();
		for (int name = parser.nextNameMatch(NAMES); name != PropertyNameMatcher.MATCH_END_OBJECT
				&& name != PropertyNameMatcher.MATCH_ODD_TOKEN; name = parser.nextNameMatch(NAMES)) {
			parser.nextToken();
			if (name == URIS) {
				reader.uris = uris(parser);
			}
			else if (name >= 0) {
				reader.values[name] = text(parser);
			}
			else {
				parser.skipChildren();
			}
		}
		return reader.message();
	}

	private Message message() {
		String sid = get(Field.SID);
		if (sid == null) {
			throw new ResourceReader.UnreadableAnswerException("a message without SID", null);
		}
		String status = get(Field.STATUS);
		Integer errorCode = ErrorCodes.read(get(Field.ERROR_CODE));
		return new Message(sid, get(Field.ACCOUNT_SID), get(Field.MESSAGING_SERVICE_SID), get(Field.FROM),
				get(Field.TO), get(Field.BODY), MessageStatus.of(status), status,
				MessageDirection.of(get(Field.DIRECTION)), ResourceReader.integer(get(Field.NUM_SEGMENTS)),
				ResourceReader.integer(get(Field.NUM_MEDIA)),
				ResourceReader.price(get(Field.PRICE), get(Field.PRICE_UNIT)),
				(errorCode != null) ? new MessageError(errorCode, get(Field.ERROR_MESSAGE)) : null,
				ResourceReader.date(get(Field.DATE_CREATED)), ResourceReader.date(get(Field.DATE_UPDATED)),
				ResourceReader.date(get(Field.DATE_SENT)), get(Field.URI), get(Field.API_VERSION), this.uris);
	}

	private @Nullable String get(Field field) {
		return this.values[field.ordinal()];
	}

	private static Map<String, String> uris(JsonParser parser) {
		if (parser.currentToken() != JsonToken.START_OBJECT) {
			parser.skipChildren();
			return Map.of();
		}
		Map<String, String> uris = new LinkedHashMap<>();
		for (String name = parser.nextName(); name != null; name = parser.nextName()) {
			parser.nextToken();
			String uri = text(parser);
			if (uri != null) {
				uris.put(name, uri);
			}
		}
		return uris;
	}

	// An object or array where a value should be reads as nothing.
	private static @Nullable String text(JsonParser parser) {
		JsonToken token = parser.currentToken();
		if (token.isStructStart()) {
			parser.skipChildren();
			return null;
		}
		return (token != JsonToken.VALUE_NULL) ? parser.getString() : null;
	}

	/**
	 * The fields of the resource (API page, "Message properties").
	 */
	private enum Field {

		SID, ACCOUNT_SID, MESSAGING_SERVICE_SID, FROM, TO, BODY, STATUS, DIRECTION, NUM_SEGMENTS, NUM_MEDIA, PRICE,
		PRICE_UNIT, ERROR_CODE, ERROR_MESSAGE, DATE_CREATED, DATE_UPDATED, DATE_SENT, URI, API_VERSION;

	}

}
