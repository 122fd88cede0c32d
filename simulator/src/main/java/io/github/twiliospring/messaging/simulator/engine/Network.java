package io.github.twiliospring.messaging.simulator.engine;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * All accounts and all messages, up to a limit: beyond it the oldest go first, ended ones
 * before those on their way. To be used under the timeline's lock.
 */
public final class Network {

	private final Timeline timeline;

	private final EngineSettings settings;

	private final Sids sids;

	private final Outcomes outcomes;

	private final Map<String, Account> accounts = new LinkedHashMap<>();

	private final Map<String, StoredMessage> messages = new LinkedHashMap<>();

	private final Deque<StoredMessage> ended = new ArrayDeque<>();

	private final List<MessageListener> listeners = new ArrayList<>();

	private long messageNumber;

	/**
	 * An empty network.
	 * @param timeline the clock and lock
	 * @param settings how it behaves
	 */
	public Network(Timeline timeline, EngineSettings settings) {
		this.timeline = timeline;
		this.settings = settings;
		this.sids = new Sids(settings.random());
		this.outcomes = new Outcomes(this.sids);
	}

	/**
	 * The clock and lock.
	 * @return the timeline
	 */
	public Timeline timeline() {
		return this.timeline;
	}

	/**
	 * How it behaves.
	 * @return the settings
	 */
	public EngineSettings settings() {
		return this.settings;
	}

	/**
	 * The source of identifiers.
	 * @return the source
	 */
	public Sids sids() {
		return this.sids;
	}

	/**
	 * How messages end.
	 * @return the rules
	 */
	public Outcomes outcomes() {
		return this.outcomes;
	}

	/**
	 * An account that exists.
	 * @param sid {@code AC…}
	 * @return the account, or {@code null}
	 */
	public @Nullable Account account(String sid) {
		return this.accounts.get(sid);
	}

	/**
	 * All accounts.
	 * @return in the order of their first use; live
	 */
	public Collection<Account> accounts() {
		return this.accounts.values();
	}

	/**
	 * Adds an account.
	 * @param sid {@code AC…}
	 * @param authToken its token
	 * @return the account, the existing one if there is one
	 */
	public Account open(String sid, String authToken) {
		return this.accounts.computeIfAbsent(sid,
				(key) -> new Account(key, authToken, new Directory(this.settings.directory()), this.timeline.now()));
	}

	/**
	 * All messages of all accounts.
	 * @return in the order of their creation; live
	 */
	public Collection<StoredMessage> messages() {
		return this.messages.values();
	}

	/**
	 * A message of any account.
	 * @param sid {@code SM…} or {@code MM…}
	 * @return the message, or {@code null}
	 */
	public @Nullable StoredMessage message(String sid) {
		return this.messages.get(sid);
	}

	/**
	 * Has someone told of every change of a message, under the lock.
	 * @param listener short, never blocking
	 */
	public void listen(MessageListener listener) {
		this.listeners.add(listener);
	}

	/**
	 * Forgets all messages, opt-outs, rules and what was configured since the start; the
	 * accounts and the clock stay.
	 */
	public void reset() {
		this.timeline.clear();
		this.accounts.values().forEach(Account::clear);
		this.messages.clear();
		this.ended.clear();
		this.outcomes.clear();
	}

	/**
	 * Forgets one account's messages, opt-outs, rules and configuration.
	 * @param account the account
	 */
	public void reset(Account account) {
		this.messages.keySet().removeAll(account.messages().keySet());
		account.clear();
		this.outcomes.clear(account);
		this.ended.removeIf(StoredMessage::isGone);
	}

	long nextNumber() {
		return this.messageNumber++;
	}

	void add(StoredMessage message) {
		while (this.messages.size() >= this.settings.historyLimit()) {
			dropOldest();
		}
		this.messages.put(message.sid(), message);
		message.account().messages().put(message.sid(), message);
	}

	void remove(StoredMessage message) {
		message.setGone();
		this.messages.remove(message.sid());
		message.account().messages().remove(message.sid());
		message.media().forEach((media) -> message.account().mediaLibrary().release(media, message.sid()));
	}

	void changed(StoredMessage message, boolean initial) {
		if (message.status().isFinal()) {
			this.ended.add(message);
			if (this.ended.size() > 2L * this.settings.historyLimit()) {
				this.ended.removeIf(StoredMessage::isGone);
			}
		}
		for (MessageListener listener : this.listeners) {
			listener.changed(message, initial);
		}
	}

	private void dropOldest() {
		StoredMessage oldest = this.ended.poll();
		while (oldest != null && oldest.isGone()) {
			oldest = this.ended.poll();
		}
		if (oldest == null) {
			Iterator<StoredMessage> all = this.messages.values().iterator();
			oldest = all.next();
		}
		remove(oldest);
	}

	/**
	 * Hears of every change of a message.
	 */
	@FunctionalInterface
	public interface MessageListener {

		/**
		 * A message came, or its status changed.
		 * @param message the message
		 * @param initial whether this is its first status
		 */
		void changed(StoredMessage message, boolean initial);

	}

}
