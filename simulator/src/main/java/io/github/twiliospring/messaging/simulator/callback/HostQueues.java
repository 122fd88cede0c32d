package io.github.twiliospring.messaging.simulator.callback;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

import reactor.core.publisher.Mono;

/**
 * Lets so many requests go to one host at a time; the others wait their turn, and other
 * hosts don't wait for them. Safe on any thread, never blocks.
 */
final class HostQueues {

	private final int limit;

	private final Map<String, Queue> queues = new HashMap<>();

	HostQueues(int limit) {
		this.limit = limit;
	}

	/**
	 * Waits for a turn.
	 * @param <T> the result
	 * @param host the host
	 * @param request what to do then
	 * @return the request's result
	 */
	<T> Mono<T> inTurn(String host, Mono<T> request) {
		Mono<T> turn = Mono.<T>create((sink) -> enter(host, sink::success)).then(request);
		return turn.doFinally((signal) -> leave(host));
	}

	private void enter(String host, Runnable start) {
		synchronized (this.queues) {
			Queue queue = this.queues.computeIfAbsent(host, (key) -> new Queue());
			if (queue.running >= this.limit) {
				queue.waiting.add(start);
				return;
			}
			queue.running++;
		}
		start.run();
	}

	private void leave(String host) {
		Runnable next = null;
		synchronized (this.queues) {
			Queue queue = this.queues.get(host);
			if (queue != null) {
				next = queue.waiting.poll();
				if (next == null) {
					queue.running--;
					if (queue.running == 0) {
						this.queues.remove(host);
					}
				}
			}
		}
		if (next != null) {
			next.run();
		}
	}

	private static final class Queue {

		private final Deque<Runnable> waiting = new ArrayDeque<>();

		private int running;

	}

}
