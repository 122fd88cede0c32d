package io.github.twiliospring.messaging.simulator.engine;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongFunction;
import java.util.function.Supplier;

import io.github.twiliospring.messaging.simulator.fault.Fault;
import io.github.twiliospring.messaging.simulator.network.Directory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All of a simulator's state. {@link Timeline#call} hands it out; nothing of it may be
 * kept beyond that call.
 */
public final class World {

	private static final Logger logger = LoggerFactory.getLogger(World.class);

	private static final int CALLBACKS_PER_MESSAGE = 3;

	private final Schedule schedule;

	private final EngineSettings settings;

	private final Sids sids;

	private final Rules<OutcomeRule> outcomes;

	private final Rules<Fault> faults;

	private final Directory directory;

	private final Map<String, Account> accounts = new LinkedHashMap<>();

	private final Map<String, StoredMessage> messages = new LinkedHashMap<>();

	private final Set<StoredMessage> ended = new LinkedHashSet<>();

	private final CallbackLog callbackLog;

	private final RequestLog requests;

	private final MessageLife life;

	private final CallbackDispatcher callbacks;

	private final InboundService inbound;

	private final List<WorldListener> listeners = new ArrayList<>();

	private long version;

	private long dropped;

	World(Schedule schedule, EngineSettings settings, Webhooks webhooks, Supplier<String> baseUrl) {
		this.schedule = schedule;
		this.settings = settings;
		this.sids = new Sids(settings.random());
		this.outcomes = new Rules<>(this.sids::fraction, this::rulesChanged);
		this.faults = new Rules<>(this.sids::fraction, this::rulesChanged);
		this.directory = new Directory(settings.directory());
		this.callbackLog = new CallbackLog(
				(int) Math.min((long) CALLBACKS_PER_MESSAGE * settings.historyLimit(), Integer.MAX_VALUE));
		this.requests = new RequestLog(settings.historyLimit());
		this.life = new MessageLife(this, baseUrl);
		this.callbacks = new CallbackDispatcher(this, webhooks);
		this.inbound = new InboundService(this, baseUrl);
	}

	/**
	 * The present; inside an event, the event's own instant.
	 * @return the instant
	 */
	public Instant now() {
		return this.schedule.now();
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
	 * How messages end: the latest rule is asked first.
	 * @return the rules
	 */
	public Rules<OutcomeRule> outcomes() {
		return this.outcomes;
	}

	/**
	 * What goes wrong on demand: the earliest fault is asked first.
	 * @return the faults
	 */
	public Rules<Fault> faults() {
		return this.faults;
	}

	/**
	 * What all accounts own.
	 * @return the directory
	 */
	public Directory directory() {
		return this.directory;
	}

	/**
	 * What happens to messages.
	 * @return the one way to change them
	 */
	public MessageLife life() {
		return this.life;
	}

	/**
	 * The way in for messages from phones.
	 * @return the way in
	 */
	public InboundService inbound() {
		return this.inbound;
	}

	/**
	 * What calls webhooks.
	 * @return the dispatcher
	 */
	public CallbackDispatcher callbacks() {
		return this.callbacks;
	}

	/**
	 * The callbacks that are kept.
	 * @return their log
	 */
	public CallbackLog callbackLog() {
		return this.callbackLog;
	}

	/**
	 * The calls of the API that are kept.
	 * @return their log
	 */
	public RequestLog requests() {
		return this.requests;
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
		return this.accounts.computeIfAbsent(sid, (key) -> new Account(key, authToken, this.directory, now()));
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
	 * How far the world has got.
	 * @return rises with every change of a message
	 */
	public long version() {
		return this.version;
	}

	/**
	 * Has someone told of all that happens.
	 * @param listener short, never blocking
	 */
	public void listen(WorldListener listener) {
		this.listeners.add(listener);
	}

	/**
	 * Keeps a call of the API.
	 * @param call makes it of its number
	 */
	public void called(LongFunction<ApiCall> call) {
		ApiCall added = this.requests.add(call);
		this.listeners.forEach((listener) -> listener.call(added));
	}

	/**
	 * Forgets messages, callbacks, calls, rules, faults, opt-outs and what was configured
	 * since the start; accounts and the clock stay.
	 */
	public void reset() {
		this.schedule.clear();
		this.accounts.values().forEach(Account::clear);
		this.messages.clear();
		this.ended.clear();
		this.dropped = 0;
		this.outcomes.removeIf((rule) -> true);
		this.faults.removeIf((fault) -> true);
		this.callbacks.reset();
		this.requests.clear();
		this.listeners.forEach((listener) -> listener.reset(null));
	}

	/**
	 * Forgets one account's messages, callbacks, calls, opt-outs and configuration, and
	 * the rules and faults that keep to it.
	 * @param accountSid {@code AC…}; of an account that isn't there, there's nothing
	 */
	public void reset(String accountSid) {
		Account account = this.accounts.get(accountSid);
		if (account != null) {
			this.messages.keySet().removeAll(account.messages().keySet());
			account.clear();
			this.ended.removeIf(StoredMessage::isGone);
			this.outcomes.clear(accountSid);
			this.faults.clear(accountSid);
			this.callbacks.reset(account);
			this.requests.clear(accountSid);
			this.listeners.forEach((listener) -> listener.reset(accountSid));
		}
	}

	Schedule schedule() {
		return this.schedule;
	}

	long nextVersion() {
		return this.version++;
	}

	/** Counts on from a restored world. */
	void goOn(long restored) {
		this.version = restored;
	}

	/**
	 * Has what's planned in a restored world happen, and sends the callbacks that were
	 * under way.
	 */
	public void resume() {
		this.messages.values().forEach(this.life::goOn);
		this.callbacks.resume();
	}

	void add(StoredMessage message) {
		this.messages.put(message.sid(), message);
		if (message.status().isFinal()) {
			this.ended.add(message);
		}
		message.account().messages().put(message.sid(), message);
	}

	void remove(StoredMessage message) {
		message.setGone();
		message.setVersion(nextVersion());
		this.messages.remove(message.sid());
		this.ended.remove(message);
		message.account().messages().remove(message.sid());
		message.media().forEach((media) -> message.account().mediaLibrary().release(media, message.sid()));
		this.listeners.forEach((listener) -> listener.removed(message));
	}

	/** Something else than the status has changed. */
	void edited(StoredMessage message) {
		message.setVersion(nextVersion());
		this.listeners.forEach((listener) -> listener.edited(message));
	}

	void changed(StoredMessage message, boolean initial) {
		message.setVersion(nextVersion());
		this.callbacks.changed(message, initial);
		this.listeners.forEach((listener) -> listener.message(message, initial));
		if (message.status().isFinal() && !message.isGone() && this.ended.add(message)
				&& this.ended.size() > this.settings.historyLimit()) {
			dropOldest();
		}
	}

	void changed(Callback callback) {
		this.listeners.forEach((listener) -> listener.callback(callback));
	}

	private void rulesChanged() {
		this.listeners.forEach(WorldListener::rules);
	}

	void clockMoved() {
		this.listeners.forEach((listener) -> listener.clock(now()));
	}

	private void dropOldest() {
		Iterator<StoredMessage> oldest = this.ended.iterator();
		StoredMessage message = oldest.next();
		remove(message);
		// Once for each round of the whole history: there may be thousands.
		if (this.dropped++ % this.settings.historyLimit() == 0) {
			logger.warn("More than {} messages have ended: the oldest are dropped, {} of them so far, the last one {}",
					this.settings.historyLimit(), this.dropped, message.sid());
		}
	}

}
