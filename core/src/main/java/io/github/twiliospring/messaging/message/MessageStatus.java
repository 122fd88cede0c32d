package io.github.twiliospring.messaging.message;

import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * Where a message stands, as the Message resource and the status callbacks name it (API
 * page: "Message Status Values"; {@link #PARTIALLY_DELIVERED} came later). The provider
 * adds values without notice: those read as {@link #UNKNOWN}, and the raw text stays
 * available beside the status.
 */
public enum MessageStatus {

	/** Taken by a Messaging Service that hasn't picked its sender yet. */
	ACCEPTED("accepted"),

	/** Waits for its time; only a message in this status can be canceled. */
	SCHEDULED("scheduled"),

	/** Waits to be sent out. */
	QUEUED("queued"),

	/** Being handed to the carrier. */
	SENDING("sending"),

	/** The nearest carrier took it. */
	SENT("sent"),

	/** The carrier, or the handset where it reports, has it. */
	DELIVERED("delivered"),

	/** The carrier reported that it wasn't delivered; an error code says why. */
	UNDELIVERED("undelivered"),

	/** It couldn't be sent; an error code says why. Not charged. */
	FAILED("failed"),

	/** Inbound, being processed. */
	RECEIVING("receiving"),

	/** Inbound, received. */
	RECEIVED("received"),

	/** Opened by its recipient, on channels that report it. */
	READ("read"),

	/** Canceled while scheduled. */
	CANCELED("canceled"),

	/** Delivered to some of its recipients. */
	PARTIALLY_DELIVERED("partially_delivered"),

	/** A status that this version doesn't know. */
	UNKNOWN("unknown");

	private static final Map<String, MessageStatus> BY_VALUE = Stream.of(values())
		.filter((status) -> status != UNKNOWN)
		.collect(Collectors.toUnmodifiableMap(MessageStatus::value, Function.identity()));

	private final String value;

	MessageStatus(String value) {
		this.value = value;
	}

	/**
	 * The status as it stands on the wire.
	 * @return lower case, with underscores
	 */
	public String value() {
		return this.value;
	}

	/**
	 * Whether the sending has ended: nothing but a read receipt can follow.
	 * @return {@code true} for delivered, undelivered, failed, canceled, read, received
	 * and partially delivered
	 */
	public boolean isFinal() {
		return switch (this) {
			case DELIVERED, UNDELIVERED, FAILED, CANCELED, READ, RECEIVED, PARTIALLY_DELIVERED -> true;
			default -> false;
		};
	}

	/**
	 * The status for a wire value.
	 * @param value the text of the resource or the callback, in any case, or {@code null}
	 * @return the status, {@link #UNKNOWN} for {@code null} and for a text that isn't
	 * known
	 */
	public static MessageStatus of(@Nullable String value) {
		if (value == null) {
			return UNKNOWN;
		}
		MessageStatus status = BY_VALUE.get(value);
		return (status != null) ? status : BY_VALUE.getOrDefault(value.toLowerCase(Locale.ROOT), UNKNOWN);
	}

}
