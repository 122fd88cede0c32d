package io.github.twiliospring.messaging.benchmarks;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Messages and reports as the provider documents them.
 */
public final class Fixtures {

	/** The account. */
	public static final String ACCOUNT_SID = "AC0123456789abcdef0123456789abcdef";

	/** Its token. */
	public static final String AUTH_TOKEN = "0123456789abcdef0123456789abcdef";

	/** The sender. */
	public static final String FROM = "+15017122661";

	/** The text of every message. */
	public static final String BODY = "Your table is ready: ask for Ana at the door, she'll show you in.";

	/** Where the provider reaches the application. */
	public static final String PUBLIC_URL = "https://shop.example.com";

	/** The endpoint for status updates. */
	public static final String STATUS_PATH = "/twilio/status";

	/** The recipient in {@link #MESSAGE}. */
	public static final String RECIPIENT = "+15558671000";

	/** The answer to a create. */
	public static final String MESSAGE = """
			{"account_sid": "%1$s", "api_version": "2010-04-01", "body": "%3$s", \
			"date_created": "Thu, 24 Aug 2023 05:01:45 +0000", "date_sent": null, \
			"date_updated": "Thu, 24 Aug 2023 05:01:45 +0000", "direction": "outbound-api", \
			"error_code": null, "error_message": null, "from": "%2$s", "num_media": "0", \
			"num_segments": "1", "price": null, "price_unit": null, "messaging_service_sid": null, \
			"sid": "SM0123456789abcdef0123456789abcdef", "status": "queued", \
			"subresource_uris": {"media": "/2010-04-01/Accounts/%1$s/Messages/SM0123456789abcdef0123456789abcdef/Media.json", \
			"feedback": "/2010-04-01/Accounts/%1$s/Messages/SM0123456789abcdef0123456789abcdef/Feedback.json"}, \
			"to": "+15558671000", \
			"uri": "/2010-04-01/Accounts/%1$s/Messages/SM0123456789abcdef0123456789abcdef.json"}"""
		.formatted(ACCOUNT_SID, FROM, BODY);

	private static final int RECIPIENTS = 1000;

	private Fixtures() {
	}

	/**
	 * A recipient.
	 * @param number any number
	 * @return one of a thousand
	 */
	public static String recipient(long number) {
		return "+1555867" + (1000 + number % RECIPIENTS);
	}

	/**
	 * A message's SID.
	 * @param number its number
	 * @return the SID
	 */
	public static String messageSid(long number) {
		String digits = Long.toHexString(number);
		return "SM" + "0".repeat(32 - digits.length()) + digits;
	}

	/**
	 * The query that the library's StatusCallback URLs have.
	 * @param number the message's number
	 * @return the raw query
	 */
	public static String query(long number) {
		return "message-reference=order-" + number
				+ "&message-send-id=3f2504e0-4f89-41d3-9a0c-0305e82c3301&message-send-time=1700000000000";
	}

	/**
	 * A status update as the provider documents it for SMS.
	 * @param number the message's number
	 * @return its parameters
	 */
	public static Map<String, String> report(long number) {
		Map<String, String> report = new LinkedHashMap<>();
		report.put("SmsSid", messageSid(number));
		report.put("SmsStatus", "delivered");
		report.put("MessageStatus", "delivered");
		report.put("To", recipient(number));
		report.put("MessageSid", messageSid(number));
		report.put("MessagingServiceSid", "MG0123456789abcdef0123456789abcdef");
		report.put("AccountSid", ACCOUNT_SID);
		report.put("From", FROM);
		report.put("ApiVersion", "2010-04-01");
		report.put("RawDlrDoneDate", "2311142213");
		return report;
	}

	/**
	 * A report as multi-valued parameters.
	 * @param report single values
	 * @return the same, each value in a list
	 */
	public static Map<String, List<String>> listed(Map<String, String> report) {
		Map<String, List<String>> listed = new LinkedHashMap<>();
		report.forEach((name, value) -> listed.put(name, List.of(value)));
		return listed;
	}

	/**
	 * Parameters as a form.
	 * @param parameters the parameters
	 * @return the encoded form
	 */
	public static String form(Map<String, String> parameters) {
		return parameters.entrySet()
			.stream()
			.map((each) -> each.getKey() + "=" + URLEncoder.encode(each.getValue(), StandardCharsets.UTF_8))
			.collect(Collectors.joining("&"));
	}

}
