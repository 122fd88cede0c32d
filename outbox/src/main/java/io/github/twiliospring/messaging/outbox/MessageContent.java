package io.github.twiliospring.messaging.outbox;

import java.math.BigDecimal;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

import io.github.twiliospring.messaging.error.InvalidMessageException;
import io.github.twiliospring.messaging.message.AddressRetention;
import io.github.twiliospring.messaging.message.ContentRetention;
import io.github.twiliospring.messaging.message.CreateParameter;
import io.github.twiliospring.messaging.message.MessageFault;
import io.github.twiliospring.messaging.message.OutboundMessage;
import io.github.twiliospring.messaging.message.OutboundMessageBuilder;
import io.github.twiliospring.messaging.message.RiskCheck;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * A message as it stands in the table: JSON, its fields by the API's names.
 */
final class MessageContent {

	private static final JsonMapper MAPPER = JsonMapper.builder()
		.enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
		// The same message is the same text, in every process.
		.enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
		.build();

	private static final TypeReference<LinkedHashMap<String, Object>> FIELDS = new TypeReference<>() {
	};

	private static final String REFERENCE = "reference";

	private MessageContent() {
	}

	/**
	 * Writes a message.
	 * @throws InvalidMessageException with all that is wrong with it
	 */
	static String write(OutboundMessage message) {
		List<MessageFault> faults = new ArrayList<>(message.faults());
		if (message.sendAt() != null) {
			faults.add(new MessageFault(CreateParameter.SEND_AT.wireName(),
					"is the provider's time; give the time to the outbox, by sendAt or OutboxRequest.at"));
		}
		Map<String, Object> fields = new LinkedHashMap<>();
		message.forEachParameter((parameter, value) -> fields.put(parameter.wireName(), plain(value)));
		if (message.reference() != null) {
			fields.put(REFERENCE, message.reference());
		}
		String json = "";
		try {
			json = MAPPER.writeValueAsString(fields);
		}
		catch (JacksonException ex) {
			// The writer's message may quote a value.
			faults.add(new MessageFault(CreateParameter.CONTENT_VARIABLES.wireName(), "can't be written as JSON"));
		}
		if (!faults.isEmpty()) {
			throw new InvalidMessageException(faults, message.reference());
		}
		return json;
	}

	/**
	 * Reads a message.
	 * @return the message, or {@code null} where this version can't read it whole
	 */
	static @Nullable OutboundMessage read(String json) {
		try {
			Map<String, Object> fields = MAPPER.readValue(json, FIELDS);
			OutboundMessageBuilder builder = OutboundMessage.to(text(fields.remove(CreateParameter.TO.wireName())));
			Object reference = fields.remove(REFERENCE);
			builder.reference((reference != null) ? text(reference) : null);
			for (CreateParameter parameter : CreateParameter.values()) {
				Object value = fields.remove(parameter.wireName());
				if (value != null) {
					set(builder, parameter, value);
				}
			}
			return fields.isEmpty() ? builder.build() : null;
		}
		catch (RuntimeException ex) {
			return null;
		}
	}

	/**
	 * What differs between two messages, without showing it.
	 * @return names of fields, sorted
	 */
	static List<String> differences(String one, String other) {
		Map<String, Object> first = MAPPER.readValue(one, FIELDS);
		Map<String, Object> second = MAPPER.readValue(other, FIELDS);
		Set<String> names = new TreeSet<>(first.keySet());
		names.addAll(second.keySet());
		names.removeIf((name) -> Objects.equals(first.get(name), second.get(name)));
		return List.copyOf(names);
	}

	/**
	 * Sixteen bits of what the recipient would see, so that two messages that can't be
	 * told apart have the same. Too few to find out a number or a text.
	 */
	static int fingerprint(OutboundMessage message) {
		return bits(message.to() + '\n' + ((message.body() != null) ? message.body() : ""));
	}

	/**
	 * Sixteen bits of the whole, so that a key that is used again is most likely found
	 * out even where the content was erased.
	 */
	static int check(String key, String json) {
		return bits(key + '\n' + json);
	}

	private static int bits(String text) {
		try {
			byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
			return (digest[0] & 0xff) << 8 | (digest[1] & 0xff);
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("Every Java platform has SHA-256", ex);
		}
	}

	private static Object plain(Object value) {
		if (value instanceof Collection<?> values) {
			return values.stream().map(MessageContent::plain).toList();
		}
		if (value instanceof Duration duration) {
			return duration.getSeconds();
		}
		return (value instanceof Map || value instanceof Boolean || value instanceof Integer) ? value
				: value.toString();
	}

	private static void set(OutboundMessageBuilder builder, CreateParameter parameter, Object value) {
		switch (parameter) {
			case FROM -> builder.from(text(value));
			case MESSAGING_SERVICE_SID -> builder.messagingServiceSid(text(value));
			case BODY -> builder.body(text(value));
			case MEDIA_URL -> texts(value).forEach((url) -> builder.mediaUrl(URI.create(url)));
			case CONTENT_SID -> builder.contentSid(text(value));
			case CONTENT_VARIABLES -> builder.contentVariables(variables(value));
			case STATUS_CALLBACK -> builder.statusCallback(URI.create(text(value)));
			case APPLICATION_SID -> builder.applicationSid(text(value));
			case MAX_PRICE -> builder.maxPrice(new BigDecimal(text(value)));
			case PROVIDE_FEEDBACK -> builder.provideFeedback((Boolean) value);
			case ATTEMPT -> builder.attempt((Integer) value);
			case VALIDITY_PERIOD -> builder.validityPeriod(Duration.ofSeconds(((Number) value).longValue()));
			case FORCE_DELIVERY -> builder.forceDelivery((Boolean) value);
			case CONTENT_RETENTION -> builder.contentRetention(new ContentRetention(text(value)));
			case ADDRESS_RETENTION -> builder.addressRetention(new AddressRetention(text(value)));
			case SMART_ENCODED -> builder.smartEncoded((Boolean) value);
			case PERSISTENT_ACTION -> texts(value).forEach(builder::persistentAction);
			case SHORTEN_URLS -> builder.shortenUrls((Boolean) value);
			case SEND_AS_MMS -> builder.sendAsMms((Boolean) value);
			case TRAFFIC_TYPE -> builder.trafficType(text(value));
			case RISK_CHECK -> builder.riskCheck(new RiskCheck(text(value)));
			case FALLBACK_FROM -> builder.fallbackFrom(text(value));
			case TO, SCHEDULE_TYPE, SEND_AT -> throw new IllegalArgumentException("No content has it here");
		}
	}

	private static String text(@Nullable Object value) {
		if (value instanceof String text) {
			return text;
		}
		throw new IllegalArgumentException("Not a text");
	}

	private static List<String> texts(Object value) {
		return ((Collection<?>) value).stream().map(MessageContent::text).toList();
	}

	@SuppressWarnings("unchecked")
	private static Map<String, Object> variables(Object value) {
		return (Map<String, Object>) value;
	}

}
