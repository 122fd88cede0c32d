package io.github.twiliospring.messaging.message;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

/**
 * The error codes of the Message resource: those that the API answers, and the delivery
 * errors of the resource and its callbacks (API page, "Delivery Related Errors", whole;
 * the provider's error dictionary for the others, in our own words). A code that isn't
 * here is no fault: its category is {@link ErrorCategory#UNKNOWN}.
 */
public final class ErrorCodes {

	private static final int HIGHEST = 999_999;

	private static final Map<Integer, Entry> TABLE = new LinkedHashMap<>();

	static {
		add(10001, ErrorCategory.ACCOUNT, "The account isn't active");
		add(20001, ErrorCategory.REQUEST, "The request has an unknown parameter");
		add(20003, ErrorCategory.ACCOUNT, "Authenticate");
		add(20005, ErrorCategory.ACCOUNT, "The account isn't active");
		add(20006, ErrorCategory.ACCOUNT, "The credentials don't give access to this");
		add(20008, ErrorCategory.ACCOUNT, "Test credentials can't be used for this");
		add(20009, ErrorCategory.REQUEST, "Message is still in progress");
		add(20010, ErrorCategory.ACCOUNT, "This action is disabled for the account");
		add(20403, ErrorCategory.ACCOUNT, "Access is forbidden");
		add(20404, ErrorCategory.REQUEST, "The requested resource was not found");
		add(20409, ErrorCategory.REQUEST, "The resource is in another state, or was changed meanwhile");
		add(20422, ErrorCategory.REQUEST, "A parameter is invalid");
		add(20423, ErrorCategory.REQUEST, "A SID is invalid");
		add(20429, ErrorCategory.QUEUE_FULL, "Too many concurrent requests");
		add(20500, ErrorCategory.PROVIDER, "Internal server error");
		add(20503, ErrorCategory.PROVIDER, "Service unavailable");
		add(21210, ErrorCategory.SENDER, "The 'From' number isn't verified");
		add(21211, ErrorCategory.INVALID_RECIPIENT, "Invalid 'To' phone number");
		add(21212, ErrorCategory.SENDER, "Invalid 'From' phone number");
		add(21264, ErrorCategory.SENDER, "The 'From' number isn't verified");
		add(21265, ErrorCategory.INVALID_RECIPIENT, "'To' can't be a short code");
		add(21266, ErrorCategory.REQUEST, "'To' and 'From' can't be the same");
		add(21267, ErrorCategory.ACCOUNT, "A trial account can't send from a sender name");
		add(21268, ErrorCategory.INVALID_RECIPIENT, "'To' is a premium or service number");
		add(21408, ErrorCategory.ACCOUNT, "Permission to send to this region is not enabled");
		add(21421, ErrorCategory.INVALID_RECIPIENT, "The phone number is invalid");
		add(21481, ErrorCategory.REQUEST, "Invalid page token");
		add(21601, ErrorCategory.SENDER, "The number can't receive messages");
		add(21602, ErrorCategory.CONTENT, "Message body is required");
		add(21603, ErrorCategory.SENDER, "A 'From' phone number is required");
		add(21604, ErrorCategory.INVALID_RECIPIENT, "A 'To' phone number is required");
		add(21605, ErrorCategory.CONTENT, "The text is longer than 160 characters (an old version of the API)");
		add(21606, ErrorCategory.SENDER, "The 'From' number is not yours or can't send messages");
		add(21607, ErrorCategory.ACCOUNT, "A trial account can only send from its own number");
		add(21608, ErrorCategory.ACCOUNT, "A trial account can only send to verified numbers");
		add(21609, ErrorCategory.REQUEST, "Invalid StatusCallback URL");
		add(21610, ErrorCategory.OPTED_OUT, "Recipient has opted out");
		add(21611, ErrorCategory.QUEUE_FULL, "The 'From' number's queue is full");
		add(21612, ErrorCategory.UNREACHABLE, "'To' is not reachable from 'From'");
		add(21613, ErrorCategory.SENDER, "The number needs a certification first");
		add(21614, ErrorCategory.INVALID_RECIPIENT, "'To' number is not a mobile number");
		add(21615, ErrorCategory.SENDER, "The number needs a local address first");
		add(21616, ErrorCategory.SENDER, "'From' matches several numbers of the account");
		add(21617, ErrorCategory.CONTENT, "The message body exceeds the 1600 character limit");
		add(21618, ErrorCategory.CONTENT, "The text can't be sent");
		add(21619, ErrorCategory.CONTENT, "A body, media URL or content template is required");
		add(21620, ErrorCategory.CONTENT, "Invalid media URL");
		add(21621, ErrorCategory.SENDER, "The 'From' number can't send MMS");
		add(21622, ErrorCategory.ACCOUNT, "MMS isn't enabled for the account");
		add(21623, ErrorCategory.CONTENT, "More than 10 media URLs");
		add(21624, ErrorCategory.REQUEST, "Validity period out of range");
		add(21627, ErrorCategory.REQUEST, "MaxPrice is no number");
		add(21631, ErrorCategory.SENDER, "The number needs an address first");
		add(21635, ErrorCategory.INVALID_RECIPIENT, "'To' is a landline");
		add(21654, ErrorCategory.CONTENT, "ContentSid required");
		add(21655, ErrorCategory.CONTENT, "Invalid ContentSid");
		add(21656, ErrorCategory.CONTENT, "Invalid ContentVariables");
		add(21657, ErrorCategory.SENDER, "The sender name is invalid");
		add(21658, ErrorCategory.REQUEST, "A parameter is too long");
		add(21659, ErrorCategory.SENDER, "'From' is no number of the provider's, or a short code of another country");
		add(21660, ErrorCategory.SENDER, "The 'From' number belongs to another account");
		add(21661, ErrorCategory.SENDER, "The 'From' number can't send SMS");
		add(21662, ErrorCategory.SENDER, "'From' and 'To' can't be combined in this region");
		add(21663, ErrorCategory.SENDER, "The 'From' number is routed to another region");
		add(21664, ErrorCategory.REQUEST, "FallbackFrom can't be used with a From");
		add(21665, ErrorCategory.SENDER, "FallbackFrom is no valid sender");
		add(21666, ErrorCategory.REQUEST, "FallbackFrom needs a Messaging Service");
		add(21667, ErrorCategory.SENDER, "FallbackFrom needs a Messaging Service with an RCS sender");
		add(21668, ErrorCategory.SENDER, "This kind of number can't send in this region");
		add(21701, ErrorCategory.SENDER, "The Messaging Service does not exist");
		add(21702, ErrorCategory.SENDER, "The Messaging Service can't send at present");
		add(21703, ErrorCategory.SENDER, "The Messaging Service has no number available");
		add(21704, ErrorCategory.SENDER, "The Messaging Service has no senders");
		add(21705, ErrorCategory.SENDER, "Invalid Messaging Service SID");
		add(21708, ErrorCategory.SENDER, "A sender name is missing");
		add(21709, ErrorCategory.SENDER, "The sender name isn't allowed for this Messaging Service");
		add(21910, ErrorCategory.REQUEST, "'To' and 'From' are on different channels");
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
		add(30011, ErrorCategory.CONTENT, "The recipient can't get MMS in this region");
		add(30012, ErrorCategory.REQUEST, "The validity period is too short");
		add(30013, ErrorCategory.REQUEST, "The validity period is too long");
		add(30014, ErrorCategory.INVALID_RECIPIENT, "The recipient's attributes are invalid");
		add(30015, ErrorCategory.CHANNEL, "The channel isn't supported");
		add(30016, ErrorCategory.REQUEST, "'To' and 'From' are on channels that don't go together");
		add(30017, ErrorCategory.QUEUE_FULL, "The carrier's network is congested");
		add(30018, ErrorCategory.SENDER, "The carrier wants the sender to be registered beforehand");
		add(30019, ErrorCategory.CONTENT, "The content is larger than the carrier takes");
		add(30020, ErrorCategory.PROVIDER, "Scheduling failed inside the provider");
		add(30021, ErrorCategory.PROVIDER, "The Messaging Service failed inside the provider");
		add(30022, ErrorCategory.QUEUE_FULL, "Over the rate of the US registration (A2P 10DLC)");
		add(30023, ErrorCategory.QUEUE_FULL, "Over the day's messages of the US registration (A2P 10DLC)");
		add(30024, ErrorCategory.SENDER, "The carrier doesn't know the numeric sender yet");
		add(30025, ErrorCategory.QUEUE_FULL, "Half of the day's messages to T-Mobile are used");
		add(30026, ErrorCategory.QUEUE_FULL, "Seven tenths of the day's messages to T-Mobile are used");
		add(30027, ErrorCategory.QUEUE_FULL, "Over the day's messages to T-Mobile (A2P 10DLC)");
		add(30028, ErrorCategory.REQUEST, "The version of the API is invalid");
		add(30029, ErrorCategory.REQUEST, "ContentRetention is invalid");
		add(30030, ErrorCategory.REQUEST, "AddressRetention is invalid");
		add(30032, ErrorCategory.SENDER, "The toll-free number isn't verified");
		add(30033, ErrorCategory.SENDER, "The US campaign is suspended (A2P 10DLC)");
		add(30034, ErrorCategory.SENDER, "Message from an unregistered number");
		add(30035, ErrorCategory.SENDER, "The number's US registration is still being set up (A2P 10DLC)");
		add(30036, ErrorCategory.QUEUE_FULL, "Validity period expired");
		add(30037, ErrorCategory.ACCOUNT, "Sending is disabled for the account");
		add(30038, ErrorCategory.FILTERED, "A one-time code was filtered");
		add(30039, ErrorCategory.FILTERED, "Filtered, since messages went in a circle");
		add(30040, ErrorCategory.SENDER, "The carrier refuses senders that aren't registered beforehand");
		add(30041, ErrorCategory.SENDER, "The sender is restricted, or not registered in a country that demands it");
		add(30042, ErrorCategory.SENDER, "The sender name is too general, or not the account's");
		add(30043, ErrorCategory.FILTERED, "An international message came through a domestic route");
		add(30044, ErrorCategory.ACCOUNT, "The text is longer than a trial account may send");
		add(30045, ErrorCategory.REQUEST, "The validity period is out of range");
		add(30046, ErrorCategory.UNKNOWN, "Whether the message was delivered isn't confirmed");
		add(30400, ErrorCategory.REQUEST, "Invalid message update");
		add(30409, ErrorCategory.SCHEDULING, "Message is not in a cancelable state");
		add(30410, ErrorCategory.PROVIDER, "Provider timeout");
		add(30450, ErrorCategory.FILTERED, "Blocked for a while on suspicion of fraud (SMS pumping)");
		add(30453, ErrorCategory.FILTERED, "Blocked on suspicion of fraud (SMS pumping)");
		add(30454, ErrorCategory.ACCOUNT, "The account has sent as many messages as it may");
		add(30485, ErrorCategory.FILTERED, "Blocked on suspicion of fraud (SMS pumping)");
		add(30500, ErrorCategory.PROVIDER, "Internal error of the provider");
		add(30630, ErrorCategory.OPTED_OUT, "Recipient has opted out");
		add(35111, ErrorCategory.SCHEDULING, "SendAt is missing");
		add(35112, ErrorCategory.SCHEDULING, "OptimizeStartAt is missing");
		add(35113, ErrorCategory.SCHEDULING, "OptimizeEndAt is missing");
		add(35114, ErrorCategory.SCHEDULING, "SendAt is out of range or unreadable");
		add(35115, ErrorCategory.SCHEDULING, "The time is too soon");
		add(35116, ErrorCategory.SCHEDULING, "The time doesn't fit the others");
		add(35117, ErrorCategory.SCHEDULING, "The time is too late");
		add(35118, ErrorCategory.SCHEDULING, "A Messaging Service is required to schedule");
		add(35119, ErrorCategory.SCHEDULING, "SendAt needs ScheduleType 'fixed'");
		add(35125, ErrorCategory.SCHEDULING, "The account has scheduled as many messages as it may");
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
		add(63011, ErrorCategory.CHANNEL, "The channel's request was invalid");
		add(63012, ErrorCategory.CHANNEL,
				"Channel returned an internal error that prevented it from completing the request");
		add(63013, ErrorCategory.FILTERED, "This message send failed because it violates Channel provider's policy");
		add(63014, ErrorCategory.OPTED_OUT,
				"This message failed to be delivered to the user because it was blocked by a user action");
		add(63015, ErrorCategory.CHANNEL, "The recipient hasn't joined the channel's sandbox");
		add(63016, ErrorCategory.CHANNEL, "Outside the channel's 24 hours: only a template may be sent");
		add(63017, ErrorCategory.QUEUE_FULL, "Over the rate of messages");
		add(63018, ErrorCategory.QUEUE_FULL, "Over the channel's rate of messages");
		add(63019, ErrorCategory.CONTENT, "The channel couldn't download the media");
		add(63020, ErrorCategory.CHANNEL, "The business account at the channel isn't usable");
		add(63021, ErrorCategory.CONTENT, "The channel refused the content");
		add(63022, ErrorCategory.CHANNEL, "The business name's certificate is invalid");
		add(63023, ErrorCategory.CHANNEL, "The channel failed without saying why");
		add(63024, ErrorCategory.INVALID_RECIPIENT, "The channel doesn't know the recipient");
		add(63025, ErrorCategory.CONTENT, "The media is there already");
		add(63026, ErrorCategory.FILTERED, "The channel took the content for spam");
		add(63027, ErrorCategory.CONTENT, "The template doesn't exist in this language");
		add(63028, ErrorCategory.CONTENT, "The number of variables isn't that of the template");
		add(63029, ErrorCategory.CONTENT, "The recipient couldn't load the template");
		add(63030, ErrorCategory.CONTENT, "A parameter doesn't fit this kind of channel message");
		add(63031, ErrorCategory.REQUEST, "'To' and 'From' can't be the same");
		add(63032, ErrorCategory.CHANNEL, "The channel doesn't send this to this user (a limit of WhatsApp's)");
		add(63033, ErrorCategory.OPTED_OUT, "The recipient opted out of such templates");
		add(63034, ErrorCategory.CONTENT, "The media is too large for the channel");
		add(63035, ErrorCategory.CHANNEL, "The RCS sender may not send to this recipient");
		add(63036, ErrorCategory.UNREACHABLE, "The number can't be reached by RCS at present");
		add(63037, ErrorCategory.CONTENT, "The media couldn't be uploaded to the channel");
		add(63038, ErrorCategory.QUEUE_FULL, "Over the account's messages for the day");
		add(63039, ErrorCategory.QUEUE_FULL, "The channel wants fewer messages outside its 24 hours");
		add(63040, ErrorCategory.CONTENT, "The template was rejected");
		add(63041, ErrorCategory.CONTENT, "The template is paused");
		add(63042, ErrorCategory.CONTENT, "The template is disabled");
		add(63049, ErrorCategory.FILTERED, "The channel chose not to deliver a marketing message");
		add(63050, ErrorCategory.OPTED_OUT, "The recipient opted out of marketing messages");
		add(63051, ErrorCategory.CHANNEL, "The channel's sender or account is locked");
		add(63052, ErrorCategory.CHANNEL, "A template of the old kind was used");
		add(63053, ErrorCategory.CONTENT, "The template isn't there yet; try again in ten minutes");
		add(63054, ErrorCategory.CONTENT, "The template can't be used");
		add(63055, ErrorCategory.CONTENT, "Only marketing messages can be sent this way");
		add(63056, ErrorCategory.CHANNEL, "The business account can't do this");
		add(63058, ErrorCategory.CHANNEL, "The business may not write to users of this country");
		add(63059, ErrorCategory.CHANNEL, "The number belongs to another business account at the channel by now");
		add(63112, ErrorCategory.CHANNEL, "The channel has disabled the business account of this sender");
	}

	private ErrorCodes() {
	}

	/**
	 * Reads a code as an answer or a callback names it. It's shown in exceptions and
	 * logs, and so anything that can't be one reads as none: a number of more than six
	 * digits may be a phone number.
	 * @param text the text, or {@code null}
	 * @return the code, or {@code null} where there's none
	 */
	public static @Nullable Integer read(@Nullable String text) {
		try {
			int code = (text != null) ? Integer.parseInt(text) : 0;
			return (code > 0 && code <= HIGHEST) ? code : null;
		}
		catch (NumberFormatException ex) {
			return null;
		}
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
