package io.github.twiliospring.messaging.benchmarks.send;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;

import io.github.twiliospring.messaging.benchmarks.Child;
import io.github.twiliospring.messaging.benchmarks.Usage;

/**
 * The process of one variant.
 */
public final class SendProcess {

	// Until connections that an idle time has closed are open, and all on their way.
	private static final Duration PRIMING = Duration.ofMillis(500);

	private SendProcess() {
	}

	/**
	 * Serves until the standard input ends: {@code inFlight millis} is answered with
	 * messages, nanoseconds and {@link Usage}; {@code heap} with what is in use after a
	 * collection.
	 * @param variant the variant's name
	 * @param baseUrl the stub
	 */
	public static void serve(String variant, String baseUrl) {
		Sender sender = SendVariant.valueOf(variant).create(baseUrl);
		Child.serve((question) -> {
			if (question[0].equals("heap")) {
				return Usage.liveHeapBytes();
			}
			return measured(sender, Integer.parseInt(question[0]), Duration.ofMillis(Long.parseLong(question[1])));
		});
	}

	// While all are on their way: neither as they begin nor as the last of them end.
	private static String measured(Sender sender, int inFlight, Duration time) {
		LongAdder sent = new LongAdder();
		AtomicBoolean more = new AtomicBoolean(true);
		FutureTask<Void> run = new FutureTask<>(() -> sender.send(inFlight, more::get, sent::increment), null);
		new Thread(run).start();
		try {
			await(run, PRIMING);
			Usage.Measurement measurement = Usage.start();
			long before = sent.sum();
			long start = System.nanoTime();
			await(run, time);
			long count = sent.sum() - before;
			long taken = System.nanoTime() - start;
			Usage usage = measurement.stop();
			more.set(false);
			run.get();
			return count + " " + taken + " " + usage;
		}
		catch (InterruptedException | ExecutionException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static void await(Future<Void> run, Duration time) throws InterruptedException, ExecutionException {
		try {
			run.get(time.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (TimeoutException ex) {
			// It goes on.
		}
	}

}
