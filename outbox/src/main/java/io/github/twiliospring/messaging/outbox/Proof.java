package io.github.twiliospring.messaging.outbox;

import io.github.twiliospring.messaging.message.Message;
import io.github.twiliospring.messaging.message.MessageError;
import io.github.twiliospring.messaging.message.MessageStatus;
import io.github.twiliospring.messaging.webhook.StatusUpdate;
import io.github.twiliospring.messaging.webhook.ledger.StatusMark;
import org.jspecify.annotations.Nullable;

/**
 * That a message exists, and where it stands.
 *
 * @param messageSid the message
 * @param status its status on the wire
 * @param rank how far it has come
 * @param errorCode why it failed, or {@code null}
 */
record Proof(String messageSid, String status, int rank, @Nullable Integer errorCode) {

	private static final int STATUS_LIMIT = 40;

	static Proof of(Message message) {
		return of(message.sid(), message.status(), message.rawStatus(), message.error());
	}

	static Proof of(StatusUpdate update) {
		return of(update.messageSid(), update.status(), update.rawStatus(), update.error());
	}

	private static Proof of(String sid, MessageStatus status, @Nullable String raw, @Nullable MessageError error) {
		StatusMark mark = StatusMark.of(status, (raw != null) ? raw : status.value(), false);
		String text = mark.status();
		return new Proof(sid, (text.length() > STATUS_LIMIT) ? text.substring(0, STATUS_LIMIT) : text, mark.rank(),
				(error != null) ? error.code() : null);
	}

	boolean isRanked() {
		return this.rank >= 0;
	}

}
