package io.github.twiliospring.messaging.webhook;

import reactor.core.scheduler.Schedulers;

/**
 * Threads for methods that block.
 */
final class Pools {

	private Pools() {
	}

	static HandlerPool pool() {
		return pool(WebhookLimits.defaults());
	}

	static HandlerPool pool(WebhookLimits limits) {
		return new HandlerPool(limits, Schedulers.parallel(), (task) -> {
			Thread thread = new Thread(task, "handler");
			thread.setDaemon(true);
			return thread;
		});
	}

}
