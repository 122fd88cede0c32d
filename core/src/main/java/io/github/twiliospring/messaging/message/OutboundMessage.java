package io.github.twiliospring.messaging.message;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

import org.jspecify.annotations.Nullable;

/**
 * A message to be sent or scheduled. Made by a builder: {@code to("+15558675310")
 * .body("Hi")}; immutable and safe on any thread.
 * <p>
 * Building never throws. What is wrong with a message is kept in {@link #faults()} and
 * reported by the template, all faults in one error, before any request.
 */
public final class OutboundMessage {

	private final Map<CreateParameter, Object> parameters;

	private final @Nullable String reference;

	private volatile @Nullable List<MessageFault> faults;

	OutboundMessage(Map<CreateParameter, Object> parameters, @Nullable String reference) {
		this.parameters = new EnumMap<>(parameters);
		this.reference = reference;
	}

	/**
	 * Starts a message.
	 * @param recipient a number in E.164 form, or a channel address such as
	 * {@code whatsapp:+15558675310}
	 * @return the builder, which the template also takes as it is
	 */
	public static OutboundMessageBuilder to(String recipient) {
		return new OutboundMessageBuilder(recipient);
	}

	/**
	 * The recipient as it was given.
	 * @return a number or channel address; empty where {@code null} was given
	 */
	public String to() {
		String recipient = get(CreateParameter.TO, String.class);
		return (recipient != null) ? recipient : "";
	}

	/**
	 * The recipient's channel, of a closed set.
	 * @return {@code sms} for a number, the prefix of an address of a known channel, or
	 * {@code other}
	 */
	public String channel() {
		return Channels.of(to());
	}

	/**
	 * The sender.
	 * @return a number, short code, alphanumeric sender or channel address, or
	 * {@code null} for the configured one
	 */
	public @Nullable String from() {
		return get(CreateParameter.FROM, String.class);
	}

	/**
	 * The Messaging Service.
	 * @return its SID, or {@code null} for the configured one
	 */
	public @Nullable String messagingServiceSid() {
		return get(CreateParameter.MESSAGING_SERVICE_SID, String.class);
	}

	/**
	 * The text.
	 * @return the body, or {@code null} for media or a template alone
	 */
	public @Nullable String body() {
		return get(CreateParameter.BODY, String.class);
	}

	/**
	 * The media.
	 * @return URLs in their order, empty for none
	 */
	@SuppressWarnings("unchecked")
	public List<URI> mediaUrls() {
		List<URI> urls = get(CreateParameter.MEDIA_URL, List.class);
		return (urls != null) ? urls : List.of();
	}

	/**
	 * When the provider shall send it.
	 * @return an instant, or {@code null} for at once
	 */
	public @Nullable Instant sendAt() {
		return get(CreateParameter.SEND_AT, Instant.class);
	}

	/**
	 * Where the status updates shall go.
	 * @return the URL that the application gave, or {@code null} for the starter's own
	 * endpoint
	 */
	public @Nullable URI statusCallback() {
		return get(CreateParameter.STATUS_CALLBACK, URI.class);
	}

	/**
	 * The provider's application whose own callback receives the status updates.
	 * @return its SID, or {@code null} for none
	 */
	public @Nullable String applicationSid() {
		return get(CreateParameter.APPLICATION_SID, String.class);
	}

	/**
	 * How long it may wait in the provider's queue.
	 * @return the period, or {@code null} for the provider's default
	 */
	public @Nullable Duration validityPeriod() {
		return get(CreateParameter.VALIDITY_PERIOD, Duration.class);
	}

	/**
	 * Whether the provider keeps the recipient's address.
	 * @return retain or obfuscate, or {@code null} for the account's setting
	 */
	public @Nullable AddressRetention addressRetention() {
		return get(CreateParameter.ADDRESS_RETENTION, AddressRetention.class);
	}

	/**
	 * The application's own name for this message.
	 * @return the reference that comes back with its status updates, or {@code null}
	 */
	public @Nullable String reference() {
		return this.reference;
	}

	/**
	 * What is wrong with this message, as far as it can be known without configuration
	 * and clock.
	 * @return every fault found, empty for a sound message
	 */
	public List<MessageFault> faults() {
		List<MessageFault> known = this.faults;
		if (known == null) {
			known = OutboundMessageRules.check(this);
			this.faults = known;
		}
		return known;
	}

	/**
	 * Hands over every parameter that is set, in the form's order.
	 * @param consumer takes the parameter and its value, of the type that the parameter
	 * names
	 */
	public void forEachParameter(BiConsumer<CreateParameter, Object> consumer) {
		this.parameters.forEach(consumer);
	}

	/**
	 * A builder that starts with all that is set here.
	 * @return a new builder
	 */
	public OutboundMessageBuilder toBuilder() {
		return new OutboundMessageBuilder(this.parameters, this.reference);
	}

	<T> @Nullable T get(CreateParameter parameter, Class<T> type) {
		return type.cast(this.parameters.get(parameter));
	}

	@Override
	public String toString() {
		return "OutboundMessage[to=" + Masking.address(to()) + ", parameters=" + this.parameters.keySet()
				+ ", reference=" + this.reference + "]";
	}

}
