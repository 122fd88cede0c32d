package io.github.twiliospring.messaging.webhook;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.twiliospring.messaging.observation.GuardedObservation;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.contextpropagation.ObservationThreadLocalAccessor;
import org.junit.jupiter.api.Test;
import reactor.util.context.Context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Calls of methods that block: each ends once.
 */
class HandlerCallTests {

	private static final Duration TIMEOUT = Duration.ofSeconds(20);

	private static final Duration WAITING = Duration.ofSeconds(4);

	@Test
	void aLimitBeyondWhatAClockCountsIsNoLimit() {
		HandlerPool pool = Pools.pool(limits(Duration.ofDays(200_000)));
		assertThat(pool.call("handler", WAITING, () -> "done").block(TIMEOUT)).isEqualTo("done");
		pool.close();
	}

	@Test
	void callsThatWaitWhenThePoolClosesAreRejected() throws Exception {
		HandlerPool pool = Pools.pool(new WebhookLimits(1000, 20, Duration.ofSeconds(1), Duration.ofMillis(200),
				Duration.ofSeconds(1), 1, Duration.ofMinutes(1)));
		AtomicInteger interrupted = new AtomicInteger();
		Object never = new Object();
		pool.call("hangs", WAITING, () -> {
			synchronized (never) {
				try {
					never.wait();
				}
				catch (InterruptedException ex) {
					interrupted.incrementAndGet();
				}
			}
			return null;
		}).subscribe();
		assertThatThrownBy(() -> pool.call("waits", WAITING, () -> "never").doOnSubscribe((s) -> {
			Thread closing = new Thread(pool::close);
			closing.setDaemon(true);
			closing.start();
		}).block(TIMEOUT)).isInstanceOf(HandlerFailedException.class);
	}

	@Test
	void aCallAfterTheEndOfThePoolIsRejected() {
		HandlerPool pool = Pools.pool();
		pool.close();
		assertThatThrownBy(() -> pool.call("handler", WAITING, () -> "never").block(TIMEOUT))
			.isInstanceOfSatisfying(HandlerFailedException.class, (failure) -> assertThat(failure.isBusy()).isTrue());
	}

	@Test
	void anInterruptThatComesTooLateDoesNotReachTheNextCall() {
		HandlerPool pool = Pools.pool(limits(Duration.ofMillis(100)));
		for (int i = 0; i < 30; i++) {
			// Around the limit, on either side of it.
			long millis = 95 + i % 10;
			pool.call("handler", WAITING, () -> {
				Thread.sleep(millis);
				return "done";
			}).onErrorComplete().block(TIMEOUT);
			assertThat(pool.call("next", WAITING, () -> Thread.currentThread().isInterrupted()).block(TIMEOUT))
				.isEqualTo(false);
		}
		pool.close();
	}

	@Test
	void aScopeThatFailsToOpenOrToCloseIsNotLeftOnTheThread() throws Exception {
		ObservationRegistry registry = ObservationRegistry.create();
		registry.observationConfig().observationHandler(new ObservationHandler<>() {

			@Override
			public void onScopeOpened(Observation.Context context) {
				throw new IllegalStateException("no scope");
			}

			@Override
			public void onScopeClosed(Observation.Context context) {
				throw new IllegalStateException("no end");
			}

			@Override
			public boolean supportsContext(Observation.Context context) {
				return true;
			}

		});
		Observation observation = Observation.start("webhook", registry);
		String result = GuardedObservation.inScope(Context.of(ObservationThreadLocalAccessor.KEY, observation),
				() -> "done");
		assertThat(result).isEqualTo("done");
		assertThat(registry.getCurrentObservation()).isNull();
	}

	private static WebhookLimits limits(Duration handlerLimit) {
		return new WebhookLimits(1000, 20, Duration.ofSeconds(1), Duration.ofSeconds(4), Duration.ofSeconds(14), 1,
				handlerLimit);
	}

}
