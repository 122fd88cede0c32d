package io.github.twiliospring.messaging.simulator.engine;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.LongFunction;

/**
 * The calls of the API, up to a limit; the oldest go first.
 */
public final class RequestLog {

	private final Deque<ApiCall> calls = new ArrayDeque<>();

	private final int limit;

	private long number;

	RequestLog(int limit) {
		this.limit = limit;
	}

	ApiCall add(LongFunction<ApiCall> call) {
		if (this.calls.size() >= this.limit) {
			this.calls.removeFirst();
		}
		ApiCall added = call.apply(this.number++);
		this.calls.addLast(added);
		return added;
	}

	/**
	 * The calls that are kept.
	 * @return a copy, the oldest first
	 */
	public List<ApiCall> all() {
		return List.copyOf(this.calls);
	}

	void clear() {
		this.calls.clear();
	}

	void clear(String accountSid) {
		this.calls.removeIf((call) -> call.path().contains("/" + accountSid));
	}

}
