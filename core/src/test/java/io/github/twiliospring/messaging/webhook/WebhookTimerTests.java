package io.github.twiliospring.messaging.webhook;

import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Subscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;

class WebhookTimerTests {

	@Test
	void passesOnWhatComesInTime() {
		Mono<Long> end = Mono.never();
		Mono<String> late = Mono.just("late");
		StepVerifier.create(WebhookTimer.limit(Mono.just("value"), end, late)).expectNext("value").verifyComplete();
		StepVerifier.create(WebhookTimer.limit(Mono.<String>empty(), end, late)).verifyComplete();
		StepVerifier.create(WebhookTimer.limit(Mono.<String>error(new IllegalStateException("own")), end, late))
			.verifyErrorMessage("own");
	}

	// Two limits of the same length end at the same moment.
	@ParameterizedTest
	@ValueSource(strings = { "failure", "value" })
	void whatComesAsTheSourceIsGivenUpIsNobodys(String signal) {
		AtomicReference<Subscriber<? super String>> source = new AtomicReference<>();
		Sinks.One<Long> end = Sinks.one();
		StepVerifier.create(WebhookTimer.limit(Mono.fromDirect((subscriber) -> {
			source.set(subscriber);
			subscriber.onSubscribe(Operators.emptySubscription());
		}), end.asMono(), Mono.just("late"))).then(() -> end.tryEmitValue(0L)).then(() -> {
			if (signal.equals("failure")) {
				source.get().onError(new IllegalStateException("given up"));
			}
			else {
				source.get().onNext(signal);
			}
		}).expectNext("late").expectComplete().verifyThenAssertThat().hasNotDroppedErrors();
	}

}
