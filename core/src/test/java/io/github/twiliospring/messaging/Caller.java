package io.github.twiliospring.messaging;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;

/**
 * A thread that makes a blocking call, and may be interrupted.
 */
final class Caller<T> {

	private final CompletableFuture<T> outcome = new CompletableFuture<>();

	private final Thread thread;

	private volatile boolean interruptedAfterwards;

	Caller(Callable<T> call) {
		this.thread = new Thread(() -> {
			try {
				T result = call.call();
				this.interruptedAfterwards = Thread.currentThread().isInterrupted();
				this.outcome.complete(result);
			}
			catch (Throwable ex) {
				this.interruptedAfterwards = Thread.currentThread().isInterrupted();
				this.outcome.completeExceptionally(ex);
			}
		}, "caller");
		this.thread.setDaemon(true);
		this.thread.start();
	}

	void interrupt() {
		this.thread.interrupt();
	}

	/**
	 * Waits until the thread waits for something.
	 */
	void awaitWaiting() {
		Awaitility.await().until(() -> this.thread.getState() == Thread.State.WAITING);
	}

	T result() throws Exception {
		return this.outcome.get(30, TimeUnit.SECONDS);
	}

	Throwable failure() throws Exception {
		try {
			throw new AssertionError("It returned " + result());
		}
		catch (ExecutionException ex) {
			return ex.getCause();
		}
	}

	/**
	 * Whether the thread was still interrupted when its call had ended.
	 */
	boolean wasInterruptedAfterwards() {
		return this.interruptedAfterwards;
	}

}
