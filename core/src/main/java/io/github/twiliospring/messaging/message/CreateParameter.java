package io.github.twiliospring.messaging.message;

/**
 * The parameters of a create request, by their names on the wire (API page, "Create a
 * Message resource"; the last three came later). Their order here is their order in the
 * form.
 */
public enum CreateParameter {

	/** Recipient, {@code String}. */
	TO("To"),

	/** Sender, {@code String}. */
	FROM("From"),

	/** Messaging Service, {@code String}. */
	MESSAGING_SERVICE_SID("MessagingServiceSid"),

	/** Text, {@code String}. */
	BODY("Body"),

	/** Media, list of {@code URI}; the key is repeated. */
	MEDIA_URL("MediaUrl"),

	/** Content template, {@code String}. */
	CONTENT_SID("ContentSid"),

	/** Values for the template, a map that travels as a JSON object. */
	CONTENT_VARIABLES("ContentVariables"),

	/** Where status updates go, {@code URI}. */
	STATUS_CALLBACK("StatusCallback"),

	/** Application whose callback receives the status updates, {@code String}. */
	APPLICATION_SID("ApplicationSid"),

	/** Highest price in US dollars, {@code BigDecimal}. */
	MAX_PRICE("MaxPrice"),

	/** Whether feedback will be given, {@code Boolean}. */
	PROVIDE_FEEDBACK("ProvideFeedback"),

	/** Attempts made so far, {@code Integer}. */
	ATTEMPT("Attempt"),

	/** Longest stay in the provider's queue, {@code Duration}, in seconds on the wire. */
	VALIDITY_PERIOD("ValidityPeriod"),

	/** Reserved by the provider, {@code Boolean}. */
	FORCE_DELIVERY("ForceDelivery"),

	/** Whether the content is kept, {@code ContentRetention}. */
	CONTENT_RETENTION("ContentRetention"),

	/** Whether the address is kept, {@code AddressRetention}. */
	ADDRESS_RETENTION("AddressRetention"),

	/** Whether look-alikes are replaced by GSM-7 characters, {@code Boolean}. */
	SMART_ENCODED("SmartEncoded"),

	/** Channel actions, list of {@code String}; the key is repeated. */
	PERSISTENT_ACTION("PersistentAction"),

	/** Whether links are shortened, {@code Boolean}. */
	SHORTEN_URLS("ShortenUrls"),

	/** Always {@code fixed}, beside {@link #SEND_AT}. */
	SCHEDULE_TYPE("ScheduleType"),

	/** When to send, {@code Instant}, UTC with {@code Z} on the wire. */
	SEND_AT("SendAt"),

	/** Whether to send one MMS, {@code Boolean}. */
	SEND_AS_MMS("SendAsMms"),

	/** Kind of traffic, {@code String}. */
	TRAFFIC_TYPE("TrafficType"),

	/** Fraud check, {@code RiskCheck}. */
	RISK_CHECK("RiskCheck"),

	/** Sender of last resort, {@code String}. */
	FALLBACK_FROM("FallbackFrom");

	private final String wireName;

	CreateParameter(String wireName) {
		this.wireName = wireName;
	}

	/**
	 * The name in the form.
	 * @return PascalCase
	 */
	public String wireName() {
		return this.wireName;
	}

}
