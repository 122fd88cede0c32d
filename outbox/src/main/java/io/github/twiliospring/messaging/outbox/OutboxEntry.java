package io.github.twiliospring.messaging.outbox;

import java.time.Instant;

import io.github.twiliospring.messaging.message.MessageStatus;
import org.jspecify.annotations.Nullable;

/**
 * An entry of the outbox, as it stood when it was read. Shows neither number nor text.
 *
 * @param key the application's own name for it
 * @param state where it stands
 * @param sendAt when it's due, or was
 * @param attempts how often it was tried to send it
 * @param messageSid the message that it became, or {@code null} as long as that isn't
 * known
 * @param lastStatus the message's last known status, or {@code null}
 * @param errorCode the provider's code for why the message was rejected, or failed later,
 * or {@code null}
 * @param problem what went wrong last with the sending, in this library's words, or
 * {@code null}
 * @param createdAt when it was written
 * @param endedAt when it ended, or {@code null}
 */
public record OutboxEntry(String key, OutboxState state, Instant sendAt, int attempts, @Nullable String messageSid,
		@Nullable MessageStatus lastStatus, @Nullable Integer errorCode, @Nullable String problem, Instant createdAt,
		@Nullable Instant endedAt) {

}
