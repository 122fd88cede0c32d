package io.github.twiliospring.messaging.benchmarks.send;

import java.util.function.BooleanSupplier;

/**
 * One way to send messages. Each runs in a process of its own.
 */
interface Sender {

	/**
	 * Sends until it's told to end, and waits for what is on its way then.
	 * @param inFlight how many messages are on their way at once
	 * @param more whether new ones are begun
	 * @param sent is told of each that was sent; any error ends the run
	 */
	void send(int inFlight, BooleanSupplier more, Runnable sent);

}
