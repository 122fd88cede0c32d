package io.github.twiliospring.messaging.simulator.engine;

import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * All callbacks, up to a limit; the oldest go first.
 */
public final class CallbackLog {

	private final Map<String, Callback> callbacks = new LinkedHashMap<>();

	private final int limit;

	CallbackLog(int limit) {
		this.limit = limit;
	}

	/**
	 * All callbacks that are kept.
	 * @return the oldest first; live
	 */
	public Collection<Callback> all() {
		return this.callbacks.values();
	}

	/**
	 * One callback.
	 * @param id its name
	 * @return the callback, or {@code null}
	 */
	public @Nullable Callback find(String id) {
		return this.callbacks.get(id);
	}

	void add(Callback callback) {
		if (this.callbacks.size() >= this.limit) {
			Iterator<Callback> oldest = this.callbacks.values().iterator();
			oldest.next();
			oldest.remove();
		}
		this.callbacks.put(callback.id(), callback);
	}

	List<Callback> remove(Account account) {
		List<Callback> removed = this.callbacks.values()
			.stream()
			.filter((callback) -> callback.message().account() == account)
			.toList();
		removed.forEach((callback) -> this.callbacks.remove(callback.id()));
		return removed;
	}

	void clear() {
		this.callbacks.values().forEach((callback) -> callback.setState(Callback.State.DROPPED));
		this.callbacks.clear();
	}

}
