package io.github.twiliospring.messaging.simulator.engine;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import io.github.twiliospring.messaging.message.MessageStatus;
import org.jspecify.annotations.Nullable;

/**
 * The forms that the provider posts.
 */
final class CallbackParameters {

	private static final String API_VERSION = "2010-04-01";

	private static final DateTimeFormatter CARRIER_DATE = DateTimeFormatter.ofPattern("yyMMddHHmm", Locale.ROOT)
		.withZone(ZoneOffset.UTC);

	private CallbackParameters() {
	}

	static Map<String, String> ofStatus(StoredMessage message, Instant now) {
		Map<String, String> parameters = new LinkedHashMap<>();
		String status = message.status().value();
		parameters.put("MessageSid", message.sid());
		parameters.put("MessageStatus", status);
		parameters.put("SmsSid", message.sid());
		parameters.put("SmsStatus", status);
		parameters.put("AccountSid", message.account().sid());
		String from = message.from();
		parameters.put("From", (from != null) ? from : "");
		parameters.put("To", message.to());
		putIfPresent(parameters, "MessagingServiceSid", message.draft().addresses().serviceSid());
		parameters.put("ApiVersion", API_VERSION);
		Integer errorCode = message.errorCode();
		if (errorCode != null) {
			parameters.put("ErrorCode", errorCode.toString());
		}
		if (message.status() == MessageStatus.DELIVERED || message.status() == MessageStatus.UNDELIVERED) {
			parameters.put("RawDlrDoneDate", CARRIER_DATE.format(now));
		}
		if (message.isOnChannel()) {
			addChannel(message, parameters);
		}
		return parameters;
	}

	/**
	 * The form for an incoming message.
	 * @param message the message
	 * @param serviceSid the Messaging Service of the number, or {@code null}
	 * @param optOutType what the provider took it for, or {@code null} for any message
	 * @param mediaBase the absolute address that media SIDs are appended to
	 * @return the parameters, in order
	 */
	static Map<String, String> ofInbound(StoredMessage message, @Nullable String serviceSid,
			@Nullable String optOutType, String mediaBase) {
		Map<String, String> parameters = new LinkedHashMap<>();
		String from = String.valueOf(message.from());
		parameters.put("MessageSid", message.sid());
		parameters.put("SmsSid", message.sid());
		parameters.put("SmsMessageSid", message.sid());
		parameters.put("SmsStatus", MessageStatus.RECEIVED.value());
		parameters.put("AccountSid", message.account().sid());
		putIfPresent(parameters, "MessagingServiceSid", serviceSid);
		putIfPresent(parameters, "OptOutType", optOutType);
		parameters.put("From", from);
		parameters.put("To", message.to());
		parameters.put("Body", message.body());
		parameters.put("NumSegments", Integer.toString(message.segments()));
		List<StoredMedia> media = message.media();
		parameters.put("NumMedia", Integer.toString(media.size()));
		for (int i = 0; i < media.size(); i++) {
			parameters.put("MediaUrl" + i, mediaBase + media.get(i).sid());
			parameters.put("MediaContentType" + i, media.get(i).contentType());
		}
		if (from.startsWith("whatsapp:")) {
			putIfPresent(parameters, "MessageType", message.draft().content().extras().messageType());
			parameters.put("WaId", from.replaceAll("\\D", ""));
			parameters.put("ProfileName", "Simulated phone");
		}
		else if (from.startsWith("+1")) {
			parameters.put("FromCountry", "US");
			parameters.put("ToCountry", "US");
		}
		parameters.putAll(message.draft().content().extras().parameters());
		parameters.put("ApiVersion", API_VERSION);
		return parameters;
	}

	private static void addChannel(StoredMessage message, Map<String, String> parameters) {
		String to = message.to();
		parameters.put("ChannelPrefix", to.substring(0, to.indexOf(':')));
		parameters.put("ChannelInstallSid", "XE" + message.account().sid().substring(2));
		if (message.status() == MessageStatus.READ) {
			parameters.put("EventType", "READ");
		}
		Integer errorCode = message.errorCode();
		if (errorCode != null) {
			parameters.put("ChannelStatusMessage", "Channel reported error " + errorCode);
		}
	}

	private static void putIfPresent(Map<String, String> parameters, String name, @Nullable String value) {
		if (value != null) {
			parameters.put(name, value);
		}
	}

}
