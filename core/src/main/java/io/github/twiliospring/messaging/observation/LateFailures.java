package io.github.twiliospring.messaging.observation;

import java.util.function.Consumer;

import reactor.util.context.Context;

/**
 * What fails once nobody waits for it any more, since it was given up. Reactor logs such
 * a failure as an error with its whole stack, in an outage for each call. The library's
 * own packages use it; an application has no need of it. Safe on any thread.
 */
public final class LateFailures {

	// Where reactor.core.publisher.Operators.onErrorDropped looks for a local consumer.
	private static final String KEY = "reactor.onErrorDropped.local";

	private LateFailures() {
	}

	/**
	 * Tells somebody of them in place of the log.
	 * @param context the Reactor context of what may be given up
	 * @param consumer hears of each failure; called on the thread that failed, and must
	 * not block
	 * @return the context that holds the consumer
	 */
	public static Context to(Context context, Consumer<Throwable> consumer) {
		return context.put(KEY, consumer);
	}

}
