package io.github.twiliospring.messaging.simulator.http;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * The calls of the API, up to a limit; the oldest go first. Credentials aren't kept, nor
 * is what follows the first 16 KiB of a body. Safe on any thread.
 */
public final class RequestLog {

	// A create takes less; pages of a list would fill the memory.
	private static final int BODY_LIMIT = 16 * 1024;

	private final Deque<Entry> entries = new ArrayDeque<>();

	private final int limit;

	private long number;

	/**
	 * An empty log.
	 * @param limit how many calls it keeps
	 */
	public RequestLog(int limit) {
		this.limit = limit;
	}

	/**
	 * Keeps a call.
	 * @param at when, on the simulator's clock
	 * @param request the call
	 * @param response its answer
	 * @param messageSid the message that it's about, or {@code null}
	 * @param fault what went wrong on demand, or {@code null}
	 * @return the entry
	 */
	public synchronized Entry add(Instant at, Request request, Response response, @Nullable String messageSid,
			@Nullable String fault) {
		if (this.entries.size() >= this.limit) {
			this.entries.removeFirst();
		}
		Entry entry = new Entry(this.number++, at, kept(request), response.shortened(BODY_LIMIT), messageSid, fault);
		this.entries.addLast(entry);
		return entry;
	}

	/**
	 * The calls that are kept.
	 * @return a copy, the oldest first
	 */
	public synchronized List<Entry> all() {
		return List.copyOf(this.entries);
	}

	/**
	 * Forgets all calls.
	 */
	public synchronized void clear() {
		this.entries.clear();
	}

	/**
	 * Forgets some calls.
	 * @param part what their paths contain
	 */
	public synchronized void clear(String part) {
		this.entries.removeIf((entry) -> entry.request().path().contains(part));
	}

	private static Request kept(Request request) {
		Map<String, String> headers = new LinkedHashMap<>(request.headers());
		headers.computeIfPresent("authorization", (name, value) -> value.replaceAll(" .*", " …"));
		String body = request.body();
		return new Request(request.method(), request.path(), request.rawQuery(), headers,
				(body.length() > BODY_LIMIT) ? body.substring(0, BODY_LIMIT) + '…' : body, request.isCutOff());
	}

	/**
	 * One call.
	 *
	 * @param number rises with every call
	 * @param at when, on the simulator's clock
	 * @param request the call, without credentials
	 * @param response its answer
	 * @param messageSid the message that it's about, or {@code null}
	 * @param fault what went wrong on demand, or {@code null}
	 */
	public record Entry(long number, Instant at, Request request, Response response, @Nullable String messageSid,
			@Nullable String fault) {

	}

}
