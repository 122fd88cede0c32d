package io.github.twiliospring.messaging.outbox;

import java.time.Duration;
import java.time.Instant;

import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;

/**
 * A row to be inserted.
 */
record NewRow(String id, OutboxRequest request, String content, Instant sendAt, Instant now) {

	MapSqlParameterSource parameters() {
		Duration giveUpAfter = this.request.giveUpAfter();
		OnUnresolved decision = this.request.onUnresolved();
		return OutboxTable.parameters(this.now)
			.addValue("id", this.id)
			.addValue("key", this.request.key())
			.addValue("content", this.content)
			.addValue("fingerprint", MessageContent.fingerprint(this.request.message()))
			.addValue("check", MessageContent.check(this.request.key(), this.content))
			.addValue("requestedAt", OutboxTable.time(this.request.sendAt()))
			.addValue("sendAt", OutboxTable.time(this.sendAt))
			.addValue("priority", this.request.priority().ordinal())
			.addValue("giveUpAfter", (giveUpAfter != null) ? giveUpAfter.toMillis() : null)
			.addValue("onUnresolved", (decision != null) ? decision.name() : null);
	}

	@Override
	public String toString() {
		return "NewRow[id=" + this.id + "]";
	}

}
