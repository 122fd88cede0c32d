package io.github.twiliospring.messaging.outbox;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

/**
 * A row to be inserted.
 */
record NewRow(String id, OutboxRequest request, String content, Instant sendAt, Instant now) {

	private static final String INSERT = """
			insert into twilio_outbox (id, message_key, state, version, content, fingerprint, content_check,
			 requested_at, send_at, priority, give_up_after, on_unresolved, next_at, attempts, untold, created_at)
			values (:id, :key, 'waiting', 1, :content, :fingerprint, :check, :requestedAt, :sendAt, :priority,
			 :giveUpAfter, :onUnresolved, :sendAt, 0, :untold, :now)""";

	/**
	 * Inserts it.
	 * @param dialect where a duplicate key would end the transaction, it's no error
	 */
	Sql insert(Dialect dialect) {
		Duration giveUpAfter = this.request.giveUpAfter();
		OnUnresolved decision = this.request.onUnresolved();
		return Sql.of(INSERT + dialect.ifThere())
			.with("now", this.now)
			.with("untold", false)
			.with("id", this.id)
			.with("key", this.request.key())
			.with("content", this.content)
			.with("fingerprint", MessageContent.fingerprint(this.request.message()))
			.with("check", MessageContent.check(this.request.key(), this.content))
			.withNullable("requestedAt", this.request.sendAt())
			.with("sendAt", this.sendAt)
			.with("priority", this.request.priority().ordinal())
			.withNullable("giveUpAfter", Long.class, (giveUpAfter != null) ? giveUpAfter.toMillis() : null)
			.withNullable("onUnresolved", String.class, (decision != null) ? decision.name() : null);
	}

	/**
	 * The row of a request that is written now.
	 */
	static NewRow of(OutboxRequest request, Instant now) {
		Instant sendAt = request.sendAt();
		return new NewRow(UUID.randomUUID().toString(), request, MessageContent.write(request.message()),
				(sendAt != null) ? OutboxClock.later(sendAt, now) : now, now);
	}

	/**
	 * The entry that it becomes, as it's read back.
	 */
	OutboxEntry toEntry() {
		return new OutboxEntry(this.request.key(), OutboxState.WAITING, this.sendAt, 0, null, null, null, null,
				this.now, null);
	}

	/**
	 * What differs in the entry that has this one's key, in the words of an error.
	 */
	List<String> differences(Row existing) {
		List<String> differences = new ArrayList<>();
		if (existing.content() != null) {
			differences.addAll(MessageContent.differences(existing.content(), this.content));
		}
		else if (existing.check() != MessageContent.check(this.request.key(), this.content)) {
			differences.add("content");
		}
		if (!Objects.equals(existing.requestedAt(), this.request.sendAt())) {
			differences.add("time");
		}
		return differences;
	}

	@Override
	public String toString() {
		return "NewRow[id=" + this.id + "]";
	}

}
