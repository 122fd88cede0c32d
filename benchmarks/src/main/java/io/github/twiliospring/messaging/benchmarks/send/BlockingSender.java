package io.github.twiliospring.messaging.benchmarks.send;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
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
	public void send(int inFlight, BooleanSupplier more, Runnable sent) {
		if (this.size != inFlight) {
			this.threads.shutdown();
			this.threads = Executors.newFixedThreadPool(inFlight);
			this.size = inFlight;
		}
		List<Future<?>> lanes = new ArrayList<>();
		for (int i = 0; i < inFlight; i++) {
			lanes.add(this.threads.submit(() -> lane(more, sent)));
		}
		try {
			for (Future<?> lane : lanes) {
				lane.get();
			}
		}
		catch (InterruptedException | ExecutionException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private void lane(BooleanSupplier more, Runnable sent) {
		for (long number = 0; more.getAsBoolean(); number++) {
			this.call.accept(number);
			sent.run();
		}
	}

}
