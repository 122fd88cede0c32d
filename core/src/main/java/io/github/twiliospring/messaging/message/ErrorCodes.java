package io.github.twiliospring.messaging.message;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

/**
 * The error codes of the Message resource: those that the API answers, and the delivery
 * errors of the resource and its callbacks (seed: "Delivery Related Errors", whole; API
 * error dictionary for the others). A code that isn't here is no fault: its category is
 * {@link ErrorCategory#UNKNOWN}.
 */
public final class ErrorCodes {

	private static final Map<Integer, Entry> TABLE = new LinkedHashMap<>();

	static {
		add(20003, ErrorCategory.ACCOUNT, "Authenticate");
		add(20009, ErrorCategory.REQUEST, "Message is still in progress");
		add(20404, ErrorCategory.REQUEST, "The requested resource was not found");
		add(20429, ErrorCategory.QUEUE_FULL, "Too many concurrent requests");
		add(20500, ErrorCategory.PROVIDER, "Internal server error");
		add(20503, ErrorCategory.PROVIDER, "Service unavailable");
		add(21211, ErrorCategory.INVALID_RECIPIENT, "Invalid 'To' phone number");
		add(21212, ErrorCategory.SENDER, "Invalid 'From' phone number");
		add(21408, ErrorCategory.ACCOUNT, "Permission to send to this region is not enabled");
		add(21481, ErrorCategory.REQUEST, "Invalid page token");
		add(21602, ErrorCategory.CONTENT, "Message body is required");
		add(21603, ErrorCategory.SENDER, "A 'From' phone number is required");
		add(21604, ErrorCategory.INVALID_RECIPIENT, "A 'To' phone number is required");
		add(21606, ErrorCategory.SENDER, "The 'From' number is not yours or can't send messages");
		add(21609, ErrorCategory.REQUEST, "Invalid StatusCallback URL");
		add(21610, ErrorCategory.OPTED_OUT, "Recipient has opted out");
		add(21611, ErrorCategory.QUEUE_FULL, "The 'From' number's queue is full");
		add(21612, ErrorCategory.UNREACHABLE, "'To' is not reachable from 'From'");
		add(21614, ErrorCategory.INVALID_RECIPIENT, "'To' number is not a mobile number");
		add(21617, ErrorCategory.CONTENT, "The message body exceeds the 1600 character limit");
		add(21619, ErrorCategory.CONTENT, "A body, media URL or content template is required");
		add(21620, ErrorCategory.CONTENT, "Invalid media URL");
		add(21623, ErrorCategory.CONTENT, "More than 10 media URLs");
		add(21624, ErrorCategory.REQUEST, "Validity period out of range");
		add(21654, ErrorCategory.CONTENT, "ContentSid required");
		add(21655, ErrorCategory.CONTENT, "Invalid ContentSid");
		add(21656, ErrorCategory.CONTENT, "Invalid ContentVariables");
		add(21701, ErrorCategory.SENDER, "The Messaging Service does not exist");
		add(21703, ErrorCategory.SENDER, "The Messaging Service has no number available");
		add(21704, ErrorCategory.SENDER, "The Messaging Service has no senders");
		add(21705, ErrorCategory.SENDER, "Invalid Messaging Service SID");
		add(30001, ErrorCategory.QUEUE_FULL, "Queue overflow");
		add(30002, ErrorCategory.ACCOUNT, "Account suspended");
		add(30003, ErrorCategory.UNREACHABLE, "Unreachable destination handset");
		add(30004, ErrorCategory.FILTERED, "Message blocked");
		add(30005, ErrorCategory.INVALID_RECIPIENT, "Unknown destination handset");
		add(30006, ErrorCategory.UNREACHABLE, "Landline or unreachable carrier");
		add(30007, ErrorCategory.FILTERED, "Carrier violation");
		add(30008, ErrorCategory.UNKNOWN, "Unknown error");
		add(30009, ErrorCategory.PROVIDER, "Missing segment");
		add(30010, ErrorCategory.REQUEST, "Message price exceeds max price");
		add(30034, ErrorCategory.SENDER, "Message from an unregistered number");
		add(30036, ErrorCategory.QUEUE_FULL, "Validity period expired");
		add(30400, ErrorCategory.REQUEST, "Invalid message update");
		add(30409, ErrorCategory.SCHEDULING, "Message is not in a cancelable state");
		add(30410, ErrorCategory.PROVIDER, "Provider timeout");
		add(35111, ErrorCategory.SCHEDULING, "SendAt is missing");
		add(35114, ErrorCategory.SCHEDULING, "SendAt is out of range or unreadable");
		add(35118, ErrorCategory.SCHEDULING, "A Messaging Service is required to schedule");
		add(35126, ErrorCategory.SCHEDULING, "ScheduleType must be 'fixed'");
		add(63001, ErrorCategory.CHANNEL, "Channel could not authenticate the request");
		add(63002, ErrorCategory.SENDER, "Channel could not find From address");
		add(63003, ErrorCategory.INVALID_RECIPIENT, "Channel could not find To address");
		add(63005, ErrorCategory.CONTENT, "Channel did not accept given content");
		add(63006, ErrorCategory.CONTENT, "Could not format given content for the channel");
		add(63007, ErrorCategory.SENDER, "Twilio could not find a Channel with the specified From address");
		add(63008, ErrorCategory.CHANNEL, "Could not execute the request because the channel module is misconfigured");
		add(63009, ErrorCategory.CHANNEL, "Channel returned an error when executing the request");
		add(63010, ErrorCategory.PROVIDER, "Channels - Twilio Internal error");
		add(63012, ErrorCategory.CHANNEL,
				"Channel returned an internal error that prevented it from completing the request");
		add(63013, ErrorCategory.FILTERED, "This message send failed because it violates Channel provider's policy");
		add(63014, ErrorCategory.OPTED_OUT,
				"This message failed to be delivered to the user because it was blocked by a user action");
	}

	private ErrorCodes() {
	}

	/**
	 * What a code means.
	 * @param code the number of the API, the resource or a callback
	 * @return the entry, or empty for a code that this version doesn't know
	 */
	public static Optional<Entry> find(int code) {
		return Optional.ofNullable(TABLE.get(code));
	}

	/**
	 * The category of a code.
	 * @param code a number, or {@code null} where the answer had none
	 * @return the category, {@link ErrorCategory#UNKNOWN} where it isn't known
	 */
	public static ErrorCategory categoryOf(@Nullable Integer code) {
		Entry entry = (code != null) ? TABLE.get(code) : null;
		return (entry != null) ? entry.category() : ErrorCategory.UNKNOWN;
	}

	private static void add(int code, ErrorCategory category, String message) {
		TABLE.put(code, new Entry(code, category, message));
	}

	/**
	 * One code.
	 *
	 * @param code the number
	 * @param category what to do about it
	 * @param message the provider's short description
	 */
	public record Entry(int code, ErrorCategory category, String message) {

	}

}
