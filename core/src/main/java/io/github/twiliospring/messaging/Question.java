package io.github.twiliospring.messaging;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.twiliospring.messaging.ResourceReader.ForeignAnswerException;
import io.github.twiliospring.messaging.message.AddressRetention;
import io.github.twiliospring.messaging.message.CreateParameter;
import io.github.twiliospring.messaging.message.Media;
import io.github.twiliospring.messaging.message.Message;
import io.github.twiliospring.messaging.message.OutboundMessage;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What was asked, as far as an answer has to name the same: HTTP says nothing about whose
 * answer arrives on a connection that's used again. What an answer leaves out is passed
 * over, since every field may be missing.
 *
 * @param accountSid the account in the path
 * @param messageSid the message in the path, or {@code null}
 * @param mediaSid the medium in the path, or {@code null}
 */
record Question(String accountSid, @Nullable String messageSid, @Nullable String mediaSid) {

	// With or without a channel. Other forms may be rewritten by the provider.
	private static final Pattern PLAIN_NUMBER = Pattern.compile("(?:[a-z]+:)?\\+(\\d+)");

	// What national prefixes are dropped or added before (Mexico's and Argentina's mobile
	// digit, Brazil's ninth).
	private static final int SUBSCRIBER_DIGITS = 8;

	/**
	 * Reads the answer to a send.
	 */
	Message sent(byte[] body, OutboundMessage message, Attempt attempt) {
		Message answer = message(body);
		AddressRetention retention = message.addressRetention();
		if ((retention == null || AddressRetention.RETAIN.equals(retention)) && differs(message.to(), answer.to())) {
			throw new ForeignAnswerException(CreateParameter.TO.wireName());
		}
		if (attempt.isOfEarlierSend(answer)) {
			throw new ForeignAnswerException("sid");
		}
		return answer;
	}

	/**
	 * Reads an answer that is a message.
	 */
	Message message(byte[] body) {
		Message answer = ResourceReader.message(body);
		compare("account_sid", this.accountSid, answer.accountSid());
		compare("sid", this.messageSid, answer.sid());
		return answer;
	}

	/**
	 * Reads an answer that is a medium.
	 */
	Media medium(byte[] body) {
		Media answer = ResourceReader.media(ResourceReader.tree(body));
		compare("account_sid", this.accountSid, answer.accountSid());
		compare("parent_sid", this.messageSid, answer.messageSid());
		compare("sid", this.mediaSid, answer.sid());
		return answer;
	}

	/**
	 * Reads an answer that need not say anything: any 2xx means that it was done, unless
	 * it says that something else was.
	 */
	Boolean done(byte[] body) {
		try {
			JsonNode answer = ResourceReader.tree(body);
			compare("account_sid", this.accountSid, ResourceReader.text(answer, "account_sid"));
			compare("message_sid", this.messageSid, ResourceReader.text(answer, "message_sid"));
			String sid = ResourceReader.text(answer, "sid");
			if (this.mediaSid == null || !this.mediaSid.equalsIgnoreCase(sid)) {
				compare("sid", this.messageSid, sid);
			}
		}
		catch (ResourceReader.UnreadableAnswerException ex) {
			// Nothing was said.
		}
		return Boolean.TRUE;
	}

	/**
	 * Reads an answer that is a page of a list.
	 * @param key the elements' name
	 * @param recipient whose messages were asked for, or {@code null}
	 */
	PageCursor.Page page(byte[] body, String key, @Nullable String recipient) {
		JsonNode page = ResourceReader.tree(body);
		for (JsonNode element : page.path(key)) {
			compare("account_sid", this.accountSid, ResourceReader.text(element, "account_sid"));
			compare("parent_sid", this.messageSid, ResourceReader.text(element, "parent_sid"));
			if (recipient != null && differs(recipient, ResourceReader.text(element, "to"))) {
				throw new ForeignAnswerException("to");
			}
		}
		return new PageCursor.Page(page);
	}

	private static void compare(String field, @Nullable String asked, @Nullable String answered) {
		if (asked != null && answered != null && !asked.equals(answered) && !asked.equalsIgnoreCase(answered)) {
			throw new ForeignAnswerException(field);
		}
	}

	private static boolean differs(String asked, @Nullable String answered) {
		if (answered == null || asked.equals(answered)) {
			return false;
		}
		String askedNumber = subscriber(asked);
		String answeredNumber = subscriber(answered);
		return askedNumber != null && answeredNumber != null && !askedNumber.equals(answeredNumber);
	}

	private static @Nullable String subscriber(String address) {
		Matcher number = PLAIN_NUMBER.matcher(address);
		if (!number.matches()) {
			return null;
		}
		String digits = number.group(1);
		return digits.substring(Math.max(0, digits.length() - SUBSCRIBER_DIGITS));
	}

}
