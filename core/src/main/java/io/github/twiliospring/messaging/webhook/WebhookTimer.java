package io.github.twiliospring.messaging.webhook;

import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

/**
 * The clock that ends what takes too long. Its one thread only signals: what follows from
 * an end, which may be the application's code, goes on elsewhere, so that nothing can
 * stop the clock.
 */
final class WebhookTimer {

	private static final int CONTINUATIONS = 8;

	private static final long IDLE_SECONDS = 60;

	private final Scheduler clock = Schedulers.newSingle("twilio-webhook-timer", true);

	private final Scheduler continuations;

	WebhookTimer() {
		CustomizableThreadFactory factory = new CustomizableThreadFactory("twilio-webhook-late-");
		factory.setDaemon(true);
		ThreadPoolExecutor threads = new ThreadPoolExecutor(CONTINUATIONS, CONTINUATIONS, IDLE_SECONDS,
				TimeUnit.SECONDS, new LinkedBlockingQueue<>(), factory);
		threads.allowCoreThreadTimeOut(true);
		this.continuations = Schedulers.fromExecutorService(threads);
	}

	/**
	 * Does something later, off the clock's thread.
	 * @param delay how much later
	 * @param task what is done
	 * @return keeps it from being done; disposed of where the clock has been stopped
	 */
	Disposable schedule(Duration delay, Runnable task) {
		try {
			return this.clock.schedule(() -> continueWith(task), TimeUnit.NANOSECONDS.convert(delay),
					TimeUnit.NANOSECONDS);
		}
		catch (RejectedExecutionException ex) {
			return Disposables.disposed();
		}
	}

	/**
	 * Signals later, off the clock's thread.
	 * @param delay how much later
	 * @return a value at that time
	 */
	Mono<Long> delay(Duration delay) {
		return Mono.create((sink) -> sink.onDispose(schedule(delay, () -> sink.success(0L))));
	}

	private void continueWith(Runnable task) {
		this.continuations.schedule(task);
	}

	/**
	 * Stops the clock.
	 */
	void close() {
		this.clock.dispose();
		this.continuations.dispose();
	}

}
