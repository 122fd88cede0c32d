package io.github.twiliospring.messaging.message;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;

import org.jspecify.annotations.Nullable;

/**
 * Which messages to list (seed: "Read multiple Message resources"). Immutable: each
 * method returns a query with one more condition, all of which must hold.
 *
 * @param to the recipient, or {@code null} for any
 * @param from the sender, or {@code null} for any
 * @param sentOn the day of sending in UTC, or {@code null} for any
 * @param sentSince the earliest instant of sending, inclusive, or {@code null}
 * @param sentUntil the latest instant of sending, inclusive, or {@code null}
 * @param pageSize how many messages one request brings, 1 to 1000
 */
public record MessageQuery(@Nullable String to, @Nullable String from, @Nullable LocalDate sentOn,
		@Nullable Instant sentSince, @Nullable Instant sentUntil, int pageSize) {

	private static final int DEFAULT_PAGE_SIZE = 50;

	private static final MessageQuery ALL = new MessageQuery(null, null, null, null, null, DEFAULT_PAGE_SIZE);

	/**
	 * Every message of the account.
	 * @return a query without conditions, 50 messages a request
	 */
	public static MessageQuery query() {
		return ALL;
	}

	/**
	 * Only messages to a recipient.
	 * @param recipient a number or channel address
	 * @return the narrower query
	 */
	public MessageQuery to(String recipient) {
		return new MessageQuery(recipient, this.from, this.sentOn, this.sentSince, this.sentUntil, this.pageSize);
	}

	/**
	 * Only messages from a sender.
	 * @param sender a number, alphanumeric sender or channel address
	 * @return the narrower query
	 */
	public MessageQuery from(String sender) {
		return new MessageQuery(this.to, sender, this.sentOn, this.sentSince, this.sentUntil, this.pageSize);
	}

	/**
	 * Only messages sent on a day.
	 * @param day a day in UTC
	 * @return the narrower query
	 */
	public MessageQuery sentOn(LocalDate day) {
		return new MessageQuery(this.to, this.from, day, this.sentSince, this.sentUntil, this.pageSize);
	}

	/**
	 * Only messages sent at an instant or later.
	 * @param instant inclusive
	 * @return the narrower query
	 */
	public MessageQuery sentSince(Instant instant) {
		return new MessageQuery(this.to, this.from, this.sentOn, instant, this.sentUntil, this.pageSize);
	}

	/**
	 * Only messages sent at a time or later.
	 * @param time inclusive, in any zone
	 * @return the narrower query
	 */
	public MessageQuery sentSince(ZonedDateTime time) {
		return sentSince(time.toInstant());
	}

	/**
	 * Only messages sent on a day or later.
	 * @param day a day in UTC, inclusive
	 * @return the narrower query
	 */
	public MessageQuery sentSince(LocalDate day) {
		return sentSince(day.atStartOfDay(ZoneOffset.UTC).toInstant());
	}

	/**
	 * Only messages sent at an instant or earlier.
	 * @param instant inclusive
	 * @return the narrower query
	 */
	public MessageQuery sentUntil(Instant instant) {
		return new MessageQuery(this.to, this.from, this.sentOn, this.sentSince, instant, this.pageSize);
	}

	/**
	 * Only messages sent at a time or earlier.
	 * @param time inclusive, in any zone
	 * @return the narrower query
	 */
	public MessageQuery sentUntil(ZonedDateTime time) {
		return sentUntil(time.toInstant());
	}

	/**
	 * How many messages one request brings.
	 * @param size 1 to 1000
	 * @return the query
	 */
	public MessageQuery pageSize(int size) {
		return new MessageQuery(this.to, this.from, this.sentOn, this.sentSince, this.sentUntil, size);
	}

	@Override
	public String toString() {
		return "MessageQuery[to=" + Masking.address(this.to) + ", from=" + Masking.address(this.from) + ", sentOn="
				+ this.sentOn + ", sentSince=" + this.sentSince + ", sentUntil=" + this.sentUntil + ", pageSize="
				+ this.pageSize + "]";
	}

}
