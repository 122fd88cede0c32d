package io.github.twiliospring.messaging.simulator;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

import io.github.twiliospring.messaging.message.Masking;
import io.github.twiliospring.messaging.message.MessageDirection;
import io.github.twiliospring.messaging.message.MessageStatus;
import io.github.twiliospring.messaging.simulator.engine.StatusChange;
import io.github.twiliospring.messaging.simulator.engine.StoredMedia;
import io.github.twiliospring.messaging.simulator.engine.StoredMessage;
import org.jspecify.annotations.Nullable;

/**
 * A message as it stood when it was asked for. Immutable; its {@code toString} shows
 * neither the body nor a whole number.
 */
public final class SimulatedMessage {

	private final String sid;

	private final String accountSid;

	private final String to;

	private final @Nullable String from;

	private final @Nullable String messagingServiceSid;

	private final String body;

	private final MessageStatus status;

	private final @Nullable Integer errorCode;

	private final MessageDirection direction;

	private final int segments;

	private final @Nullable BigDecimal price;

	private final @Nullable Instant sendAt;

	private final @Nullable Instant sentAt;

	private final Instant createdAt;

	private final @Nullable String statusCallback;

	private final List<String> mediaUrls;

	private final List<Transition> transitions;

	private SimulatedMessage(StoredMessage message) {
		this.sid = message.sid();
		this.accountSid = message.account().sid();
		this.to = message.to();
		this.from = message.from();
		this.messagingServiceSid = message.draft().addresses().serviceSid();
		this.body = message.body();
		this.status = message.status();
		this.errorCode = message.errorCode();
		this.direction = message.direction();
		this.segments = message.segments();
		this.price = message.price();
		this.sendAt = message.draft().timing().sendAt();
		this.sentAt = message.sent();
		this.createdAt = message.created();
		this.statusCallback = message.draft().reporting().statusCallback();
		this.mediaUrls = message.media().stream().map(StoredMedia::url).toList();
		this.transitions = message.history().stream().map(Transition::of).toList();
	}

	static SimulatedMessage of(StoredMessage message) {
		return new SimulatedMessage(message);
	}

	/**
	 * The message's identifier.
	 * @return {@code SM…} or {@code MM…}
	 */
	public String sid() {
		return this.sid;
	}

	/**
	 * Whose it is.
	 * @return {@code AC…}
	 */
	public String accountSid() {
		return this.accountSid;
	}

	/**
	 * The recipient.
	 * @return number or channel address
	 */
	public String to() {
		return this.to;
	}

	/**
	 * The sender.
	 * @return empty as long as a Messaging Service hasn't picked one
	 */
	public Optional<String> from() {
		return Optional.ofNullable(this.from);
	}

	/**
	 * The Messaging Service.
	 * @return {@code MG…}, or empty without one
	 */
	public Optional<String> messagingServiceSid() {
		return Optional.ofNullable(this.messagingServiceSid);
	}

	/**
	 * The text.
	 * @return empty if there's none, or it was redacted
	 */
	public String body() {
		return this.body;
	}

	/**
	 * Where it stands.
	 * @return the status
	 */
	public MessageStatus status() {
		return this.status;
	}

	/**
	 * Why it failed.
	 * @return the error code, or empty
	 */
	public Optional<Integer> errorCode() {
		return Optional.ofNullable(this.errorCode);
	}

	/**
	 * Which way it went.
	 * @return the direction
	 */
	public MessageDirection direction() {
		return this.direction;
	}

	/**
	 * The segments of its body.
	 * @return 1 or more
	 */
	public int segments() {
		return this.segments;
	}

	/**
	 * What it cost.
	 * @return a negative amount in US dollars, empty before it was sent
	 */
	public Optional<BigDecimal> price() {
		return Optional.ofNullable(this.price);
	}

	/**
	 * When it was scheduled for.
	 * @return empty if it wasn't
	 */
	public Optional<Instant> sendAt() {
		return Optional.ofNullable(this.sendAt);
	}

	/**
	 * When it was sent.
	 * @return empty as long as it wasn't
	 */
	public Optional<Instant> sentAt() {
		return Optional.ofNullable(this.sentAt);
	}

	/**
	 * When the API took it.
	 * @return on the simulator's clock
	 */
	public Instant createdAt() {
		return this.createdAt;
	}

	/**
	 * Where its status is reported.
	 * @return the URL with its fragment, or empty
	 */
	public Optional<String> statusCallback() {
		return Optional.ofNullable(this.statusCallback);
	}

	/**
	 * Its media.
	 * @return the addresses in order
	 */
	public List<String> mediaUrls() {
		return this.mediaUrls;
	}

	/**
	 * All its stations.
	 * @return the initial status first
	 */
	public List<Transition> transitions() {
		return this.transitions;
	}

	@Override
	public String toString() {
		return "SimulatedMessage[" + this.sid + ", to " + Masking.address(this.to) + ", " + this.status.value()
				+ ((this.errorCode != null) ? " " + this.errorCode : "") + "]";
	}

	/**
	 * One station of a message.
	 *
	 * @param status where it arrived
	 * @param errorCode why it failed, or {@code null}
	 * @param at when, on the simulator's clock
	 */
	public record Transition(MessageStatus status, @Nullable Integer errorCode, Instant at) {

		static Transition of(StatusChange change) {
			return new Transition(change.status(), change.errorCode(), change.at());
		}

	}

}
