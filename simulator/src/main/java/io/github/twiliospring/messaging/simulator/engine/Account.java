package io.github.twiliospring.messaging.simulator.engine;

import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * One account: its credentials, its messages and who doesn't want any. To be used under
 * the timeline's lock.
 */
public final class Account {

	private final String sid;

	private final String authToken;

	private final Directory directory;

	private final Map<String, String> apiKeys = new HashMap<>();

	private final Map<String, StoredMessage> messages = new LinkedHashMap<>();

	private final Set<String> optOuts = new HashSet<>();

	private final MediaLibrary mediaLibrary = new MediaLibrary();

	private final Instant opened;

	private String ownerSid;

	Account(String sid, String authToken, Directory directory, Instant opened) {
		this.ownerSid = sid;
		this.sid = sid;
		this.authToken = authToken;
		this.directory = directory;
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

	void clear() {
		this.messages.values().forEach(StoredMessage::setGone);
		this.messages.clear();
		this.optOuts.clear();
		this.mediaLibrary.clear();
		this.directory.clear();
	}

}
