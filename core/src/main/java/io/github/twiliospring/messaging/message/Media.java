package io.github.twiliospring.messaging.message;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * A medium of a message (API page, "Message Media Subresources").
 *
 * @param sid the medium's SID, {@code ME…}
 * @param accountSid the account
 * @param messageSid the message that it belongs to
 * @param contentType its media type, for example {@code image/jpeg}
 * @param dateCreated when it was created
 * @param dateUpdated when it last changed
 * @param uri the resource, relative to the API's host
 */
public record Media(String sid, @Nullable String accountSid, @Nullable String messageSid, @Nullable String contentType,
		@Nullable Instant dateCreated, @Nullable Instant dateUpdated, @Nullable String uri) {

	@Override
	public String toString() {
		return "Media[sid=" + SidKind.MEDIUM.shown(this.sid) + ", messageSid=" + SidKind.MESSAGE.shown(this.messageSid)
				+ "]";
	}

}
