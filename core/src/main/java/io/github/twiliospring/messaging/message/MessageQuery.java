package io.github.twiliospring.messaging.message;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * Which messages to list (API page, "Read multiple Message resources"). Immutable: each
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

	private static final Instant FIRST = Instant.EPOCH;

	private static final Instant LAST = LocalDate.of(9998, 12, 31).atTime(23, 59, 59).toInstant(ZoneOffset.UTC);

	private static final int MAXIMUM_PAGE_SIZE = 1000;

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
		return new MessageQuery(orEmpty(recipient), this.from, this.sentOn, this.sentSince, this.sentUntil,
				this.pageSize);
	}

	/**
	 * Only messages from a sender.
	 * @param sender a number, alphanumeric sender or channel address
	 * @return the narrower query
	 */
	public MessageQuery from(String sender) {
		return new MessageQuery(this.to, orEmpty(sender), this.sentOn, this.sentSince, this.sentUntil, this.pageSize);
	}

	/**
	 * Only messages sent on a day.
	 * @param day a day in UTC
	 * @return the narrower query
	 */
	public MessageQuery sentOn(LocalDate day) {
		return new MessageQuery(this.to, this.from, present(day), this.sentSince, this.sentUntil, this.pageSize);
	}

	/**
	 * Only messages sent at an instant or later.
	 * @param instant inclusive
	 * @return the narrower query
	 */
	public MessageQuery sentSince(Instant instant) {
		return new MessageQuery(this.to, this.from, this.sentOn, present(instant), this.sentUntil, this.pageSize);
	}

	/**
	 * Only messages sent at a time or later.
	 * @param time inclusive, in any zone
	 * @return the narrower query
	 */
	public MessageQuery sentSince(ZonedDateTime time) {
		return sentSince(present(time).toInstant());
	}

	/**
	 * Only messages sent on a day or later.
	 * @param day a day in UTC, inclusive
	 * @return the narrower query
	 */
	public MessageQuery sentSince(LocalDate day) {
		return sentSince(present(day).atStartOfDay(ZoneOffset.UTC).toInstant());
	}

	/**
	 * Only messages sent at an instant or earlier.
	 * @param instant inclusive
	 * @return the narrower query
	 */
	public MessageQuery sentUntil(Instant instant) {
		return new MessageQuery(this.to, this.from, this.sentOn, this.sentSince, present(instant), this.pageSize);
	}

	/**
	 * Only messages sent at a time or earlier.
	 * @param time inclusive, in any zone
	 * @return the narrower query
	 */
	public MessageQuery sentUntil(ZonedDateTime time) {
		return sentUntil(present(time).toInstant());
	}

	/**
	 * How many messages one request brings.
	 * @param size 1 to 1000
	 * @return the query
	 */
	public MessageQuery pageSize(int size) {
		return new MessageQuery(this.to, this.from, this.sentOn, this.sentSince, this.sentUntil, size);
	}

	/**
	 * What is wrong with this query. The template reports it before any request.
	 * @return the faults, empty for a query that can be asked
	 */
	public List<MessageFault> faults() {
		List<MessageFault> faults = new ArrayList<>();
		checkAddress("To", this.to, faults);
		checkAddress("From", this.from, faults);
		if (this.sentOn != null && (this.sentSince != null || this.sentUntil != null)) {
			faults.add(new MessageFault("DateSent", "is given as a day and as a range; leave one of them out"));
		}
		if (this.sentSince != null && this.sentUntil != null && this.sentSince.isAfter(this.sentUntil)) {
			faults.add(new MessageFault("DateSent>",
					"is %s, after the end of the range, %s".formatted(this.sentSince, this.sentUntil)));
		}
		checkYear("DateSent>", this.sentSince, faults);
		checkYear("DateSent<", this.sentUntil, faults);
		if (this.pageSize < 1 || this.pageSize > MAXIMUM_PAGE_SIZE) {
			faults.add(new MessageFault("PageSize",
					"is %d, it must be 1 to %d".formatted(this.pageSize, MAXIMUM_PAGE_SIZE)));
		}
		return List.copyOf(faults);
	}

	// A null from code that isn't checked for it is a fault, not a list of everybody's
	// messages.
	private static String orEmpty(@Nullable String address) {
		return (address != null) ? address : "";
	}

	private static <T> T present(@Nullable T time) {
		return Objects.requireNonNull(time, "The time is null; leave the condition out for any time");
	}

	private static void checkAddress(String field, @Nullable String address, List<MessageFault> faults) {
		if (address != null && !Address.isSender(address)) {
			faults.add(new MessageFault(field, Masking.address(address) + " is no number in E.164 form (+ and up to 15"
					+ " digits), short code, alphanumeric sender or channel address"));
		}
	}

	// The API's dates have four digits for the year.
	private static void checkYear(String field, @Nullable Instant time, List<MessageFault> faults) {
		if (time != null && (time.isBefore(FIRST) || time.isAfter(LAST))) {
			faults.add(new MessageFault(field, "must lie in the years 1970 to 9998; leave it out for any time"));
		}
	}

	@Override
	public String toString() {
		return "MessageQuery[to=" + Masking.address(this.to) + ", from=" + Masking.address(this.from) + ", sentOn="
				+ this.sentOn + ", sentSince=" + this.sentSince + ", sentUntil=" + this.sentUntil + ", pageSize="
				+ this.pageSize + "]";
	}

}
