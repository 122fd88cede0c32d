package io.github.twiliospring.messaging.webhook;

import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.publisher.Signal;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.util.context.Context;

import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

/**
 * The clock that ends what takes too long. Its one thread only signals; what the library
 * does at an end runs on a few threads, and the application's methods never run on those,
 * so that nothing of the application's can stop the clock.
 */
final class WebhookTimer {

	private static final int ENDS = 4;

	private static final int METHODS = 8;

	private static final long IDLE_SECONDS = 60;

	private final Scheduler clock = Schedulers.newSingle("twilio-webhook-timer", true);

	private final Scheduler ends = threads(ENDS, EndThread::new);

	private final Scheduler methods = threads(METHODS, platformThreads());

	private static ThreadFactory platformThreads() {
		CustomizableThreadFactory factory = new CustomizableThreadFactory("twilio-webhook-late-");
		factory.setDaemon(true);
		return factory;
	}

	private static Scheduler threads(int number, ThreadFactory factory) {
		ThreadPoolExecutor threads = new ThreadPoolExecutor(number, number, IDLE_SECONDS, TimeUnit.SECONDS,
				new LinkedBlockingQueue<>(), factory);
		threads.allowCoreThreadTimeOut(true);
		return Schedulers.fromExecutorService(threads);
	}

	/**
	 * Takes a call of the application's off the threads that end things.
	 * @param <T> what it gives
	 * @param call what is called when it's subscribed
	 * @return the call, on another thread if need be
	 */
	<T> Mono<T> elsewhere(Mono<T> call) {
		return Mono.defer(() -> (Thread.currentThread() instanceof EndThread) ? call.subscribeOn(this.methods) : call);
	}

	/**
	 * Takes the end of a call of the application's off the threads that end things, since
	 * it calls what the application does when it's canceled.
	 * @param call the call
	 * @return what cancels it, on another thread if need be
	 */
	Disposable elsewhere(Disposable call) {
		return () -> {
			if (Thread.currentThread() instanceof EndThread) {
				this.methods.schedule(call::dispose);
			}
			else {
				call.dispose();
			}
		};
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

	/**
	 * Gives up a source that takes too long. Unlike Reactor's {@code timeout}, it sets
	 * the clock only for a source that isn't done when it has been subscribed, as most
	 * are: setting it costs more than the rest of the way.
	 * @param <T> what is given
	 * @param source what may take too long; canceled then
	 * @param end when that is
	 * @param late what is given in its place
	 * @return the source's result or the other
	 */
	static <T> Mono<T> limit(Mono<T> source, Mono<Long> end, Mono<T> late) {
		return Mono.create((sink) -> {
			AtomicBoolean done = new AtomicBoolean();
			Disposable.Composite parts = Disposables.composite();
			sink.onDispose(parts);
			Context context = Context.of(sink.contextView());
			// Materialized, since Reactor logs an error that a disposed subscriber gets.
			Disposable subscription = source.materialize().subscribe((signal) -> {
				if (done.compareAndSet(false, true)) {
					signal(sink, signal);
				}
			}, sink::error, () -> {
			}, context);
			parts.add(subscription);
			if (!done.get()) {
				parts.add(end.subscribe((tick) -> {
					if (done.compareAndSet(false, true)) {
						// First, so that nothing comes of it any more while the other is
						// written.
						subscription.dispose();
						late.subscribe(sink::success, sink::error, sink::success, context);
					}
				}, (failure) -> {
				}, () -> {
				}, context));
			}
		});
	}

	private static <T> void signal(MonoSink<T> sink, Signal<T> signal) {
		Throwable failure = signal.getThrowable();
		if (failure != null) {
			sink.error(failure);
		}
		else {
			sink.success(signal.get());
		}
	}

	private void continueWith(Runnable task) {
		this.ends.schedule(task);
	}

	/**
	 * Stops the clock.
	 */
	void close() {
		this.clock.dispose();
		this.ends.dispose();
		this.methods.dispose();
	}

	/**
	 * Runs the library's own code alone.
	 */
	private static final class EndThread extends Thread {

		EndThread(Runnable task) {
			super(task, "twilio-webhook-end");
			setDaemon(true);
		}

	}

}
