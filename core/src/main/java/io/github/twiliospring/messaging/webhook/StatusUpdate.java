package io.github.twiliospring.messaging.webhook;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.format.ResolverStyle;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import io.github.twiliospring.messaging.message.ErrorCodes;
import io.github.twiliospring.messaging.message.Masking;
import io.github.twiliospring.messaging.message.Message;
import io.github.twiliospring.messaging.message.MessageError;
import io.github.twiliospring.messaging.message.MessageStatus;
import io.github.twiliospring.messaging.message.SidKind;
import org.jspecify.annotations.Nullable;

/**
 * A verified status update (API page, "StatusCallback Request Parameters"). Immutable.
 * All parameters stay reachable, those that this version doesn't know included.
 */
public final class StatusUpdate {

	private static final DateTimeFormatter CARRIER_DATE = DateTimeFormatter.ofPattern("uuMMddHHmm", Locale.ROOT)
		.withResolverStyle(ResolverStyle.STRICT);

	private final Map<String, List<String>> parameters;

	private final Map<String, List<String>> query;

	private final String messageSid;

	private final String accountSid;

	private final String rawStatus;

	private final MessageStatus status;

	private final @Nullable MessageError error;

	private StatusUpdate(Map<String, List<String>> parameters, Map<String, List<String>> query, String messageSid,
			String accountSid, String rawStatus) {
		this.parameters = parameters;
		this.query = query;
		this.messageSid = messageSid;
		this.accountSid = accountSid;
		this.rawStatus = rawStatus;
		this.status = "READ".equals(Parameters.first(parameters, "EventType")) ? MessageStatus.READ
				: MessageStatus.of(rawStatus);
		this.error = error(parameters);
	}

	/**
	 * Reads a callback.
	 * @param parameters the form
	 * @param query the query of the callback URL
	 * @return the status update, or {@code null} where the message, its account or its
	 * status is missing
	 */
	public static @Nullable StatusUpdate of(Map<String, List<String>> parameters, Map<String, List<String>> query) {
		String messageSid = Parameters.first(parameters, "MessageSid", "SmsSid");
		String accountSid = Parameters.first(parameters, "AccountSid");
		String status = Parameters.first(parameters, "MessageStatus", "SmsStatus");
		if (status == null) {
			status = "READ".equals(Parameters.first(parameters, "EventType")) ? MessageStatus.READ.value() : null;
		}
		return (messageSid != null && accountSid != null && status != null)
				? new StatusUpdate(parameters, query, messageSid, accountSid, status) : null;
	}

	/**
	 * The status update that a callback would have brought.
	 * @param message the message as the API shows it
	 * @param reference the application's own name for it, or {@code null}
	 * @return the status update, without the send's id and time
	 */
	public static StatusUpdate of(Message message, @Nullable String reference) {
		Map<String, List<String>> parameters = new LinkedHashMap<>();
		MessageError error = message.error();
		put(parameters, "MessageSid", message.sid());
		put(parameters, "AccountSid", message.accountSid());
		put(parameters, "MessagingServiceSid", message.messagingServiceSid());
		put(parameters, "From", message.from());
		put(parameters, "To", message.to());
		put(parameters, "MessageStatus", message.rawStatus());
		put(parameters, "ErrorCode", (error != null) ? String.valueOf(error.code()) : null);
		put(parameters, "ErrorMessage", (error != null) ? error.message() : null);
		Map<String, List<String>> query = (reference != null) ? Map.of(StatusCallbackUrl.REFERENCE, List.of(reference))
				: Map.of();
		String account = message.accountSid();
		String status = message.rawStatus();
		return new StatusUpdate(Collections.unmodifiableMap(parameters), query, message.sid(),
				(account != null) ? account : "", (status != null) ? status : message.status().value());
	}

	private static void put(Map<String, List<String>> parameters, String name, @Nullable String value) {
		if (value != null) {
			parameters.put(name, List.of(value));
		}
	}

	/**
	 * The message.
	 * @return its SID
	 */
	public String messageSid() {
		return this.messageSid;
	}

	/**
	 * The account that sent it.
	 * @return its SID
	 */
	public String accountSid() {
		return this.accountSid;
	}

	/**
	 * Where the message stands.
	 * @return the status, {@link MessageStatus#UNKNOWN} for one that this version doesn't
	 * know
	 */
	public MessageStatus status() {
		return this.status;
	}

	/**
	 * The status as it stood on the wire.
	 * @return the provider's text
	 */
	public String rawStatus() {
		return this.rawStatus;
	}

	/**
	 * Why the message failed or wasn't delivered.
	 * @return the error, or {@code null} where the status update has none
	 */
	public @Nullable MessageError error() {
		return this.error;
	}

