package io.github.twiliospring.messaging.simulator.engine;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * One event on its way to the application, with all attempts.
 */
public final class Callback {

	private final String id;

	private final StoredMessage message;

	private final WebhookRequest request;

	private final Instant created;

	private final List<CallbackAttempt> attempts = new ArrayList<>(1);

	private State state = State.PENDING;

	private @Nullable String note;

	Callback(String id, StoredMessage message, WebhookRequest request, Instant created) {
		this.id = id;
		this.message = message;
		this.request = request;
		this.created = created;
	}

	/**
	 * The callback's name.
	 * @return the same as its idempotency token
	 */
	public String id() {
		return this.id;
	}

	/**
	 * The message that it's about.
	 * @return the message
	 */
	public StoredMessage message() {
		return this.message;
	}

	/**
	 * What's sent.
	 * @return the request
	 */
	public WebhookRequest request() {
		return this.request;
	}

	/**
	 * When the event happened.
	 * @return the instant, on the simulator's clock
	 */
	public Instant created() {
		return this.created;
	}

	/**
	 * The status that it reports.
	 * @return the text on the wire; {@code received} for an incoming message,
	 * {@code clicked} for a link
	 */
	public String reportedStatus() {
		return this.request.parameters().getOrDefault("MessageStatus", isInbound() ? "received" : "clicked");
	}

	/** Whether it hands on an incoming message, so that its answer is read. */
	boolean isInbound() {
		return this.request.parameters().containsKey("SmsMessageSid");
	}

	/** Whether it reports a status, rather than an incoming message. */
	boolean isStatus() {
		return this.request.parameters().containsKey("MessageStatus");
	}

	/**
	 * All attempts.
	 * @return the first one first; live
	 */
	public List<CallbackAttempt> attempts() {
		return this.attempts;
	}

	/**
	 * What's to be said about it beside its attempts.
	 * @return for example that the answer is no TwiML, or {@code null}
	 */
	public @Nullable String note() {
		return this.note;
	}

	void note(String text) {
		this.note = Urls.withoutPasswords(text);
	}

	/**
	 * How far it got.
	 * @return the state
	 */
	public State state() {
		return this.state;
	}

	void setState(State state) {
		this.state = state;
	}

	/**
	 * How far a callback got.
	 */
	public enum State {

		/** Due, under way or between two attempts. */
		PENDING,

		/** Waits on the clock. */
		DELAYED,

		/** The application took it. */
		DELIVERED,

		/** Given up. */
		FAILED,

		/** Swept away by a reset. */
		DROPPED

	}

}
