package io.github.twiliospring.messaging.benchmarks.send;

import java.util.function.BooleanSupplier;
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
	public void send(int inFlight, BooleanSupplier more, Runnable sent) {
		Flux<Long> numbers = Flux.generate(() -> 0L, (number, sink) -> {
			if (more.getAsBoolean()) {
				sink.next(number);
			}
			else {
				sink.complete();
			}
			return number + 1;
		});
		numbers.flatMap((number) -> this.call.apply(number).hasElement(), inFlight, 1)
			.doOnNext((done) -> sent.run())
			.then()
			.block();
	}

}
