package io.github.twiliospring.messaging.benchmarks.send;

import java.time.Duration;

import io.github.twiliospring.messaging.benchmarks.Child;
import io.github.twiliospring.messaging.benchmarks.Usage;

/**
 * The process of one variant.
 */
public final class SendProcess {

	// Opens the connections again that an idle time has closed.
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
			int inFlight = Integer.parseInt(question[0]);
			sender.send(inFlight, PRIMING);
			Usage.Measurement measurement = Usage.start();
			long start = System.nanoTime();
			long sent = sender.send(inFlight, Duration.ofMillis(Long.parseLong(question[1])));
			long taken = System.nanoTime() - start;
			return sent + " " + taken + " " + measurement.stop();
		});
	}

}
