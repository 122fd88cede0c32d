package io.github.twiliospring.messaging.outbox;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;

import io.github.twiliospring.messaging.message.MessageStatus;
import org.jspecify.annotations.Nullable;

/**
 * A row of the table, as it stood when it was read.
 */
record Row(String id, String key, OutboxState state, long version, @Nullable String content, int fingerprint, int check,
		@Nullable Instant requestedAt, Instant sendAt, OutboxPriority priority, @Nullable Duration giveUpAfter,
		@Nullable OnUnresolved onUnresolved, @Nullable Instant nextAt, int attempts, @Nullable String sendId,
		@Nullable Instant attemptedAt, @Nullable String messageSid, @Nullable MessageStatus lastStatus,
		@Nullable Integer errorCode, @Nullable String problem, boolean untold, Instant createdAt,
		@Nullable Instant endedAt) {

	static Row of(Columns row, Dialect dialect) throws SQLException {
		String status = row.get("last_status", String.class);
		String decision = row.get("on_unresolved", String.class);
		Long giveUpAfter = row.get("give_up_after", Long.class);
		return new Row(present(row, "id", String.class), present(row, "message_key", String.class),
				OutboxState.of(present(row, "state", String.class)), present(row, "version", Long.class),
				row.get("content", String.class), present(row, "fingerprint", Integer.class),
				present(row, "content_check", Integer.class), dialect.instant(row, "requested_at"),
				dialect.time(row, "send_at"), OutboxPriority.of(present(row, "priority", Integer.class)),
				(giveUpAfter != null) ? Duration.ofMillis(giveUpAfter) : null,
				(decision != null) ? OnUnresolved.of(decision) : null, dialect.instant(row, "next_at"),
				present(row, "attempts", Integer.class), row.get("send_id", String.class),
				dialect.instant(row, "attempted_at"), row.get("message_sid", String.class),
				(status != null) ? MessageStatus.of(status) : null, row.get("error_code", Integer.class),
				row.get("problem", String.class), present(row, "untold", Boolean.class),
				dialect.time(row, "created_at"), dialect.instant(row, "ended_at"));
	}

	/**
	 * When it was last tried to send it.
	 */
	Instant attempted() {
		return (this.attemptedAt != null) ? this.attemptedAt : this.createdAt;
	}

	OutboxEntry toEntry() {
		return new OutboxEntry(this.key, this.state, this.sendAt, this.attempts, this.messageSid, this.lastStatus,
				this.errorCode, this.problem, this.createdAt, this.endedAt);
	}

	private static <T> T present(Columns row, String column, Class<T> type) throws SQLException {
		return Objects.requireNonNull(row.get(column, type), column);
	}

	@Override
	public String toString() {
		return "Row[id=" + this.id + ", state=" + this.state + "]";
	}

}
