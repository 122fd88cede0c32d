package io.github.twiliospring.messaging;

import io.netty.channel.EventLoop;
import io.netty.util.internal.ThreadExecutorMap;
import reactor.core.scheduler.Schedulers;

/**
 * Keeps those who wait off threads that others wait for: an event loop that waits for an
 * answer which it would have to read itself waits for ever.
 */
final class EventLoops {

	private EventLoops() {
	}

	/**
	 * Refuses to wait on an event loop.
	 * @param method the method that would wait, of both interfaces
	 * @throws IllegalStateException on a thread that mustn't wait
	 */
	static void refuse(String method) {
		if (Schedulers.isInNonBlockingThread() || isNettys()) {
			throw new IllegalStateException("BlockingMessagingOperations." + method
					+ " waits, and this thread is an event loop's or another that must not: use MessagingOperations."
					+ method + " and return what it returns, or call it on Schedulers.boundedElastic()");
		}
	}

	// Reactor knows its own alone, and not a Redis client's, for example.
	private static boolean isNettys() {
		try {
			return Netty.isEventLoop();
		}
		catch (LinkageError ex) {
			return false;
		}
	}

	/**
	 * Loaded only where Netty is there.
	 */
	private static final class Netty {

		static boolean isEventLoop() {
			return ThreadExecutorMap.currentExecutor() instanceof EventLoop;
		}

	}

}
