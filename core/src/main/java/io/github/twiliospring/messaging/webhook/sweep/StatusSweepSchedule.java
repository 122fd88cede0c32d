package io.github.twiliospring.messaging.webhook.sweep;

import java.time.Clock;
import java.time.Duration;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

import org.springframework.context.SmartLifecycle;

/**
 * Sweeps once the application has started, and again at an interval after each sweep has
 * ended. Sweeps never overlap; one that fails is logged and doesn't end the schedule.
 */
final class StatusSweepSchedule implements SmartLifecycle {

	private static final Log logger = LogFactory.getLog(StatusSweepSchedule.class);

	private final StatusSweep sweep;

	private final Duration interval;

	private final Duration window;

	private final Clock clock;

	private @Nullable Disposable running;

	StatusSweepSchedule(StatusSweep sweep, Duration interval, Duration window, Clock clock) {
		this.sweep = sweep;
		this.interval = interval;
		this.window = window;
		this.clock = clock;
	}

	@Override
	public synchronized void start() {
		if (this.running == null) {
			this.running = Mono.defer(() -> this.sweep.since(this.clock.instant().minus(this.window)))
				.onErrorResume((failure) -> {
					logger.warn("The messages couldn't be swept; the next attempt is in " + this.interval, failure);
					return Mono.empty();
				})
				.repeatWhen((ends) -> ends.delayElements(this.interval))
				.subscribe();
		}
	}

	@Override
	public synchronized void stop() {
		if (this.running != null) {
			this.running.dispose();
			this.running = null;
		}
	}

	@Override
	public synchronized boolean isRunning() {
		return this.running != null;
	}

}
