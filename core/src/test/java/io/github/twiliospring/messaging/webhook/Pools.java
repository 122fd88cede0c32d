package io.github.twiliospring.messaging.webhook;

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
		return new HandlerPool(limits, new WebhookTimer(), (task) -> {
			Thread thread = new Thread(task, "handler");
			thread.setDaemon(true);
			return thread;
		});
	}

}
