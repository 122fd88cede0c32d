package io.github.twiliospring.messaging.webhook;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.RejectedExecutionException;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.MonoSink;

/**
 * One call of a method that blocks. It ends once: by itself, by the limit, or because no
 * thread had time for it; what the method brings later is dropped. While it waits for a
 * thread it holds the message's claim, so that it waits no longer than an answer may
 * take.
 */
final class HandlerCall {

	private static final Log logger = LogFactory.getLog(HandlerCall.class);

	private final String handler;

	private final Duration waiting;

	private final Callable<@Nullable Object> method;

	private final MonoSink<Object> sink;

	// The fields below are guarded by this.

	private State state = State.WAITING;

	private @Nullable Thread thread;

	private Disposable timeout = Disposables.disposed();

	HandlerCall(String handler, Duration waiting, Callable<@Nullable Object> method, MonoSink<Object> sink) {
		this.handler = handler;
		this.waiting = waiting;
		this.method = method;
		this.sink = sink;
	}

	/**
	 * Finds a thread.
	 * @param executor knows one
	 */
	void start(HandlerExecutor executor) {
		try {
			executor.execute(this);
		}
		catch (RejectedExecutionException ex) {
			reject();
			return;
		}
		synchronized (this) {
			if (this.state == State.WAITING) {
				this.timeout = executor.timer().schedule(this.waiting, this::reject);
			}
		}
	}

	/**
	 * Ends the call if it waits for a thread still.
	 */
	void reject() {
		synchronized (this) {
			if (this.state != State.WAITING) {
				return;
			}
			this.state = State.ENDED;
		}
		this.sink.error(HandlerFailedException.busy());
	}

	/**
	 * How long it may wait for a thread.
	 * @return the time from its start
	 */
	Duration waiting() {
		return this.waiting;
	}

	/**
	 * Runs the method on this thread, unless the call has ended.
	 * @param executor knows the limit
	 */
	void run(HandlerExecutor executor) {
		synchronized (this) {
			if (this.state != State.WAITING) {
				return;
			}
			this.state = State.RUNNING;
			this.thread = Thread.currentThread();
			this.timeout.dispose();
			this.timeout = executor.timer().schedule(executor.limits().handlerLimit(), () -> interrupt(executor));
		}
		Object result = null;
		Throwable failure = null;
		try {
			result = this.method.call();
		}
		catch (Throwable ex) {
			failure = HandlerFailedException.of(ex);
		}
		if (end()) {
			if (failure != null) {
				this.sink.error(failure);
			}
			else {
				this.sink.success(result);
			}
		}
		else {
			logger.warn("The handler %s has ended after its limit; what it did is not counted as handled"
				.formatted(this.handler));
		}
	}

	private synchronized boolean end() {
		this.timeout.dispose();
		this.thread = null;
		boolean first = this.state == State.RUNNING;
		this.state = State.ENDED;
		if (!first) {
			// Meant for the method, not for what this thread does next.
			Thread.interrupted();
		}
		return first;
	}

	private void interrupt(HandlerExecutor executor) {
		synchronized (this) {
			Thread running = this.thread;
			if (this.state != State.RUNNING || running == null) {
				return;
			}
			this.state = State.ENDED;
			running.interrupt();
		}
		// First: who reads the line may count on it.
		this.sink.error(HandlerFailedException.limit(executor.limits().handlerLimit()));
		logger.warn("The handler %s took longer than %s; it's interrupted, and its message is free for the next request"
			.formatted(this.handler, executor.limits().handlerLimit()));
	}

	private enum State {

		WAITING, RUNNING, ENDED

	}

}
