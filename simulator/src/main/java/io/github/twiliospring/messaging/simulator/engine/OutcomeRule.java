package io.github.twiliospring.messaging.simulator.engine;

import java.util.function.Predicate;

import io.github.twiliospring.messaging.message.MessageStatus;
import io.github.twiliospring.messaging.simulator.fault.Scope;
import org.jspecify.annotations.Nullable;

/**
 * How some messages end.
 *
 * @param id names the rule
 * @param condition which messages
 * @param errorCode the delivery error, or {@code null} for a delivery that succeeds in
 * spite of later rules
 * @param status {@link MessageStatus#FAILED} or {@link MessageStatus#UNDELIVERED}, or
 * {@code null} for the status that the code occurs with
 * @param scope for how many, and for what share of them
 */
public record OutcomeRule(String id, Predicate<StoredMessage> condition, @Nullable Integer errorCode,
		@Nullable MessageStatus status, Scope scope) implements Scope.Scoped<OutcomeRule> {

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

	@Override
	public OutcomeRule in(Scope other) {
		return new OutcomeRule(this.id, this.condition, this.errorCode, this.status, other);
	}

}
