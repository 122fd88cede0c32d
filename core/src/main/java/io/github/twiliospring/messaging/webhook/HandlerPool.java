package io.github.twiliospring.messaging.webhook;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;

/**
 * Threads for methods that block, where the request's own thread mustn't or may not any
 * more. They share one queue, so that none waits behind a method that hangs while another
 * thread is idle. It also knows how many methods may run at once, here and on the
 * container's threads.
 */
final class HandlerPool extends HandlerExecutor {

	// Each waits for as long as an answer may take, at most.
	private static final int MOST_WAITING = 10_000;

	private static final long IDLE_SECONDS = 60;

	private final Semaphore places;

	// Of reactive methods, for as long as they take to give their publisher.
	private final Semaphore calls;

	private final ThreadPoolExecutor threads;

	HandlerPool(WebhookLimits limits, WebhookTimer timer, ThreadFactory factory) {
		super(limits, timer);
		int most = limits.maximumConcurrentHandlers();
		this.places = new Semaphore(most);
		this.calls = new Semaphore(most);
		this.threads = new ThreadPoolExecutor(most, most, IDLE_SECONDS, TimeUnit.SECONDS,
				new LinkedBlockingQueue<>(MOST_WAITING), factory);
		this.threads.allowCoreThreadTimeOut(true);
	}

	@Override
	void execute(HandlerCall call) {
		this.threads.execute(new Task(call));
	}

	@Override
	Mono<Long> patience(Duration limit) {
		return timer().delay(limit);
	}

	/**
	 * Runs a call on this thread if there's a place for it.
	 * @param call the call
	 * @param executor knows its limit
	 * @return {@code false} where as many methods run as may
	 */
	boolean tryRun(HandlerCall call, HandlerExecutor executor) {
		if (!this.places.tryAcquire()) {
			return false;
		}
		try {
			call.run(executor);
		}
		finally {
			this.places.release();
		}
		return true;
	}

	/**
	 * Calls a reactive method on this thread of the container's, unless too many of them
	 * block instead of giving their publisher.
	 * @param method what is called
	 * @return what it gave
	 * @throws Exception what it threw
	 */
	@Nullable Publisher<Object> tryCall(Callable<@Nullable Publisher<Object>> method) throws Exception {
		if (!this.calls.tryAcquire()) {
			throw HandlerFailedException.busy();
		}
		try {
			return method.call();
		}
		finally {
			this.calls.release();
		}
	}

	/**
	 * Takes no more calls, and gives those that run the time that an answer may take.
	 * Those that wait are rejected.
	 */
	void close() {
		this.threads.shutdown();
		try {
			if (!this.threads.awaitTermination(limits().answerTimeout().toMillis(), TimeUnit.MILLISECONDS)) {
				this.threads.shutdownNow().forEach((task) -> ((Task) task).call.reject());
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * A call in the queue.
	 */
	private final class Task implements Runnable {

		private final HandlerCall call;

		Task(HandlerCall call) {
			this.call = call;
		}

		@Override
		public void run() {
			try {
				// The container's threads may have all places.
				boolean place = HandlerPool.this.places.tryAcquire(this.call.waiting().toMillis(),
						TimeUnit.MILLISECONDS);
				if (!place) {
					this.call.reject();
					return;
				}
			}
			catch (InterruptedException ex) {
				this.call.reject();
				return;
			}
			try {
				this.call.run(HandlerPool.this);
			}
			finally {
				HandlerPool.this.places.release();
			}
		}

	}

}
