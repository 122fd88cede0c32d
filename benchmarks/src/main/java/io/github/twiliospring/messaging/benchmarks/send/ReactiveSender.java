package io.github.twiliospring.messaging.benchmarks.send;

import java.time.Duration;
import java.util.Objects;
import java.util.function.LongFunction;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Sends without blocking.
 *
 * @param call sends the message of that number
 */
record ReactiveSender(LongFunction<Mono<?>> call) implements Sender {

	@Override
	public long send(int inFlight, Duration time) {
		long end = System.nanoTime() + time.toNanos();
		Flux<Long> numbers = Flux.generate(() -> 0L, (number, sink) -> {
			if (System.nanoTime() - end < 0) {
				sink.next(number);
			}
			else {
				sink.complete();
			}
			return number + 1;
		});
		Long sent = numbers.flatMap((number) -> this.call.apply(number).hasElement(), inFlight, 1).count().block();
		return Objects.requireNonNull(sent);
	}

}
