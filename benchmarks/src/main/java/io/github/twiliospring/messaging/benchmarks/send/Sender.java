package io.github.twiliospring.messaging.benchmarks.send;

import java.time.Duration;

/**
 * One way to send messages. Each runs in a process of its own.
 */
interface Sender {

	/**
	 * Sends for a while.
	 * @param inFlight how many messages are on their way at once
	 * @param time how long new ones are begun
	 * @return how many were sent; any error ends the run
	 */
	long send(int inFlight, Duration time);

}