	/**
	 * The sender.
	 * @return a number or channel address, or {@code null}
	 */
	public @Nullable String from() {
		return Parameters.first(this.parameters, "From");
	}

	/**
	 * The recipient.
	 * @return a number or channel address, or {@code null}
	 */
	public @Nullable String to() {
		return Parameters.first(this.parameters, "To");
	}

	/**
	 * The Messaging Service.
	 * @return its SID, or {@code null}
	 */
	public @Nullable String messagingServiceSid() {
		return Parameters.first(this.parameters, "MessagingServiceSid");
	}

	/**
	 * The application's own name for the message.
	 * @return the reference that it was sent with, or {@code null}
	 */
	public @Nullable String reference() {
		return Parameters.first(this.query, StatusCallbackUrl.REFERENCE);
	}

	/**
	 * The random id of the send that made the message. It proves that this very send
	 * succeeded.
	 * @return the id, or {@code null} where the URL had none
	 */
	public @Nullable String sendId() {
		return Parameters.first(this.query, StatusCallbackUrl.SEND_ID);
	}

	/**
	 * When the message was sent, on the sender's clock.
	 * @return the instant, or {@code null} where the URL had none
	 */
	public @Nullable Instant sendTime() {
		String millis = Parameters.first(this.query, StatusCallbackUrl.SEND_TIME);
		try {
			return (millis != null) ? Instant.ofEpochMilli(Long.parseLong(millis)) : null;
		}
		catch (NumberFormatException ex) {
			return null;
		}
	}

	/**
	 * When the carrier was done with the message, to the minute, on a clock of the
	 * carrier's own: the provider says that the zone isn't told and differs between
	 * carriers and even within one, so that this is no instant. In most SMS and MMS that
	 * were delivered or weren't (parameter {@code RawDlrDoneDate}; the provider's guide
	 * "Track the Message Status of Outbound Messages" and its changelog of February 14,
	 * 2023).
	 * @return the date and time, or {@code null} where it's missing or can't be read
	 */
	public @Nullable LocalDateTime carrierDoneDate() {
		String date = Parameters.first(this.parameters, "RawDlrDoneDate");
		try {
			return (date != null) ? LocalDateTime.parse(date, CARRIER_DATE) : null;
		}
		catch (DateTimeParseException ex) {
			return null;
		}
	}

	/**
	 * The channel that the message went over. The provider's page "Send and receive RCS
	 * messages" says that the sender is {@code rcs:…} where a message was delivered over
	 * RCS, and that one that falls back takes another sender; it doesn't say what else
	 * changes. So the sender decides, and {@code ChannelPrefix} where none is named. The
	 * updates of one message may differ: the one with the final status counts.
	 * @return {@code sms} for SMS and MMS, otherwise the prefix of the channel's
	 * addresses, for example {@code whatsapp} or {@code rcs}; {@code null} where neither
	 * is told
	 */
	public @Nullable String channel() {
		String from = from();
		if (from == null) {
			return Parameters.first(this.parameters, "ChannelPrefix");
		}
		int colon = from.indexOf(':');
		return (colon > 0) ? from.substring(0, colon) : "sms";
	}

	/**
	 * What the channel adds.
	 * @return its own parameters, or {@code null} where there are none, as for SMS
	 */
	public @Nullable ChannelDelivery channelDelivery() {
		return ChannelDelivery.of(this.parameters);
	}

	/**
	 * What happened on the channel (parameter {@code EventType}; API page,
	 * "StatusCallback Request Parameters"). {@code READ} makes the {@link #status()
	 * status} read; others, such as {@code DELIVERED}, come without notice.
	 * @return the provider's text, or {@code null}
	 */
	public @Nullable String eventType() {
		return Parameters.first(this.parameters, "EventType");
	}

	/**
	 * A parameter of the form or, where the form has none, of the callback URL's query.
	 * @param name the name on the wire
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

	/**
	 * Every parameter of the callback URL's query.
	 * @return names and values, unmodifiable
	 */
	public Map<String, List<String>> query() {
		return this.query;
	}

	@Override
	public String toString() {
		return "StatusUpdate[messageSid=" + SidKind.MESSAGE.shown(this.messageSid) + ", status=" + this.status + ", to="
				+ Masking.address(to()) + ", reference=" + reference() + ", error="
				+ ((this.error != null) ? this.error.code() : "none") + "]";
	}

	private static @Nullable MessageError error(Map<String, List<String>> parameters) {
		Integer code = ErrorCodes.read(Parameters.first(parameters, "ErrorCode"));
		if (code == null) {
			return null;
		}
		String message = Parameters.first(parameters, "ErrorMessage");
		return new MessageError(code,
				(message != null) ? message : ErrorCodes.find(code).map(ErrorCodes.Entry::message).orElse(null));
	}

}
