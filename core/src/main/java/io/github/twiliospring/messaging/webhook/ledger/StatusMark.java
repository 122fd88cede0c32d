package io.github.twiliospring.messaging.webhook.ledger;

import io.github.twiliospring.messaging.message.MessageStatus;

/**
 * A status on its way to a handler.
 *
 * @param status the text on the wire
 * @param rank how far the message has come, negative for a status that ranks nowhere
 * @param acceptLate whether the handler wants a status that comes after a later one
 */
public record StatusMark(String status, int rank, boolean acceptLate) {

	private static final int UNRANKED = -1;

	/**
	 * Ranks a status: accepted = scheduled &lt; queued &lt; sending &lt; sent &lt; failed
	 * = undelivered = canceled = partially_delivered &lt; delivered &lt; read.
	 * @param status the status
	 * @param rawStatus its text on the wire
	 * @param acceptLate whether the handler wants it after a later one
	 * @return the mark
	 */
	public static StatusMark of(MessageStatus status, String rawStatus, boolean acceptLate) {
		String text = (status == MessageStatus.UNKNOWN) ? rawStatus : status.value();
		return new StatusMark(text, rank(status), acceptLate);
	}

	private static int rank(MessageStatus status) {
		return switch (status) {
			case ACCEPTED, SCHEDULED -> 0;
			case QUEUED -> 1;
			case SENDING -> 2;
			case SENT -> 3;
			case FAILED, UNDELIVERED, CANCELED, PARTIALLY_DELIVERED -> 4;
			case DELIVERED -> 5;
			case READ -> 6;
			case RECEIVING, RECEIVED, UNKNOWN -> UNRANKED;
		};
	}

	/**
	 * Whether this status has a place in the order.
	 * @return {@code false} for one that is handed on once and ranks nowhere
	 */
	public boolean isRanked() {
		return this.rank > UNRANKED;
	}

}
