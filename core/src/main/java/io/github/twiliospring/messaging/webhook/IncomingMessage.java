package io.github.twiliospring.messaging.webhook;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

import io.github.twiliospring.messaging.message.Masking;
import org.jspecify.annotations.Nullable;

/**
 * A verified incoming message (API page "Twilio's request to your incoming message
 * webhook URL"). Immutable. All parameters stay reachable, those that this version
 * doesn't know included.
 */
public final class IncomingMessage {

	// The provider sends ten at most; what a forger with a token could claim isn't read.
	private static final int MAXIMUM_MEDIA = 100;

	private final Map<String, List<String>> parameters;

	private final Map<String, List<String>> query;

	private final String messageSid;

	private final String accountSid;

	private final String from;

	private final String to;

	private final List<Media> media;

	private IncomingMessage(Map<String, List<String>> parameters, Map<String, List<String>> query, String messageSid,
			String accountSid, String from, String to) {
		this.parameters = parameters;
		this.query = query;
		this.messageSid = messageSid;
		this.accountSid = accountSid;
		this.from = from;
		this.to = to;
		this.media = IntStream.range(0, Math.min(number(parameters, "NumMedia"), MAXIMUM_MEDIA))
			.mapToObj((i) -> media(parameters, i))
			.flatMap(Optional::stream)
			.toList();
	}

	/**
	 * Reads a webhook.
	 * @param parameters the form
	 * @param query the query of the webhook's URL
	 * @return the message, or {@code null} where its SID, its account, its sender or its
	 * receiver is missing
	 */
	public static @Nullable IncomingMessage of(Map<String, List<String>> parameters, Map<String, List<String>> query) {
		String messageSid = Parameters.first(parameters, "MessageSid", "SmsMessageSid", "SmsSid");
		String accountSid = Parameters.first(parameters, "AccountSid");
		String from = Parameters.first(parameters, "From");
		String to = Parameters.first(parameters, "To");
		return (messageSid != null && accountSid != null && from != null && to != null)
				? new IncomingMessage(parameters, query, messageSid, accountSid, from, to) : null;
	}

	/**
	 * The message.
	 * @return its SID
	 */
	public String messageSid() {
		return this.messageSid;
	}

	/**
	 * The account that received it.
	 * @return its SID
	 */
	public String accountSid() {
		return this.accountSid;
	}

	/**
	 * The sender.
	 * @return a number or channel address
	 */
	public String from() {
		return this.from;
	}

	/**
	 * The receiver.
	 * @return the application's own number or channel address
	 */
	public String to() {
		return this.to;
	}

	/**
	 * The text.
	 * @return the text as it was written, empty where there's none
	 */
	public String body() {
		String body = Parameters.first(this.parameters, "Body");
		return (body != null) ? body : "";
	}

	/**
	 * The media that came with it. Their URLs need the account's credentials where the
	 * account asks for that.
	 * @return the media, none for a plain text
	 */
	public List<Media> media() {
		return this.media;
	}

	/**
	 * How many SMS it took.
	 * @return the number, 0 where it isn't told
	 */
	public int numSegments() {
		return number(this.parameters, "NumSegments");
	}

	/**
	 * The Messaging Service.
	 * @return its SID, or {@code null}
	 */
	public @Nullable String messagingServiceSid() {
		return parameter("MessagingServiceSid");
	}

	/**
	 * The name that the sender gave itself on its channel.
	 * @return the name, or {@code null}
	 */
	public @Nullable String profileName() {
		return parameter("ProfileName");
	}

	/**
	 * The sender on WhatsApp.
	 * @return the WhatsApp id, or {@code null}
	 */
	public @Nullable String whatsAppId() {
		return parameter("WaId");
	}

	/**
	 * The button of a template that was pressed.
	 * @return its text, or {@code null}
	 */
	public @Nullable String buttonText() {
		return parameter("ButtonText");
	}

	/**
	 * What the button that was pressed stands for.
	 * @return its payload, or {@code null}
	 */
	public @Nullable String buttonPayload() {
		return parameter("ButtonPayload");
	}

	/**
	 * The message that this one replies to.
	 * @return its SID, or {@code null}
	 */
	public @Nullable String repliedMessageSid() {
		return parameter("OriginalRepliedMessageSid");
	}

	/**
	 * A parameter of the form or, where the form has none, of the URL's query.
	 * @param name the name on the wire, for example {@code FromCity}
	 * @return its first value, or {@code null}
	 */
	public @Nullable String parameter(String name) {
		String value = Parameters.first(this.parameters, name);
		return (value != null) ? value : Parameters.first(this.query, name);
	}

	/**
	 * Every parameter of the form.
	 * @return names and values, unmodifiable
	 */
	public Map<String, List<String>> parameters() {
		return this.parameters;
	}

	@Override
	public String toString() {
		return "IncomingMessage[messageSid=" + this.messageSid + ", from=" + Masking.address(this.from) + ", to="
				+ Masking.address(this.to) + ", media=" + this.media.size() + "]";
	}

	private static Optional<Media> media(Map<String, List<String>> parameters, int index) {
		String url = Parameters.first(parameters, "MediaUrl" + index);
		return (url != null) ? Optional.of(new Media(url, Parameters.first(parameters, "MediaContentType" + index)))
				: Optional.empty();
	}

	private static int number(Map<String, List<String>> parameters, String name) {
		String text = Parameters.first(parameters, name);
		try {
			return (text != null) ? Math.max(0, Integer.parseInt(text)) : 0;
		}
		catch (NumberFormatException ex) {
			return 0;
		}
	}

	/**
	 * A medium that came with a message.
	 *
	 * @param url where its content is
	 * @param contentType its media type, or {@code null} where it isn't told
	 */
	public record Media(String url, @Nullable String contentType) {

		@Override
		public String toString() {
			return "Media[contentType=" + this.contentType + "]";
		}

	}

}
