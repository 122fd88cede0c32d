package io.github.twiliospring.messaging.simulator.control;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

import io.github.twiliospring.messaging.simulator.engine.StoredMessage;
import io.github.twiliospring.messaging.simulator.http.MalformedRequestException;

/**
 * Which messages a control request means. To be used under the timeline's lock.
 */
final class MessageQueries {

	private MessageQueries() {
	}

	static Predicate<StoredMessage> condition(ControlParameters parameters) {
		Predicate<StoredMessage> condition = (message) -> true;
		String account = parameters.text("account_sid");
		if (account != null) {
			condition = condition.and((message) -> message.account().sid().equals(account));
		}
		String sid = parameters.text("message_sid");
		if (sid != null) {
			condition = condition.and((message) -> message.sid().equals(sid));
		}
		String to = parameters.text("to");
		if (to != null) {
			condition = condition.and((message) -> message.to().equals(to));
		}
		String from = parameters.text("from");
		if (from != null) {
			condition = condition.and((message) -> from.equals(message.from()));
		}
		String body = parameters.text("body");
		if (body != null) {
			condition = condition.and((message) -> message.body().contains(body));
		}
		String toPattern = parameters.text("to_pattern");
		if (toPattern != null) {
			Pattern pattern = pattern(toPattern);
			condition = condition.and((message) -> pattern.matcher(message.to()).matches());
		}
		return condition;
	}

	static List<StoredMessage> find(Collection<StoredMessage> messages, ControlParameters parameters) {
		Predicate<StoredMessage> condition = condition(parameters);
		String status = parameters.text("status");
		String query = parameters.text("q");
		int limit = limit(parameters);
		List<StoredMessage> all = new ArrayList<>(messages);
		List<StoredMessage> found = new ArrayList<>();
		for (int i = all.size() - 1; i >= 0 && found.size() < limit; i--) {
			StoredMessage message = all.get(i);
			if (condition.test(message) && (status == null || status.equals(message.status().value()))
					&& (query == null || contains(message, query))) {
				found.add(message);
			}
		}
		return found;
	}

	static int limit(ControlParameters parameters) {
		int limit = parameters.integer("limit", 200);
		if (limit < 1) {
			throw new MalformedRequestException("'limit' is at least 1, not " + limit);
		}
		return limit;
	}

	private static boolean contains(StoredMessage message, String query) {
		String wanted = query.toLowerCase(Locale.ROOT);
		return (message.sid() + ' ' + message.to() + ' ' + message.from() + ' ' + message.body())
			.toLowerCase(Locale.ROOT)
			.contains(wanted);
	}

	private static Pattern pattern(String text) {
		try {
			return Pattern.compile(text);
		}
		catch (PatternSyntaxException ex) {
			throw new MalformedRequestException("'to_pattern' is no regular expression: " + ex.getDescription());
		}
	}

}
