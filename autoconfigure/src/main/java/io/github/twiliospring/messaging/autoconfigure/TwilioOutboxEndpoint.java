package io.github.twiliospring.messaging.autoconfigure;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

import io.github.twiliospring.messaging.message.MessageStatus;
import io.github.twiliospring.messaging.outbox.MessagingOutbox;
import io.github.twiliospring.messaging.outbox.OutboxEntry;
import io.github.twiliospring.messaging.outbox.OutboxMonitor;
import io.github.twiliospring.messaging.outbox.OutboxStatus;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;

/**
 * Shows how the outbox is doing, and what a person has to decide. No number and no text
 * is shown; the keys are the application's own.
 */
@Endpoint(id = "twiliooutbox")
public class TwilioOutboxEndpoint {

	private static final int MOST_SHOWN = 100;

	private final MessagingOutbox outbox;

	private final OutboxMonitor monitor;

	TwilioOutboxEndpoint(MessagingOutbox outbox, OutboxMonitor monitor) {
		this.outbox = outbox;
		this.monitor = monitor;
	}

	/**
	 * How the outbox is doing.
	 * @return the counts, and the oldest hundred entries that are unresolved
	 */
	@ReadOperation
	public Outbox outbox() {
		OutboxStatus status = this.monitor.status();
		if (status == null) {
			return new Outbox(this.monitor.isRelaying(), null, null, null);
		}
		Map<String, Long> entries = new TreeMap<>();
		status.entries().forEach((state, count) -> entries.put(value(state), count));
		return new Outbox(this.monitor.isRelaying(), entries, status.lag().toMillis() / 1000.0,
				this.outbox.unresolved().stream().limit(MOST_SHOWN).map(Entry::of).toList());
	}

	/**
	 * One entry.
	 * @param key its key
	 * @return the entry, or {@code null} for 404
	 */
	@ReadOperation
	public @Nullable Entry entry(@Selector String key) {
		return this.outbox.find(key).map(Entry::of).orElse(null);
	}

	private static String value(Enum<?> constant) {
		return constant.name().toLowerCase(Locale.ROOT);
	}

	/**
	 * What is shown.
	 *
	 * @param relaying whether this instance looks for due entries
	 * @param entries how many there are in each state, {@code null} where the database
	 * doesn't answer; 100000 stands for as many or more
	 * @param lagSeconds how long ago the entry that waits for longest should have been
	 * looked at, {@code null} where the database doesn't answer
	 * @param unresolved the oldest hundred that a person has to decide, {@code null}
	 * where the database doesn't answer
	 */
	public record Outbox(boolean relaying, @Nullable Map<String, Long> entries, @Nullable Double lagSeconds,
			@Nullable List<Entry> unresolved) {

	}

	/**
	 * An entry as it's shown.
	 *
	 * @param key the application's own name for it
	 * @param state where it stands
	 * @param sendAt when it's due, or was
	 * @param attempts how often it was tried to send it
	 * @param problem what went wrong last with the sending, or {@code null}
	 * @param errorCode the provider's code, or {@code null}
	 * @param messageSid the message that it became, or {@code null}
	 * @param lastStatus the message's last known status, or {@code null}
	 * @param createdAt when it was written
	 * @param endedAt when it ended, or {@code null}
	 */
	public record Entry(String key, String state, Instant sendAt, int attempts, @Nullable String problem,
			@Nullable Integer errorCode, @Nullable String messageSid, @Nullable String lastStatus, Instant createdAt,
			@Nullable Instant endedAt) {

		private static Entry of(OutboxEntry entry) {
			MessageStatus status = entry.lastStatus();
			return new Entry(entry.key(), value(entry.state()), entry.sendAt(), entry.attempts(), entry.problem(),
					entry.errorCode(), entry.messageSid(), (status != null) ? status.value() : null, entry.createdAt(),
					entry.endedAt());
		}

	}

}
