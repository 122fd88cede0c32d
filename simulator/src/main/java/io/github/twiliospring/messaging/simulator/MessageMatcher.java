package io.github.twiliospring.messaging.simulator;

import java.util.function.Predicate;

import io.github.twiliospring.messaging.message.MessageDirection;
import io.github.twiliospring.messaging.message.MessageStatus;
import org.jspecify.annotations.Nullable;

/**
 * Which messages are meant, for rules and for waiting. Matchers are immutable and are
 * combined with {@link #and}, {@link #or} and {@link #negate}; a failed wait prints their
 * description.
 */
public final class MessageMatcher {

	private final String description;

	private final Predicate<SimulatedMessage> predicate;

	private final @Nullable String accountSid;

	private MessageMatcher(String description, Predicate<SimulatedMessage> predicate) {
		this(description, predicate, null);
	}

	private MessageMatcher(String description, Predicate<SimulatedMessage> predicate, @Nullable String accountSid) {
		this.description = description;
		this.predicate = predicate;
		this.accountSid = accountSid;
	}

	/**
	 * Every message.
	 * @return the matcher
	 */
	public static MessageMatcher any() {
		return new MessageMatcher("any message", (message) -> true);
	}

	/**
	 * Messages to a recipient.
	 * @param recipient number or channel address
	 * @return the matcher
	 */
	public static MessageMatcher sentTo(String recipient) {
		return new MessageMatcher("to " + recipient, (message) -> message.to().equals(recipient));
	}

	/**
	 * Messages from a sender.
	 * @param sender number, sender name or channel address
	 * @return the matcher
	 */
	public static MessageMatcher sentFrom(String sender) {
		return new MessageMatcher("from " + sender, (message) -> sender.equals(message.from()));
	}

	/**
	 * Messages that say exactly this.
	 * @param text the whole body
	 * @return the matcher
	 */
	public static MessageMatcher body(String text) {
		return new MessageMatcher("with body '" + text + "'", (message) -> message.body().equals(text));
	}

	/**
	 * Messages whose body contains a text.
	 * @param text a part of the body
	 * @return the matcher
	 */
	public static MessageMatcher bodyContaining(String text) {
		return new MessageMatcher("with body containing '" + text + "'", (message) -> message.body().contains(text));
	}

	/**
	 * One message.
	 * @param sid {@code SM…} or {@code MM…}
	 * @return the matcher
	 */
	public static MessageMatcher sid(String sid) {
		return new MessageMatcher("with SID " + sid, (message) -> message.sid().equals(sid));
	}

	/**
	 * Messages that stand at a status.
	 * @param status the status
	 * @return the matcher
	 */
	public static MessageMatcher status(MessageStatus status) {
		return new MessageMatcher(status.value(), (message) -> message.status() == status);
	}

	/**
	 * Messages that go a way.
	 * @param direction the direction
	 * @return the matcher
	 */
	public static MessageMatcher direction(MessageDirection direction) {
		return new MessageMatcher(direction.value(), (message) -> message.direction() == direction);
	}

	/**
	 * Messages of an account.
	 * @param sid {@code AC…}
	 * @return the matcher
	 */
	public static MessageMatcher account(String sid) {
		return new MessageMatcher("of account " + sid, (message) -> message.accountSid().equals(sid), sid);
	}

	/**
	 * Messages that meet a condition.
	 * @param description what a failed wait prints
	 * @param condition short, never blocking
	 * @return the matcher
	 */
	public static MessageMatcher matching(String description, Predicate<SimulatedMessage> condition) {
		return new MessageMatcher(description, condition);
	}

	/**
	 * Messages that meet both.
	 * @param other the other
	 * @return the matcher
	 */
	public MessageMatcher and(MessageMatcher other) {
		return new MessageMatcher(this.description + " and " + other.description, this.predicate.and(other.predicate),
				(this.accountSid != null) ? this.accountSid : other.accountSid);
	}

	/**
	 * Messages that meet either.
	 * @param other the other
	 * @return the matcher
	 */
	public MessageMatcher or(MessageMatcher other) {
		return new MessageMatcher("(" + this.description + " or " + other.description + ")",
				this.predicate.or(other.predicate));
	}

	/**
	 * All other messages.
	 * @return the matcher
	 */
	public MessageMatcher negate() {
		return new MessageMatcher("not (" + this.description + ")", this.predicate.negate());
	}

	/**
	 * Whether a message is meant.
	 * @param message the message
	 * @return {@code true} if so
	 */
	public boolean matches(SimulatedMessage message) {
		return this.predicate.test(message);
	}

	/** The one account that it keeps to, so that a reset of that account forgets it. */
	@Nullable String accountSid() {
		return this.accountSid;
	}

	@Override
	public String toString() {
		return this.description;
	}

}
