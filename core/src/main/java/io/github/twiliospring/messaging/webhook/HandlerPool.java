package io.github.twiliospring.messaging.webhook;

import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Threads for methods that block, where the request's own thread mustn't. They share one
 * queue, so that none waits behind a method that hangs while another thread is idle.
 */
final class HandlerPool extends HandlerExecutor {

	// Each waits for as long as an answer may take, at most.
	private static final int MOST_WAITING = 10_000;

	private static final long IDLE_SECONDS = 60;

	private final ThreadPoolExecutor threads;

	HandlerPool(WebhookLimits limits, Scheduler timer, ThreadFactory factory) {
		super(limits, timer);
		this.threads = new ThreadPoolExecutor(limits.maximumConcurrentHandlers(), limits.maximumConcurrentHandlers(),
				IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(MOST_WAITING), factory);
		this.threads.allowCoreThreadTimeOut(true);
	}

	@Override
	void execute(HandlerCall call) {
		this.threads.execute(() -> call.run(this));
	}

	@Override
	Mono<Long> patience(Duration limit) {
		return Mono.delay(limit, timer());
	}

	/**
	 * Takes no more calls, and gives those that run the time that an answer may take.
	 */
	void close() {
		this.threads.shutdown();
		try {
			if (!this.threads.awaitTermination(limits().answerTimeout().toMillis(), TimeUnit.MILLISECONDS)) {
				this.threads.shutdownNow();
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
