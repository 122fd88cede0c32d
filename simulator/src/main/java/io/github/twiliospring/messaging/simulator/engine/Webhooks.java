package io.github.twiliospring.messaging.simulator.engine;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * What calls the application.
 */
@FunctionalInterface
public interface Webhooks {

	/**
	 * Makes one attempt, without blocking.
	 * @param request what to send
	 * @param readTimeout for the answer
	 * @param givenUp completes when nobody wants the answer any more; an attempt that
	 * hasn't begun by then never does
	 * @param whenDone told of the answer, or why there's none, on any thread
	 */
	void call(WebhookRequest request, Duration readTimeout, CompletableFuture<Void> givenUp,
			Consumer<WebhookAnswer> whenDone);

}
