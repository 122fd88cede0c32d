package io.github.twiliospring.messaging.autoconfigure;

import java.time.Duration;

import io.github.twiliospring.messaging.outbox.JdbcMessagingOutbox;
import io.github.twiliospring.messaging.outbox.OutboxMonitor;
import io.github.twiliospring.messaging.outbox.OutboxStatus;

import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

/**
 * Says what the outbox's {@link OutboxMonitor} knows.
 */
final class TwilioOutboxHealthIndicator extends AbstractHealthIndicator {

	private final JdbcMessagingOutbox outbox;

	private final Duration maxLag;

	/**
	 * Makes an indicator.
	 * @param outbox the outbox
	 * @param maxLag how late an entry may be
	 */
	TwilioOutboxHealthIndicator(JdbcMessagingOutbox outbox, Duration maxLag) {
		super("The state of the outbox can't be told");
		this.outbox = outbox;
		this.maxLag = maxLag;
	}

	@Override
	protected void doHealthCheck(Health.Builder builder) {
		if (!this.outbox.isRunning()) {
			builder.outOfService().withDetail("relay", "stopped");
			return;
		}
		OutboxMonitor monitor = this.outbox.monitor();
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
