package io.github.twiliospring.messaging.simulator.control;

import java.util.List;

import io.github.twiliospring.messaging.message.Masking;
import io.github.twiliospring.messaging.message.MessageDirection;
import io.github.twiliospring.messaging.simulator.engine.ApiCall;
import io.github.twiliospring.messaging.simulator.engine.Callback;
import io.github.twiliospring.messaging.simulator.engine.CallbackAttempt;
import io.github.twiliospring.messaging.simulator.engine.StoredMessage;
import io.github.twiliospring.messaging.simulator.engine.WorldListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes what happens to the log, a line each, at debug level: without bodies, whole
 * numbers or queries.
 */
public final class ActivityLog implements WorldListener {

	private static final Logger logger = LoggerFactory.getLogger("io.github.twiliospring.messaging.simulator.activity");

	/**
	 * The log of one simulator.
	 */
	public ActivityLog() {
	}

	@Override
	public void call(ApiCall call) {
		logger.debug("api      {} {} {} {}{}", call.response().status(), call.method(), call.path(),
				(call.messageSid() != null) ? call.messageSid() : "",
				(call.fault() != null) ? " (fault " + call.fault() + ")" : "");
	}

	@Override
	public void message(StoredMessage message, boolean initial) {
		if (logger.isDebugEnabled()) {
			boolean inbound = message.direction() == MessageDirection.INBOUND;
			logger.debug("message  {} {} {}: {}{}", message.sid(), inbound ? "from" : "to",
					Masking.address(message.phone()), message.status().value(),
					(message.errorCode() != null) ? " " + message.errorCode() : "");
		}
	}

	@Override
	public void callback(Callback callback) {
		List<CallbackAttempt> attempts = callback.attempts();
		if (logger.isDebugEnabled() && !attempts.isEmpty() && callback.state() != Callback.State.PENDING) {
			CallbackAttempt last = attempts.get(attempts.size() - 1);
			Integer status = last.answer().status();
			logger.debug("callback {} {} {}: {} (attempt {}, {} ms)", callback.message().sid(),
					callback.reportedStatus(), callback.request().url().address().replaceAll("\\?.*", ""),
					(status != null) ? status : last.answer().failure(), last.number(), last.took().toMillis());
		}
	}

}
