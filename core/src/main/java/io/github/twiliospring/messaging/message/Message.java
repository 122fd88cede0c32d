package io.github.twiliospring.messaging.message;

import java.time.Instant;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * A Message resource as the provider answered it (API page, "Message properties"). Every
 * property but the SID may be {@code null}; unknown values of enumerations read as
 * {@code UNKNOWN} with the raw text beside them.
 *
 * @param sid the message's SID, {@code SM…} or {@code MM…}
 * @param accountSid the account that sent or received it
 * @param messagingServiceSid the Messaging Service it was sent with
 * @param from the sender
 * @param to the recipient
 * @param body the text, empty once redacted
 * @param status where it stands
 * @param rawStatus the status as it stood on the wire
 * @param direction which way it went
 * @param numSegments how many SMS it takes; {@code 0} in the answer to a create with a
 * Messaging Service
 * @param numMedia how many media belong to it
 * @param price what it cost
 * @param error why it failed or wasn't delivered
 * @param dateCreated when the resource was created
 * @param dateUpdated when it last changed
 * @param dateSent when it was sent, or received if inbound
 * @param uri the resource, relative to the API's host
 * @param apiVersion the API version that made it
 * @param subresourceUris media and feedback, relative to the API's host; never
 * {@code null}
 */
public record Message(String sid, @Nullable String accountSid, @Nullable String messagingServiceSid,
		@Nullable String from, @Nullable String to, @Nullable String body, MessageStatus status,
		@Nullable String rawStatus, MessageDirection direction, @Nullable Integer numSegments,
		@Nullable Integer numMedia, @Nullable Price price, @Nullable MessageError error, @Nullable Instant dateCreated,
		@Nullable Instant dateUpdated, @Nullable Instant dateSent, @Nullable String uri, @Nullable String apiVersion,
		Map<String, String> subresourceUris) {

	/**
	 * Copies the map.
	 */
	public Message {
		subresourceUris = Map.copyOf(subresourceUris);
	}

	@Override
	public String toString() {
		return "Message[sid=" + SidKind.MESSAGE.shown(this.sid) + ", status=" + this.status + ", from="
				+ Masking.address(this.from) + ", to=" + Masking.address(this.to) + ", error="
				+ ((this.error != null) ? this.error.code() : "none") + "]";
	}

}
