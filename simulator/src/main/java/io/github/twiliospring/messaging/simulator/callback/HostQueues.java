package io.github.twiliospring.messaging.simulator.callback;

import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * Lets so many requests go to one host at a time; the others wait their turn, and other
 * hosts don't wait for them. Safe on any thread, never blocks.
 */
final class HostQueues {

	private static final Logger logger = LoggerFactory.getLogger(HostQueues.class);

	private final int limit;

	private final Executor executor;

	private final Map<String, Queue> queues = new HashMap<>();

	private boolean closed;

	/**
	 * Empty queues.
	 * @param limit how many requests go to one host at a time
	 * @param executor starts what has waited, never on the stack of what ends: requests
	 * that fail at once would follow one another down the stack
	 */
	HostQueues(int limit, Executor executor) {
		this.limit = limit;
		this.executor = executor;
	}

	/**
	 * Waits for a turn.
	 * @param <T> the result
	 * @param host the host
	 * @param givenUp completes when nobody wants the result any more: what waits is never
	 * started then, and what's under way goes on without a place in the queue
	 * @param request what to do then
	 * @return the request's result
	 */
	<T> Mono<T> inTurn(String host, CompletableFuture<Void> givenUp, Mono<T> request) {
		return Mono.defer(() -> {
			Turn turn = new Turn(host);
			givenUp.whenComplete((nothing, error) -> leave(turn));
			return Mono.<T>create((sink) -> enter(turn, sink::success))
				.then(request)
				.doFinally((signal) -> leave(turn));
		});
	}

	private void enter(Turn turn, Runnable start) {
		synchronized (this.queues) {
			if (turn.left || this.closed) {
				return;
			}
			turn.start = start;
			Queue queue = this.queues.computeIfAbsent(turn.host, (key) -> new Queue());
			if (queue.running >= this.limit) {
				queue.waiting.add(turn);
				return;
			}
			turn.running = true;
			queue.running++;
		}
		start.run();
	}

	/**
	 * Starts nothing more: what ends as its threads end would start the next one.
	 */
	void close() {
		synchronized (this.queues) {
			this.closed = true;
		}
	}

	private void leave(Turn turn) {
		Runnable next = null;
		synchronized (this.queues) {
			Queue queue = this.closed ? null : this.queues.get(turn.host);
			if (!turn.left && queue != null) {
				if (turn.running) {
					next = queue.next();
				}
				queue.waiting.remove(turn);
				if (queue.running == 0) {
					this.queues.remove(turn.host);
				}
			}
			turn.left = true;
		}
		if (next != null) {
			start(next);
		}
	}

	private void start(Runnable next) {
		try {
			this.executor.execute(next);
		}
		catch (RejectedExecutionException ex) {
			logger.trace("Closed before its turn came");
		}
	}

	private static final class Queue {

		private final Set<Turn> waiting = new LinkedHashSet<>();

		private int running;

		/** Hands the place of one that leaves to the one that has waited longest. */
		@Nullable Runnable next() {
			Iterator<Turn> longest = this.waiting.iterator();
			if (!longest.hasNext()) {
				this.running--;
				return null;
			}
			Turn next = longest.next();
			longest.remove();
			next.running = true;
			return next.start;
		}

	}

	/** One request's place; all of it under the lock of the queues. */
	private static final class Turn {

		private final String host;

		private @Nullable Runnable start;

		private boolean running;

		private boolean left;

		Turn(String host) {
			this.host = host;
		}

	}

}
