package io.github.twiliospring.messaging.simulator.engine;

import java.util.function.Predicate;

import io.github.twiliospring.messaging.message.MessageStatus;
import org.jspecify.annotations.Nullable;

/**
 * How some messages end.
 *
 * @param id names the rule
 * @param accountSid the account that it keeps to, or {@code null} for all
 * @param condition which messages
 * @param errorCode the delivery error, or {@code null} for a delivery that succeeds in
 * spite of later rules
 * @param status {@link MessageStatus#FAILED} or {@link MessageStatus#UNDELIVERED}, or
 * {@code null} for the status that the code occurs with
 * @param times for how many messages it holds, -1 for all
 * @param probability the share of messages that it strikes, 0 to 1
 */
public record OutcomeRule(String id, @Nullable String accountSid, Predicate<StoredMessage> condition,
		@Nullable Integer errorCode, @Nullable MessageStatus status, int times, double probability) {

	/**
	 * The status that a failure ends in: unless it's said, undelivered for what a carrier
	 * or handset reports, failed for what never left the provider.
	 * @return the status
	 */
	public MessageStatus finalStatus() {
		if (this.status != null) {
			return this.status;
		}
		if (this.errorCode == null) {
			return MessageStatus.DELIVERED;
		}
		return switch (this.errorCode) {
			case 30003, 30004, 30005, 30006, 30007, 30008, 30034, 30410, 63013, 63014 -> MessageStatus.UNDELIVERED;
			default -> MessageStatus.FAILED;
		};
	}

	OutcomeRule used() {
		return (this.times < 0) ? this : new OutcomeRule(this.id, this.accountSid, this.condition, this.errorCode,
				this.status, this.times - 1, this.probability);
	}

}
