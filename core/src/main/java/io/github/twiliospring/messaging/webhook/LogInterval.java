package io.github.twiliospring.messaging.webhook;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Lets one line a second into the log, of what comes with every request: neither who
 * forges requests nor an outage may fill the disk. Thread-safe.
 */
final class LogInterval {

	private static final long INTERVAL = Duration.ofSeconds(1).toNanos();

	private final AtomicLong last = new AtomicLong(System.nanoTime() - INTERVAL);

	/**
	 * Whether it's time for a line.
	 */
	boolean tryPass() {
		long now = System.nanoTime();
		long before = this.last.get();
		return now - before >= INTERVAL && this.last.compareAndSet(before, now);
	}

}
