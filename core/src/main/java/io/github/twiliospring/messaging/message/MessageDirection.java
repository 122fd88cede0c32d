package io.github.twiliospring.messaging.message;

import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * Which way a message went, and what started it (API page, "Message properties",
 * {@code direction}).
 */
public enum MessageDirection {

	/** From a phone to the application. */
	INBOUND("inbound"),

	/** Started by the REST API. */
	OUTBOUND_API("outbound-api"),

	/** Started during a call. */
	OUTBOUND_CALL("outbound-call"),

	/** The answer to an incoming message. */
	OUTBOUND_REPLY("outbound-reply"),

	/** A direction that this version doesn't know. */
	UNKNOWN("unknown");

	private static final Map<String, MessageDirection> BY_VALUE = Stream.of(values())
		.collect(Collectors.toUnmodifiableMap(MessageDirection::value, Function.identity()));

	private final String value;

	MessageDirection(String value) {
		this.value = value;
	}

	/**
	 * The direction as it stands on the wire.
	 * @return lower case, with hyphens
	 */
	public String value() {
		return this.value;
	}

	/**
	 * The direction for a wire value.
	 * @param value the text of the resource, or {@code null}
	 * @return the direction, {@link #UNKNOWN} for {@code null} and for a text that isn't
	 * known
	 */
	public static MessageDirection of(@Nullable String value) {
		return (value != null) ? BY_VALUE.getOrDefault(value, UNKNOWN) : UNKNOWN;
	}

}
