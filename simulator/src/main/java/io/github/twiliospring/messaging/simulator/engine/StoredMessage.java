package io.github.twiliospring.messaging.simulator.engine;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import io.github.twiliospring.messaging.message.MessageDirection;
import io.github.twiliospring.messaging.message.MessageStatus;
import io.github.twiliospring.messaging.message.Segments;
import org.jspecify.annotations.Nullable;

/**
 * A message and all that happened to it; changed by {@link MessageLife} alone.
 */
public final class StoredMessage {

	private final long number;

	private final String sid;

	private final Account account;

	private final MessageDirection direction;

	private final MessageDraft draft;

	private final Instant created;

	private final List<StatusChange> history = new ArrayList<>(6);

	private final List<StoredMedia> media = new ArrayList<>(0);

	private String body;

	private String to;

	private @Nullable String from;

	private int segments;

	private @Nullable BigDecimal price;

	private @Nullable Instant sent;

	private long sentNumber = Long.MAX_VALUE;

	private Instant updated;

	private long version;

	private @Nullable String feedback;

	private @Nullable PlannedStep next;

	private boolean gone;

	StoredMessage(long number, String sid, Account account, MessageDirection direction, MessageDraft draft,
			Instant created) {
		this.number = number;
		this.sid = sid;
		this.account = account;
		this.direction = direction;
		this.draft = draft;
		this.created = created;
		this.updated = created;
		this.to = draft.addresses().to();
		this.from = draft.addresses().from();
		String text = draft.content().body();
		this.body = draft.options().smartEncoded() ? Segments.smartEncode(text) : text;
		this.segments = count(draft, this.body);
	}

	/**
	 * The order of creation, across all accounts.
	 * @return the world's version before it came
	 */
	public long number() {
		return this.number;
	}

	/**
	 * The message's identifier.
	 * @return {@code SM…}, or {@code MM…} with media
	 */
	public String sid() {
		return this.sid;
	}

	/**
	 * Whose it is.
	 * @return the account
	 */
	public Account account() {
		return this.account;
	}

	/**
	 * Which way it goes.
	 * @return the direction
	 */
	public MessageDirection direction() {
		return this.direction;
	}

	/**
	 * What was asked for.
	 * @return the draft
	 */
	public MessageDraft draft() {
		return this.draft;
	}

	/**
	 * The world's version when it last changed.
	 * @return rises with every change; of two pictures of a message, the higher one is
	 * newer
	 */
	public long version() {
		return this.version;
	}

	/**
	 * The phone that it goes to, or comes from.
	 * @return number or channel address
	 */
	public String phone() {
		return (this.direction == MessageDirection.INBOUND) ? String.valueOf(this.from) : this.to;
	}

	/**
	 * When it came.
	 * @return the instant, on the simulator's clock
	 */
	public Instant created() {
		return this.created;
	}

	/**
	 * When it changed last.
	 * @return the instant, on the simulator's clock
	 */
	public Instant updated() {
		return this.updated;
	}

	/**
	 * When it was sent.
	 * @return the instant, or {@code null} as long as it wasn't
	 */
	public @Nullable Instant sent() {
		return this.sent;
	}

	/**
	 * The date that it stands at in lists: when it was sent, or as long as it wasn't,
	 * when it came.
	 * @param version the version of the world that the list is of
	 * @return the instant, on the simulator's clock
	 */
	public Instant listedAt(long version) {
		return (this.sent != null && this.sentNumber < version) ? this.sent : this.created;
	}

	/**
	 * The text.
	 * @return empty if there's none, or it was redacted
	 */
	public String body() {
		return this.body;
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
	 * @return the sender, {@code null} as long as a service hasn't picked one
	 */
	public @Nullable String from() {
		return this.from;
	}

	/**
	 * The segments of the body.
	 * @return 1 or more
	 */
	public int segments() {
		return this.segments;
	}

	/**
	 * What it cost.
	 * @return a negative amount, {@code null} before it was sent
	 */
	public @Nullable BigDecimal price() {
		return this.price;
	}

	/**
	 * Its media.
	 * @return in the order given; live
	 */
	public List<StoredMedia> media() {
		return this.media;
	}

	/**
	 * All its stations.
	 * @return the initial status first; live
	 */
	public List<StatusChange> history() {
		return this.history;
	}

	/**
	 * The present status.
	 * @return the status
	 */
	public MessageStatus status() {
		return this.history.isEmpty() ? MessageStatus.UNKNOWN : this.history.get(this.history.size() - 1).status();
	}

	/**
	 * Why it failed.
	 * @return the error code, or {@code null}
	 */
	public @Nullable Integer errorCode() {
		return this.history.isEmpty() ? null : this.history.get(this.history.size() - 1).errorCode();
	}

	/**
	 * What the application reported about it.
	 * @return the outcome, or {@code null}
	 */
	public @Nullable String feedback() {
		return this.feedback;
	}

	/** What happens to it next. */
	@Nullable PlannedStep next() {
		return this.next;
	}

	void setNext(@Nullable PlannedStep step) {
		this.next = step;
	}

	WorldState.OfMessage.Sent sending() {
		return new WorldState.OfMessage.Sent(this.sent, this.sentNumber);
	}

	/** Takes all from a state that its draft and its history don't tell. */
	void restore(WorldState.OfMessage state) {
		this.body = state.text().body();
		this.segments = state.text().segments();
		this.to = state.to();
		this.from = state.from();
		this.sent = state.sent().at();
		this.sentNumber = state.sent().number();
		this.updated = state.updated();
		this.version = state.version();
		this.price = state.price();
		this.feedback = state.feedback();
		this.next = state.next();
	}

	/**
	 * Whether it was deleted, dropped from the history or swept away by a reset.
	 * @return {@code true} if nothing may happen to it any more
	 */
	public boolean isGone() {
		return this.gone;
	}

	/**
	 * Whether it travels as MMS.
	 * @return {@code true} with media, or if asked for
	 */
	public boolean isMms() {
		return this.draft.isMms();
	}

	/**
	 * Whether it goes over a channel such as WhatsApp rather than to a phone number.
	 * @return {@code true} for a channel address
	 */
	public boolean isOnChannel() {
		return this.to.indexOf(':') > 0;
	}

	void move(MessageStatus status, @Nullable Integer errorCode, Instant at) {
		this.history.add(new StatusChange(status, errorCode, at));
		this.updated = at;
	}

	void setSent(Instant at, long version) {
		this.sent = at;
		this.sentNumber = version;
	}

	void setFrom(String from) {
		this.from = from;
	}

	void setPrice(BigDecimal price) {
		this.price = price;
	}

	void setFeedback(String feedback) {
		this.feedback = feedback;
	}

	void redact(Instant at) {
		this.body = "";
		this.updated = at;
	}

	/** Says something else from the beginning. */
	void setBody(String text) {
		this.body = text;
		this.segments = count(this.draft, text);
	}

	private static int count(MessageDraft draft, String text) {
		return draft.isMms() ? 1 : Segments.of(text).count();
	}

	void discardBody() {
		this.body = "";
	}

	void setTo(String to) {
		this.to = to;
	}

	void touch(Instant at) {
		this.updated = at;
	}

	void setVersion(long version) {
		this.version = version;
	}

	void setGone() {
		this.gone = true;
	}

}
