package io.github.twiliospring.messaging.benchmarks.send;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongConsumer;

/**
 * Sends on as many threads as there are messages in flight. The threads stay, so that
 * what they allocated can be read after a run.
 */
final class BlockingSender implements Sender {

	private final LongConsumer call;

	private ExecutorService threads = Executors.newFixedThreadPool(1);

	private int size = 1;

	/**
	 * Makes a sender.
	 * @param call sends the message of that number
	 */
	BlockingSender(LongConsumer call) {
		this.call = call;
	}

	@Override
	public long send(int inFlight, Duration time) {
		if (this.size != inFlight) {
			this.threads.shutdown();
			this.threads = Executors.newFixedThreadPool(inFlight);
			this.size = inFlight;
		}
		long end = System.nanoTime() + time.toNanos();
		List<Future<Long>> lanes = new ArrayList<>();
		for (int i = 0; i < inFlight; i++) {
			lanes.add(this.threads.submit(() -> lane(end)));
		}
		try {
			long sent = 0;
			for (Future<Long> lane : lanes) {
				sent += lane.get();
			}
			return sent;
		}
		catch (InterruptedException | ExecutionException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private long lane(long end) {
		long sent = 0;
		while (System.nanoTime() - end < 0) {
			this.call.accept(sent++);
		}
		return sent;
	}

}
