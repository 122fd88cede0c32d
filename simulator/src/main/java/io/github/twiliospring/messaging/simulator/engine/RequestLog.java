package io.github.twiliospring.messaging.simulator.engine;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongFunction;

/**
 * The calls of the API, up to a limit of their number and one of what they say; the
 * oldest go first.
 */
public final class RequestLog {

	// Several times what creates say: someone who reads lists all day fills the memory.
	private static final long TEXT_PER_CALL = 4096;

	private static final long LEAST_TEXT = 4 * 1024 * 1024;

	private final Deque<ApiCall> calls = new ArrayDeque<>();

	private final Shared shared = new Shared();

	private final int limit;

	private long number;

	private long text;

	RequestLog(int limit) {
		this.limit = limit;
	}

	ApiCall add(LongFunction<ApiCall> call) {
		ApiCall added = shared(call.apply(this.number++));
		this.calls.addLast(added);
		this.text += text(added);
		long most = Math.max(LEAST_TEXT, this.limit * TEXT_PER_CALL);
		while (this.calls.size() > this.limit || (this.text > most && this.calls.size() > 1)) {
			this.text -= text(this.calls.removeFirst());
		}
		return added;
	}

	void restore(List<ApiCall> all) {
		for (ApiCall call : all) {
			this.number = call.number();
			add((next) -> call);
		}
	}

	private static long text(ApiCall call) {
		return (long) call.query().length() + call.body().length() + call.response().body().length();
	}

	/**
	 * The calls that are kept.
	 * @return a copy, the oldest first
	 */
	public List<ApiCall> all() {
		return List.copyOf(this.calls);
	}

	/** What calls have in common is kept once: headers would take more than all else. */
	private ApiCall shared(ApiCall call) {
		ApiCall.Answer answer = call.response();
		return new ApiCall(call.number(), call.at(), call.messageSid(), call.fault(), call.method(),
				this.shared.one(call.path()), call.query(), shared(call.headers()), call.body(),
				new ApiCall.Answer(answer.status(), shared(answer.headers()), answer.body()));
	}

	private Map<String, String> shared(Map<String, String> headers) {
		List<Map.Entry<String, String>> pairs = new ArrayList<>();
		headers.forEach((name, value) -> pairs.add(this.shared.one(Map.entry(name, value))));
		return this.shared.one(new Headers(List.copyOf(pairs)));
	}

	void clear() {
		this.calls.clear();
		this.text = 0;
		this.shared.clear();
	}

	void clear(String accountSid) {
		this.calls.removeIf((call) -> call.path().contains("/" + accountSid));
		this.text = this.calls.stream().mapToLong(RequestLog::text).sum();
	}

	/** In order, for a third of what a hash map takes. */
	private static final class Headers extends AbstractMap<String, String> {

		private final List<Map.Entry<String, String>> pairs;

		Headers(List<Map.Entry<String, String>> pairs) {
			this.pairs = pairs;
		}

		@Override
		public Set<Map.Entry<String, String>> entrySet() {
			return new AbstractSet<>() {

				@Override
				public Iterator<Map.Entry<String, String>> iterator() {
					return Headers.this.pairs.iterator();
				}

				@Override
				public int size() {
					return Headers.this.pairs.size();
				}

			};
		}

	}

	/** The values that were used last. */
	private static final class Shared extends LinkedHashMap<Object, Object> {

		private static final long serialVersionUID = 1L;

		private static final int SIZE = 1000;

		Shared() {
			super(16, 0.75f, true);
		}

		/** The equal value that's known, or else this one from now on. */
		@SuppressWarnings("unchecked")
		<T> T one(T value) {
			Object known = putIfAbsent(value, value);
			return (known != null) ? (T) known : value;
		}

		@Override
		protected boolean removeEldestEntry(Map.Entry<Object, Object> eldest) {
			return size() > SIZE;
		}

	}

}
