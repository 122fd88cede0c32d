package io.github.twiliospring.messaging.message;

import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Builds an {@link OutboundMessage}. No method throws, whatever it's given: faults are
 * collected by the message. {@code null} unsets a parameter. Not safe for use by several
 * threads at once.
 */
public final class OutboundMessageBuilder {

	private final Map<CreateParameter, Object> parameters = new EnumMap<>(CreateParameter.class);

	private @Nullable String reference;

	OutboundMessageBuilder(@Nullable String recipient) {
		set(CreateParameter.TO, recipient);
	}

	OutboundMessageBuilder(Map<CreateParameter, Object> parameters, @Nullable String reference) {
		this.parameters.putAll(parameters);
		this.reference = reference;
	}

	/**
	 * The sender, in place of the configured one.
	 * @param sender a number in E.164 form, a short code, a sender name (1 to 11 letters,
	 * digits, space and {@code - + _ &}, one letter at least), a Wireless SIM
	 * ({@code sim:DE…}), a channel address, or a Messaging Service's SID
	 * @return this builder
	 */
	public OutboundMessageBuilder from(@Nullable String sender) {
		return set(CreateParameter.FROM, sender);
	}

	/**
	 * The Messaging Service that picks the sender, in place of the configured one.
	 * Scheduling needs one.
	 * @param sid {@code MG} and 32 hexadecimal digits
	 * @return this builder
	 */
	public OutboundMessageBuilder messagingServiceSid(@Nullable String sid) {
		return set(CreateParameter.MESSAGING_SERVICE_SID, sid);
	}

	/**
	 * The text.
	 * @param text at most 1600 characters
	 * @return this builder
	 */
	public OutboundMessageBuilder body(@Nullable String text) {
		return set(CreateParameter.BODY, text);
	}

	/**
	 * Adds media to what is there.
	 * @param url an http or https URL; at most ten in all. WhatsApp takes the first and
	 * ignores the others
	 * @return this builder
	 */
	public OutboundMessageBuilder mediaUrl(@Nullable URI url) {
		return add(CreateParameter.MEDIA_URL, (url != null) ? url : OutboundMessageRules.uri(null));
	}

	/**
	 * Adds media to what is there.
	 * @param url an http or https URL; at most ten in all
	 * @return this builder
	 */
	public OutboundMessageBuilder mediaUrl(String url) {
		return mediaUrl(OutboundMessageRules.uri(url));
	}

	/**
	 * A content template.
	 * @param sid {@code HX} and 32 hexadecimal digits
	 * @return this builder
	 */
	public OutboundMessageBuilder contentSid(@Nullable String sid) {
		return set(CreateParameter.CONTENT_SID, sid);
	}

	/**
	 * The values for the template.
	 * @param variables names and values; travels as a JSON object
	 * @return this builder
	 */
	public OutboundMessageBuilder contentVariables(@Nullable Map<String, ?> variables) {
		return set(CreateParameter.CONTENT_VARIABLES,
				(variables != null) ? Collections.unmodifiableMap(new LinkedHashMap<>(variables)) : null);
	}

	/**
	 * Where the status updates go, in place of the starter's own endpoint. Its query and
	 * fragment are kept; the template adds its own query parameters.
	 * @param url an http or https URL; its host name has no underscore
	 * @return this builder
	 */
	public OutboundMessageBuilder statusCallback(@Nullable URI url) {
		return set(CreateParameter.STATUS_CALLBACK, url);
	}

	/**
	 * Where the status updates go, in place of the starter's own endpoint.
	 * @param url an http or https URL; its host name has no underscore
	 * @return this builder
	 */
	public OutboundMessageBuilder statusCallback(String url) {
		return statusCallback(OutboundMessageRules.uri(url));
	}

	/**
	 * The provider's application whose own callback receives the status updates "sent"
	 * and "failed", and no others. Excludes a {@link #reference(String) reference}.
	 * @param sid {@code AP} and 32 hexadecimal digits
	 * @return this builder
	 */
	public OutboundMessageBuilder applicationSid(@Nullable String sid) {
		return set(CreateParameter.APPLICATION_SID, sid);
	}

	/**
	 * The highest price; a message that costs more fails with 30010. Retired by the
	 * provider since the API page.
	 * @param dollars US dollars, not negative, at most four decimal places
	 * @return this builder
	 */
	public OutboundMessageBuilder maxPrice(@Nullable BigDecimal dollars) {
		return set(CreateParameter.MAX_PRICE, dollars);
	}

	/**
	 * Whether the application will report the outcome by feedback.
	 * @param provide {@code true} to announce feedback
	 * @return this builder
	 */
	public OutboundMessageBuilder provideFeedback(@Nullable Boolean provide) {
		return set(CreateParameter.PROVIDE_FEEDBACK, provide);
	}

	/**
	 * How often this message was tried in all, through any provider.
	 * @param attempt 1 for the first
	 * @return this builder
	 */
	public OutboundMessageBuilder attempt(@Nullable Integer attempt) {
		return set(CreateParameter.ATTEMPT, attempt);
	}

