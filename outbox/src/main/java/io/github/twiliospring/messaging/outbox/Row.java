package io.github.twiliospring.messaging.outbox;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;

import io.github.twiliospring.messaging.message.MessageStatus;
import org.jspecify.annotations.Nullable;

/**
 * A row of the table, as it stood when it was read.
 */
record Row(String id, String key, OutboxState state, long version, @Nullable String content, int fingerprint, int check,
		@Nullable Instant requestedAt, Instant sendAt, @Nullable Duration giveUpAfter,
		@Nullable OnUnresolved onUnresolved, @Nullable Instant nextAt, int attempts, @Nullable String sendId,
		@Nullable Instant attemptedAt, @Nullable String messageSid, @Nullable MessageStatus lastStatus,
		@Nullable Integer errorCode, @Nullable String problem, boolean untold, Instant createdAt,
		@Nullable Instant endedAt) {

	static Row of(ResultSet row, int number) throws SQLException {
		String status = row.getString("last_status");
		String decision = row.getString("on_unresolved");
		Long giveUpAfter = row.getObject("give_up_after", Long.class);
		return new Row(row.getString("id"), row.getString("message_key"), OutboxState.of(row.getString("state")),
				row.getLong("version"), row.getString("content"), row.getInt("fingerprint"),
				row.getInt("content_check"), instant(row, "requested_at"), present(row, "send_at"),
				(giveUpAfter != null) ? Duration.ofMillis(giveUpAfter) : null,
				(decision != null) ? OnUnresolved.of(decision) : null, instant(row, "next_at"), row.getInt("attempts"),
				row.getString("send_id"), instant(row, "attempted_at"), row.getString("message_sid"),
				(status != null) ? MessageStatus.of(status) : null, row.getObject("error_code", Integer.class),
				row.getString("problem"), row.getBoolean("untold"), present(row, "created_at"),
				instant(row, "ended_at"));
	}

	OutboxEntry toEntry() {
		return new OutboxEntry(this.key, this.state, this.sendAt, this.attempts, this.messageSid, this.lastStatus,
				this.errorCode, this.problem, this.createdAt, this.endedAt);
	}

	private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
		OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
		return (time != null) ? time.toInstant() : null;
	}

	private static Instant present(ResultSet row, String column) throws SQLException {
		return row.getObject(column, OffsetDateTime.class).toInstant();
	}

	@Override
	public String toString() {
		return "Row[id=" + this.id + ", state=" + this.state + "]";
	}

}
