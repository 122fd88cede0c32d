package io.github.twiliospring.messaging.simulator.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

import io.github.twiliospring.messaging.simulator.network.Directory;
import org.jspecify.annotations.Nullable;

/**
 * One account: its credentials, its messages and who doesn't want any.
 */
public final class Account {

	private static final Duration CONVERSATION = Duration.ofHours(24);

	private final String sid;

	private final String authToken;

	private final Directory shared;

	private Instant opened;

	private final Map<String, String> apiKeys = new HashMap<>();

	private final Map<String, StoredMessage> messages = new LinkedHashMap<>();

	private final Set<String> optOuts = new HashSet<>();

	private final Map<String, Instant> heardOf = new HashMap<>();

	private final MediaLibrary mediaLibrary = new MediaLibrary();

	private final SenderQueues queues = new SenderQueues();

	private final ShortLinks links = new ShortLinks();

	private final ListMarks listMarks = new ListMarks();

	private Directory directory;

	private String ownerSid;

	Account(String sid, String authToken, Directory shared, Instant opened) {
		this.ownerSid = sid;
		this.sid = sid;
		this.authToken = authToken;
		this.shared = shared;
		this.directory = new Directory(shared);
		this.opened = opened;
	}

	/**
	 * The account's identifier.
	 * @return {@code AC…}
	 */
	public String sid() {
		return this.sid;
	}

	/**
	 * The token that signs the account's webhooks.
	 * @return the auth token
	 */
	public String authToken() {
		return this.authToken;
	}

	/**
	 * The account whose credentials open this one, too.
	 * @return {@code AC…}; of an account that is no subaccount, its own
	 */
	public String ownerSid() {
		return this.ownerSid;
	}

	/**
	 * Makes it a subaccount.
	 * @param ownerSid {@code AC…}
	 */
	public void setOwnerSid(String ownerSid) {
		this.ownerSid = ownerSid;
	}

	/**
	 * The account's numbers, services and applications.
	 * @return the directory
	 */
	public Directory directory() {
		return this.directory;
	}

	/**
	 * What waits at its senders.
	 * @return the queues
	 */
	public SenderQueues queues() {
		return this.queues;
	}

	/**
	 * Where lists of its messages have got to.
	 * @return the marks
	 */
	public ListMarks listMarks() {
		return this.listMarks;
	}

	/**
	 * The links that its messages had shortened.
	 * @return the links
	 */
	public ShortLinks links() {
		return this.links;
	}

	/**
	 * The account's media.
	 * @return the library
	 */
	public MediaLibrary mediaLibrary() {
		return this.mediaLibrary;
	}

	/**
	 * When it was first used.
	 * @return on the simulator's clock
	 */
	public Instant opened() {
		return this.opened;
	}

	/**
	 * The account's API keys.
	 * @return secrets by SID ({@code SK…}); live
	 */
	public Map<String, String> apiKeys() {
		return this.apiKeys;
	}

	/**
	 * The account's messages.
	 * @return in the order of their creation, by SID; live
	 */
	public Map<String, StoredMessage> messages() {
		return this.messages;
	}

	/**
	 * Whether a recipient refuses messages from a sender.
	 * @param sender a number, or a service's SID
	 * @param recipient number or channel address
	 * @return {@code true} after STOP
	 */
	public boolean isOptedOut(@Nullable String sender, String recipient) {
		return sender != null && this.optOuts.contains(sender + ' ' + recipient);
	}

	void optOut(String sender, String recipient) {
		this.optOuts.add(sender + ' ' + recipient);
	}

	void optIn(String sender, String recipient) {
		this.optOuts.remove(sender + ' ' + recipient);
	}

	void heard(String sender, String recipient, Instant at) {
		this.heardOf.put(sender + ' ' + recipient, at);
	}

	/** Whether a recipient wrote to a sender within the last 24 hours. */
	boolean isInConversation(String sender, String recipient, Instant now) {
		Instant last = this.heardOf.get(sender + ' ' + recipient);
		return last != null && !now.isAfter(last.plus(CONVERSATION));
	}

	WorldState.OfAccount state() {
		return new WorldState.OfAccount(this.sid, this.authToken, this.ownerSid, this.opened,
				new LinkedHashMap<>(this.apiKeys), this.directory.content(), new HashSet<>(this.optOuts),
				new LinkedHashMap<>(this.heardOf), this.queues.waiting(), this.queues.turns(), this.links.all());
	}

	/** Takes all from a state but the token, which this start may say anew. */
	void restore(WorldState.OfAccount state) {
		this.ownerSid = state.ownerSid();
		this.opened = state.opened();
		this.apiKeys.putAll(state.apiKeys());
		this.directory.putAll(state.directory());
		this.optOuts.addAll(state.optOuts());
		this.heardOf.putAll(state.heardOf());
		this.queues.restore(state.queues(), state.turns());
		this.links.restore(state.links());
	}

	void clear() {
		this.messages.values().forEach(StoredMessage::setGone);
		this.messages.clear();
		this.optOuts.clear();
		this.heardOf.clear();
		this.mediaLibrary.clear();
		this.queues.clear();
		this.listMarks.clear();
		this.links.clear();
		this.directory = new Directory(this.shared);
	}

}