	/**
	 * How long the message may wait in the provider's queue before it fails.
	 * @param period whole seconds, one second to the configured limit (4 hours by
	 * default); at least five are advised
	 * @return this builder
	 */
	public OutboundMessageBuilder validityPeriod(@Nullable Duration period) {
		return set(CreateParameter.VALIDITY_PERIOD, period);
	}

	/**
	 * Reserved by the provider.
	 * @param force the value to pass on
	 * @return this builder
	 */
	public OutboundMessageBuilder forceDelivery(@Nullable Boolean force) {
		return set(CreateParameter.FORCE_DELIVERY, force);
	}

	/**
	 * Whether the provider keeps the content.
	 * @param retention retain or discard
	 * @return this builder
	 */
	public OutboundMessageBuilder contentRetention(@Nullable ContentRetention retention) {
		return set(CreateParameter.CONTENT_RETENTION, retention);
	}

	/**
	 * Whether the provider keeps the recipient's address.
	 * @param retention retain or obfuscate
	 * @return this builder
	 */
	public OutboundMessageBuilder addressRetention(@Nullable AddressRetention retention) {
		return set(CreateParameter.ADDRESS_RETENTION, retention);
	}

	/**
	 * Whether typographic look-alikes are replaced by GSM-7 characters.
	 * @param encode {@code true} to replace them
	 * @return this builder
	 * @see Segments#ofSmartEncoded(String)
	 */
	public OutboundMessageBuilder smartEncoded(@Nullable Boolean encode) {
		return set(CreateParameter.SMART_ENCODED, encode);
	}

	/**
	 * Adds a channel action to what is there.
	 * @param action for example {@code geo:37.7,-122.4|Office}
	 * @return this builder
	 */
	public OutboundMessageBuilder persistentAction(@Nullable String action) {
		return (action != null) ? add(CreateParameter.PERSISTENT_ACTION, action) : this;
	}

	/**
	 * Whether links in the body are shortened and tracked.
	 * @param shorten {@code null} for the Messaging Service's setting
	 * @return this builder
	 */
	public OutboundMessageBuilder shortenUrls(@Nullable Boolean shorten) {
		return set(CreateParameter.SHORTEN_URLS, shorten);
	}

	/**
	 * Schedules the message; sending it then is scheduling it. Needs a Messaging Service.
	 * @param instant 15 minutes to the configured limit (7 days by default) ahead when
	 * it's sent
	 * @return this builder
	 */
	public OutboundMessageBuilder sendAt(@Nullable Instant instant) {
		set(CreateParameter.SCHEDULE_TYPE, (instant != null) ? "fixed" : null);
		return set(CreateParameter.SEND_AT, instant);
	}

	/**
	 * Schedules the message; sending it then is scheduling it. Needs a Messaging Service.
	 * @param time in any zone; UTC on the wire
	 * @return this builder
	 */
	public OutboundMessageBuilder sendAt(@Nullable ZonedDateTime time) {
		return sendAt((time != null) ? time.toInstant() : null);
	}

	/**
	 * Whether it goes out as one MMS, with media or without.
	 * @param mms {@code true} for an MMS
	 * @return this builder
	 */
	public OutboundMessageBuilder sendAsMms(@Nullable Boolean mms) {
		return set(CreateParameter.SEND_AS_MMS, mms);
	}

	/**
	 * The kind of traffic (newer than the API page).
	 * @param type for example {@code free}
	 * @return this builder
	 */
	public OutboundMessageBuilder trafficType(@Nullable String type) {
		return set(CreateParameter.TRAFFIC_TYPE, type);
	}

	/**
	 * Whether it's checked for pumping fraud (newer than the API page).
	 * @param check enable or disable
	 * @return this builder
	 */
	public OutboundMessageBuilder riskCheck(@Nullable RiskCheck check) {
		return set(CreateParameter.RISK_CHECK, check);
	}

	/**
	 * The sender to use where the first can't reach the recipient (newer than the API
	 * page).
	 * @param sender a number or channel address
	 * @return this builder
	 */
	public OutboundMessageBuilder fallbackFrom(@Nullable String sender) {
		return set(CreateParameter.FALLBACK_FROM, sender);
	}

	/**
	 * The application's own name for this message, for example an order number. It
	 * travels in the StatusCallback URL and comes back with each status update, and it
	 * stands in every exception about this message. Not necessarily unique.
	 * @param reference 1 to 256 characters
	 * @return this builder
	 */
	public OutboundMessageBuilder reference(@Nullable String reference) {
		this.reference = reference;
		return this;
	}

	/**
	 * Builds the message.
	 * @return an immutable message, sound or with its faults
	 */
	public OutboundMessage build() {
		return new OutboundMessage(this.parameters, this.reference);
	}

	private OutboundMessageBuilder set(CreateParameter parameter, @Nullable Object value) {
		if (value == null) {
			this.parameters.remove(parameter);
		}
		else {
			this.parameters.put(parameter, value);
		}
		return this;
	}

	@SuppressWarnings("unchecked")
	private OutboundMessageBuilder add(CreateParameter parameter, Object value) {
		List<Object> values = new ArrayList<>((List<Object>) this.parameters.getOrDefault(parameter, List.of()));
		values.add(value);
		return set(parameter, Collections.unmodifiableList(values));
	}

	@Override
	public String toString() {
		return build().toString();
	}

}
