package io.github.twiliospring.messaging.simulator.control;

import java.util.List;

import io.github.twiliospring.messaging.message.MessageDirection;
import io.github.twiliospring.messaging.message.Masking;
import io.github.twiliospring.messaging.simulator.callback.Callback;
import io.github.twiliospring.messaging.simulator.callback.CallbackAttempt;
import io.github.twiliospring.messaging.simulator.engine.StoredMessage;
import io.github.twiliospring.messaging.simulator.http.RequestLog;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes what happens to the log, a line each, at debug level: without bodies, whole
 * numbers or queries.
 */
final class ActivityLog {

	/** The name of the logger, to switch it on. */
	static final String LOGGER = "io.github.twiliospring.messaging.simulator.activity";

	private static final Logger logger = LoggerFactory.getLogger(LOGGER);

	private ActivityLog() {
	}

	static void request(RequestLog.Entry entry) {
		logger.debug("api      {} {} {} {}{}", entry.response().status(), entry.request().method(),
				entry.request().path(), (entry.messageSid() != null) ? entry.messageSid() : "",
				(entry.fault() != null) ? " (fault " + entry.fault() + ")" : "");
	}

	static void message(StoredMessage message) {
		if (logger.isDebugEnabled()) {
			boolean inbound = message.direction() == MessageDirection.INBOUND;
			logger.debug("message  {} {} {}: {}{}", message.sid(), inbound ? "from" : "to",
					Masking.address(inbound ? message.from() : message.to()), message.status().value(),
					(message.errorCode() != null) ? " " + message.errorCode() : "");
		}
	}

	static void callback(Callback callback) {
		List<CallbackAttempt> attempts = callback.attempts();
		if (logger.isDebugEnabled() && !attempts.isEmpty() && callback.state() != Callback.State.PENDING) {
			CallbackAttempt last = attempts.get(attempts.size() - 1);
			Integer status = last.answer().status();
			logger.debug("callback {} {} {}: {} (attempt {}, {} ms)", callback.message().sid(),
					callback.reportedStatus(), callback.url().address().replaceAll("\\?.*", ""),
					(status != null) ? status : last.answer().failure(), last.number(), last.took().toMillis());
		}
	}

}
