package io.github.twiliospring.messaging.outbox;

import java.util.concurrent.TimeUnit;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.MeterBinder;

/**
 * The meters of an outbox. The gauges are of the whole database, so that each instance
 * says the same; they're {@code NaN} where the database doesn't answer. The counter is of
 * the instance. None has a key, a number or a text.
 */
public final class OutboxMetrics implements MeterBinder {

	/** The gauge of entries by {@value #STATE}. */
	public static final String ENTRIES = "twilio.messaging.outbox.entries";

	/** The gauge of the lag. */
	public static final String LAG = "twilio.messaging.outbox.lag";

	/** The counter of attempts by {@value #OUTCOME}. */
	public static final String SENDS = "twilio.messaging.outbox.sends";

	/** The key of an entry's state, in lower case. */
	public static final String STATE = "twilio.messaging.outbox.state";

	/** The key of an outcome: accepted, rejected, not_sent, unknown. */
	public static final String OUTCOME = "twilio.messaging.outcome";

	private final OutboxMonitor monitor;

	/**
	 * Makes the meters.
	 * @param monitor the outbox's
	 */
	public OutboxMetrics(OutboxMonitor monitor) {
		this.monitor = monitor;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		for (OutboxState state : OutboxState.values()) {
			Gauge.builder(ENTRIES, this.monitor, (monitor) -> entries(monitor, state))
				.description("Entries of the outbox; " + OutboxStatus.MOST_COUNTED + " stands for as many or more")
				.tag(STATE, state.value())
				.register(registry);
		}
		TimeGauge.builder(LAG, this.monitor, TimeUnit.SECONDS, OutboxMetrics::lag)
			.description("How long ago the entry that waits for longest should have been looked at")
			.register(registry);
		for (String outcome : OutboxMonitor.outcomes()) {
			FunctionCounter.builder(SENDS, this.monitor, (monitor) -> monitor.sends(outcome).doubleValue())
				.description("Attempts to send an entry of the outbox")
				.tag(OUTCOME, outcome)
				.register(registry);
		}
	}

	private static double entries(OutboxMonitor monitor, OutboxState state) {
		OutboxStatus status = monitor.status();
		return (status != null) ? status.entries().getOrDefault(state, 0L) : Double.NaN;
	}

	private static double lag(OutboxMonitor monitor) {
		OutboxStatus status = monitor.status();
		return (status != null) ? status.lag().toMillis() / 1000.0 : Double.NaN;
	}

}
