package io.github.twiliospring.messaging.webhook;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

import io.github.twiliospring.messaging.message.Masking;
import io.github.twiliospring.messaging.message.SidKind;
import org.jspecify.annotations.Nullable;

/**
 * A verified incoming message (the provider's page "Twilio's request to your incoming
 * message Webhook URL"). Immutable. What isn't told, or can't be read, is {@code null}:
 * no value makes a message fail. All parameters stay reachable by name as they came,
 * those that this version doesn't know included.
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

	private IncomingMessage(Map<String, List<String>> parameters, Map<String, List<String>> query, String messageSid,
			String accountSid, String from, String to) {
		this.parameters = parameters;
		this.query = query;
		this.messageSid = messageSid;
		this.accountSid = accountSid;
		this.from = from;
		this.to = to;
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
		return IntStream.range(0, Math.min(Parameters.number(this.parameters, "NumMedia"), MAXIMUM_MEDIA))
			.mapToObj((i) -> media(this.parameters, i))
			.flatMap(Optional::stream)
			.toList();
	}

	/**
	 * How many SMS it took.
	 * @return the number, 0 where it isn't told
	 */
	public int numSegments() {
		return Parameters.number(this.parameters, "NumSegments");
	}

	/**
	 * The Messaging Service.
	 * @return its SID, or {@code null}
	 */
	public @Nullable String messagingServiceSid() {
		return parameter("MessagingServiceSid");
	}

	/**
	 * What the provider took the message for that ends, resumes or explains the
	 * conversation, where Advanced Opt-Out is on (parameter {@code OptOutType}).
	 * @return the type, {@link OptOutType#UNKNOWN} for one that this version doesn't
	 * know, or {@code null} for any other message
	 */
	public @Nullable OptOutType optOutType() {
		String type = Parameters.first(this.parameters, "OptOutType");
		return (type != null) ? OptOutType.of(type) : null;
	}

	/**
	 * Where the sender's number belongs.
	 * @return the place, or {@code null} where it isn't told
	 */
	public @Nullable Place origin() {
		return Place.of(this.parameters, "From");
	}

	/**
	 * Where the receiving number belongs.
	 * @return the place, or {@code null} where it isn't told
	 */
	public @Nullable Place destination() {
		return Place.of(this.parameters, "To");
	}

	/**
	 * The location that was shared.
	 * @return the location, or {@code null} for any other message
	 */
	public @Nullable Location location() {
		return Location.of(this.parameters);
	}

	/**
	 * How the sender is known on its channel.
	 * @return the profile, or {@code null} where it isn't told, as for SMS
	 */
	public @Nullable SenderProfile profile() {
		return SenderProfile.of(this.parameters);
	}

	/**
	 * The button that was pressed.
	 * @return the button, or {@code null} for any other message
	 */
	public @Nullable ButtonReply button() {
		return ButtonReply.of(this.parameters);
	}

	/**
	 * The item that was picked from a list.
	 * @return the item, or {@code null} for any other message
	 */
	public @Nullable ListReply listItem() {
		return ListReply.of(this.parameters);
	}

	/**
	 * The message that this one replies to.
	 * @return the message, or {@code null} where it replies to none
	 */
	public @Nullable RepliedMessage repliedMessage() {
		return RepliedMessage.of(this.parameters);
	}

	/**
	 * The advertisement from which the conversation was begun.
	 * @return the advertisement, or {@code null} for any other message
	 */
	public @Nullable Referral referral() {
		return Referral.of(this.parameters);
	}

	/**
	 * Whether the message was forwarded once (parameter {@code Forwarded}, WhatsApp).
	 * @return {@code false} also where it isn't told
	 */
	public boolean forwarded() {
		return Boolean.parseBoolean(Parameters.first(this.parameters, "Forwarded"));
	}

	/**
	 * Whether the message has been forwarded many times (parameter
	 * {@code FrequentlyForwarded}, WhatsApp).
	 * @return {@code false} also where it isn't told
	 */
	public boolean frequentlyForwarded() {
		return Boolean.parseBoolean(Parameters.first(this.parameters, "FrequentlyForwarded"));
	}

	/**
	 * What kind of message the channel had, for example {@code text}, {@code location},
	 * {@code contacts} or {@code interactive} (parameter {@code MessageType}; not on the
	 * provider's page, seen in real requests).
	 * @return the provider's text, or {@code null}
	 */
	public @Nullable String messageType() {
		return Parameters.first(this.parameters, "MessageType");
	}

	/**
	 * What the channel said of the message (parameter {@code ChannelMetadata}; not on the
	 * provider's page, seen in real requests).
	 * @return JSON as it came, unread, or {@code null}
	 */
	public @Nullable String channelMetadata() {
		return Parameters.first(this.parameters, "ChannelMetadata");
	}

	/**
	 * A parameter of the form or, where the form has none, of the URL's query.
	 * @param name the name on the wire, for example {@code ApiVersion}
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
		return "IncomingMessage[messageSid=" + SidKind.MESSAGE.shown(this.messageSid) + ", from="
				+ Masking.address(this.from) + ", to=" + Masking.address(this.to) + ", media="
				+ Math.min(Parameters.number(this.parameters, "NumMedia"), MAXIMUM_MEDIA) + "]";
	}

	private static Optional<Media> media(Map<String, List<String>> parameters, int index) {
		String url = Parameters.first(parameters, "MediaUrl" + index);
		return (url != null) ? Optional.of(new Media(url, Parameters.first(parameters, "MediaContentType" + index)))
				: Optional.empty();
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
			return "Media[…]";
		}

	}

}
