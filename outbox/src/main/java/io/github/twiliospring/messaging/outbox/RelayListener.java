package io.github.twiliospring.messaging.outbox;

import com.github.kagkarlsson.scheduler.event.AbstractSchedulerListener;
import com.github.kagkarlsson.scheduler.task.ExecutionComplete;

/**
 * Hears db-scheduler at work.
 */
final class RelayListener extends AbstractSchedulerListener {

	private final OutboxMonitor monitor;

	private final OutboxWaiters waiters;

	/**
	 * Makes a listener.
	 * @param monitor is told of each poll that the database has answered
	 * @param waiters are told of each step of an entry
	 */
	RelayListener(OutboxMonitor monitor, OutboxWaiters waiters) {
		this.monitor = monitor;
		this.waiters = waiters;
	}

	@Override
	public void onSchedulerEvent(SchedulerEventType type) {
		if (type == SchedulerEventType.RAN_EXECUTE_DUE) {
			polled();
		}
	}

	/**
	 * The database has answered.
	 */
	void polled() {
		this.monitor.polled();
	}

	@Override
	public void onExecutionComplete(ExecutionComplete complete) {
		this.waiters.changed();
	}

}
