package io.github.twiliospring.messaging.simulator.control;

import java.util.UUID;

import io.github.twiliospring.messaging.message.MessageStatus;
import io.github.twiliospring.messaging.simulator.engine.OutcomeRule;
import io.github.twiliospring.messaging.simulator.http.MalformedRequestException;
import org.jspecify.annotations.Nullable;

/**
 * Reads a rule for how messages end from a control request.
 */
final class OutcomeParameters {

	private static final int UNKNOWN_ERROR = 30008;

	private OutcomeParameters() {
	}

	static OutcomeRule rule(UUID id, ControlParameters parameters) {
		MessageStatus status = (parameters.text("status") != null)
				? parameters.oneOf("status", FinalStatus.class).status : null;
		double probability = parameters.number("probability", 1);
		if (!(probability >= 0 && probability <= 1)) {
			throw new MalformedRequestException("'probability' is 0 to 1, not " + probability);
		}
		int times = parameters.integer("times", -1);
		if (times == 0 || times < -1) {
			throw new MalformedRequestException("'times' is at least 1, or -1 for all, not " + times);
		}
		return new OutcomeRule(id.toString(), parameters.text("account_sid"), MessageQueries.condition(parameters),
				errorCode(status, parameters), status, times, probability);
	}

	private static @Nullable Integer errorCode(@Nullable MessageStatus status, ControlParameters parameters) {
		if (status == MessageStatus.DELIVERED) {
			return null;
		}
		int code = parameters.integer("error_code", UNKNOWN_ERROR);
		if (code < 1) {
			throw new MalformedRequestException("'error_code' is a positive number, not " + code);
		}
		return code;
	}

	/** How a message may end by rule. */
	private enum FinalStatus {

		DELIVERED(MessageStatus.DELIVERED), UNDELIVERED(MessageStatus.UNDELIVERED), FAILED(MessageStatus.FAILED);

		private final MessageStatus status;

		FinalStatus(MessageStatus status) {
			this.status = status;
		}

	}

}
