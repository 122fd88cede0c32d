package io.github.twiliospring.messaging.outbox;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.Objects;

import io.github.twiliospring.messaging.message.OutboundMessage;
import io.github.twiliospring.messaging.message.OutboundMessageBuilder;
import org.jspecify.annotations.Nullable;

/**
 * A message to be written to the outbox, with all that holds for it alone. Immutable.
 */
public final class OutboxRequest {

	// Of two who write the same, each waits for the other, unless in one order.
	static final Comparator<OutboxRequest> BY_KEY = Comparator.comparing(OutboxRequest::key);

	private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");

	private static final Instant END = Instant.parse("+10000-01-01T00:00:00Z");

	private static final Duration LONGEST = Duration.ofDays(36500);

	private final String key;

	private final OutboundMessage message;

	private final @Nullable Instant sendAt;

	private final OutboxPriority priority;

	private final @Nullable Duration giveUpAfter;

	private final @Nullable OnUnresolved onUnresolved;

	private OutboxRequest(String key, OutboundMessage message, @Nullable Instant sendAt, OutboxPriority priority,
			@Nullable Duration giveUpAfter, @Nullable OnUnresolved onUnresolved) {
		this.key = key;
		this.message = message;
		this.sendAt = sendAt;
		this.priority = priority;
		this.giveUpAfter = giveUpAfter;
		this.onUnresolved = onUnresolved;
	}

	/**
	 * A message that is sent at once.
	 * @param key the application's own, unique name for it: 1 to 100 characters, of which
	 * none is a control character; upper and lower case differ
	 * @param message the message
	 * @return the request
	 * @throws IllegalArgumentException if the key is none
	 */
	public static OutboxRequest of(String key, OutboundMessage message) {
		return new OutboxRequest(Keys.checked(key), Objects.requireNonNull(message, "The message is missing"), null,
				OutboxPriority.NORMAL, null, null);
	}

	/**
	 * A message that is sent at once.
	 * @param key as of {@link #of(String, OutboundMessage)}
	 * @param message the message, unbuilt
	 * @return the request
	 * @throws IllegalArgumentException if the key is none
	 */
	public static OutboxRequest of(String key, OutboundMessageBuilder message) {
		return of(key, Objects.requireNonNull(message, "The message is missing").build());
	}

	/**
	 * Sends it later. The entry waits in the application's database, so that the time may
	 * be years ahead.
	 * @param when the time, milliseconds count; a past one is at once
	 * @return the request
	 * @throws IllegalArgumentException if it isn't between the years 1 and 9999, which
	 * every database can keep
	 */
	public OutboxRequest at(Instant when) {
		return new OutboxRequest(this.key, this.message, checked(when), this.priority, this.giveUpAfter,
				this.onUnresolved);
	}

	static Instant checked(Instant when) {
		Objects.requireNonNull(when, "The time is missing");
		if (when.isBefore(FIRST) || !when.isBefore(END)) {
			throw new IllegalArgumentException("The time of an outbox entry has to be between the years 1 and 9999");
		}
		return when.truncatedTo(ChronoUnit.MILLIS);
	}

	/**
	 * Whether it goes ahead of others that are due.
	 * @param priority {@link OutboxPriority#NORMAL} where nothing is said
	 * @return the request
	 */
	public OutboxRequest priority(OutboxPriority priority) {
		return new OutboxRequest(this.key, this.message, this.sendAt,
				Objects.requireNonNull(priority, "The priority is missing"), this.giveUpAfter, this.onUnresolved);
	}

	/**
	 * How long after its time it's still worth sending.
	 * @param period milliseconds count
	 * @return the request
	 * @throws IllegalArgumentException if it isn't between a millisecond and 36500 days
	 */
	public OutboxRequest giveUpAfter(Duration period) {
		Objects.requireNonNull(period, "The period is missing");
		if (period.compareTo(LONGEST) > 0 || period.toMillis() < 1) {
			throw new IllegalArgumentException(
					"The period until giving up has to be between a millisecond and 36500 days");
		}
		return new OutboxRequest(this.key, this.message, this.sendAt, this.priority, period, this.onUnresolved);
	}

	/**
	 * What becomes of it where nobody can find out whether the message exists.
	 * @param decision the decision
	 * @return the request
	 */
	public OutboxRequest onUnresolved(OnUnresolved decision) {
		return new OutboxRequest(this.key, this.message, this.sendAt, this.priority, this.giveUpAfter,
				Objects.requireNonNull(decision, "The decision is missing"));
	}

	String key() {
		return this.key;
	}

	OutboundMessage message() {
		return this.message;
	}

	@Nullable Instant sendAt() {
		return this.sendAt;
	}

	OutboxPriority priority() {
		return this.priority;
	}

	@Nullable Duration giveUpAfter() {
		return this.giveUpAfter;
	}

	@Nullable OnUnresolved onUnresolved() {
		return this.onUnresolved;
	}

	@Override
	public String toString() {
		return "OutboxRequest[key=" + this.key + ", message=" + this.message + ", sendAt=" + this.sendAt + "]";
	}

}
