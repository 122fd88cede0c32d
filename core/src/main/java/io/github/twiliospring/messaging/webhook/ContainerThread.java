package io.github.twiliospring.messaging.webhook;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Serves one request on the container's own threads: calls its methods that block, as a
 * controller would be called, and waits a moment for the rest. What takes longer, a
 * reactive method for example, goes on without a thread, until a call or the answer asks
 * the container for another one by a dispatch. A bulkhead leaves most of the container's
 * threads to the application. Once the request is answered, the pool takes the calls.
 */
final class ContainerThread extends HandlerExecutor {

	private static final Log logger = LogFactory.getLog(ContainerThread.class);

	private static final int SERVICE_UNAVAILABLE = 503;

	// A ledger in Redis answers within it; a dispatch costs less.
	private static final long MOMENT_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

	// A time that can be added to another.
	private static final long LONGEST_NANOS = Long.MAX_VALUE / 4;

	private final HandlerPool pool;

	private final Sinks.Empty<Void> left = Sinks.empty();

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition changed = this.lock.newCondition();

	// Written by the thread that works.

	private volatile Sinks.@Nullable Empty<Void> running;

	private volatile long runningSince;

	private volatile long methodNanos;

	// The fields below are guarded by the lock.

	private final Deque<HandlerCall> calls = new ArrayDeque<>();

	private Place place = Place.ON_THREAD;

	private @Nullable Runnable dispatch;

	private volatile @Nullable WebhookResponse answer;

	ContainerThread(HandlerPool pool) {
		super(pool.limits(), pool.timer());
		this.pool = pool;
	}

	@Override
	void execute(HandlerCall call) {
		this.lock.lock();
		try {
			if (this.place != Place.ANSWERED) {
				this.calls.add(call);
				wake();
				return;
			}
		}
		finally {
			this.lock.unlock();
		}
		this.pool.execute(call);
	}

	@Override
	@Nullable Publisher<Object> bounded(Callable<@Nullable Publisher<Object>> method) throws Exception {
		return this.pool.tryCall(method);
	}

	// The clock stands while a method runs on the thread that will answer, and begins
	// only once that thread is left.
	@Override
	Mono<Long> patience(Duration limit) {
		long end = System.nanoTime() - methodNanos() + Math.min(TimeUnit.NANOSECONDS.convert(limit), LONGEST_NANOS);
		return this.left.asMono().then(Mono.defer(() -> until(end)));
	}

	private Mono<Long> until(long end) {
		Sinks.Empty<Void> method = this.running;
		if (method != null) {
			return method.asMono().then(Mono.defer(() -> until(end)));
		}
		long rest = end - (System.nanoTime() - methodNanos());
		return (rest <= 0) ? Mono.just(0L) : timer().delay(Duration.ofNanos(rest)).then(Mono.defer(() -> until(end)));
	}

	// For how long methods have run.
	private long methodNanos() {
		long since = this.runningSince;
		return this.methodNanos + ((since != 0) ? System.nanoTime() - since : 0);
	}

	/**
	 * Takes the answer, from whatever thread.
	 * @param given the answer
	 */
	void answer(WebhookResponse given) {
		this.lock.lock();
		try {
			this.answer = given;
			wake();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Works for the request on this thread of the container.
	 * @param stay whether to wait until it's answered
	 * @return the answer, or {@code null} where the rest takes longer than a moment
	 */
	@Nullable WebhookResponse work(boolean stay) {
		if (stay) {
			this.left.tryEmitEmpty();
		}
		while (true) {
			HandlerCall call;
			this.lock.lock();
			try {
				this.place = Place.ON_THREAD;
				boolean changed = awaitChange(stay ? limits().answerTimeout().toNanos() : MOMENT_NANOS);
				if (this.answer != null) {
					break;
				}
				call = this.calls.poll();
				if (!changed && !stay) {
					this.place = Place.LEAVING;
					return null;
				}
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
				this.answer = WebhookResponse.problem(SERVICE_UNAVAILABLE, "The server stops");
				break;
			}
			finally {
				this.lock.unlock();
			}
			if (call != null) {
				run(call);
			}
		}
		abandon();
		return this.answer;
	}

	/**
	 * Leaves the thread: from now on, a call or the answer asks for another one.
	 * @param next asks the container for a thread; may fail where the connection is gone
	 */
	void leave(Runnable next) {
		this.left.tryEmitEmpty();
		this.lock.lock();
		try {
			this.dispatch = next;
			this.place = Place.AWAY;
			if (!this.calls.isEmpty() || this.answer != null) {
				wake();
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Ends the work for a request that is answered, or whose connection is gone: the pool
	 * takes what is left.
	 */
	void abandon() {
		Deque<HandlerCall> rest;
		this.lock.lock();
		try {
			this.place = Place.ANSWERED;
			rest = new ArrayDeque<>(this.calls);
			this.calls.clear();
		}
		finally {
			this.lock.unlock();
		}
		rest.forEach((call) -> call.start(this.pool));
	}

	private void run(HandlerCall call) {
		Sinks.Empty<Void> end = Sinks.empty();
		this.runningSince = System.nanoTime();
		this.running = end;
		boolean run = false;
		try {
			run = this.pool.tryRun(call, this);
		}
		finally {
			this.methodNanos += System.nanoTime() - this.runningSince;
			this.runningSince = 0;
			this.running = null;
			end.tryEmitEmpty();
		}
		if (!run) {
			// As many methods run as may: it waits without a thread of the container.
			call.start(this.pool);
		}
	}

	private boolean awaitChange(long nanos) throws InterruptedException {
		long rest = nanos;
		while (this.calls.isEmpty() && this.answer == null) {
			if (rest <= 0) {
				return false;
			}
			rest = this.changed.awaitNanos(rest);
		}
		return true;
	}

	private void wake() {
		Runnable next = this.dispatch;
		if (this.place == Place.AWAY && next != null) {
			this.place = Place.CALLED;
			try {
				next.run();
			}
			catch (RuntimeException ex) {
				logger.debug("The connection of a webhook is gone", ex);
				timer().schedule(Duration.ZERO, this::abandon);
			}
		}
		else {
			this.changed.signalAll();
		}
	}

	private enum Place {

		/** A thread works. */
		ON_THREAD,

		/** A thread is about to leave. */
		LEAVING,

		/** No thread works. */
		AWAY,

		/** A thread is on its way. */
		CALLED,

		/** There's no more to do. */
		ANSWERED

	}

}
