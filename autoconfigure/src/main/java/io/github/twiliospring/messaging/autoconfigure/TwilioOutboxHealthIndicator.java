package io.github.twiliospring.messaging.autoconfigure;

import java.time.Duration;

import io.github.twiliospring.messaging.outbox.OutboxMonitor;
import io.github.twiliospring.messaging.outbox.OutboxStatus;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

/**
 * Says what the outbox's {@link OutboxMonitor} knows.
 */
final class TwilioOutboxHealthIndicator extends AbstractHealthIndicator {

	private final @Nullable OutboxMonitor monitor;

	private final Duration maxLag;

	/**
	 * Makes an indicator.
	 * @param monitor the outbox's, or {@code null} where nothing is known of it
	 * @param maxLag how late an entry may be
	 */
	TwilioOutboxHealthIndicator(@Nullable OutboxMonitor monitor, Duration maxLag) {
		super("The state of the outbox can't be told");
		this.monitor = monitor;
		this.maxLag = maxLag;
	}

	@Override
	protected void doHealthCheck(Health.Builder builder) {
		OutboxMonitor monitor = this.monitor;
		if (monitor == null) {
			builder.unknown();
			return;
		}
		if (!monitor.isStarted()) {
			builder.outOfService().withDetail("relay", "stopped");
			return;
		}
		OutboxStatus status = monitor.status();
		boolean relaying = monitor.isRelaying();
		builder.withDetail("relay", relaying ? "running" : "dead");
		if (status != null) {
			builder.withDetail("lagSeconds", status.lag().toSeconds());
		}
		builder
			.status((relaying && status != null && status.lag().compareTo(this.maxLag) <= 0) ? Status.UP : Status.DOWN);
	}

}
