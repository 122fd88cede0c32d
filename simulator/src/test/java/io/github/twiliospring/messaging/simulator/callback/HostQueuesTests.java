package io.github.twiliospring.messaging.simulator.callback;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What waits for a host.
 */
class HostQueuesTests {

	private static final int MANY = 20_000;

	private final CompletableFuture<Void> never = new CompletableFuture<>();

	private final Sinks.Empty<Void> hung = Sinks.empty();

	private final AtomicInteger done = new AtomicInteger();

	@Test
	void startsThousandsThatEndAtOnceWithoutEndOfTheStack() {
		ExecutorService thread = Executors.newSingleThreadExecutor();
		try {
			waitBehindAHungOne(new HostQueues(1, thread));
			this.hung.tryEmitEmpty();
			Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> this.done.get() == MANY);
		}
		finally {
			thread.shutdownNow();
		}
	}

	@Test
	void startsNothingOnceItsThreadsHaveEnded() {
		waitBehindAHungOne(new HostQueues(1, (next) -> {
			throw new RejectedExecutionException();
		}));
		this.hung.tryEmitEmpty();
		assertThat(this.done).hasValue(0);
	}

	@Test
	void givesThePlaceOfOneThatIsGivenUpToTheNextOnce() {
		HostQueues queues = new HostQueues(1, Runnable::run);
		CompletableFuture<Void> first = new CompletableFuture<>();
		CompletableFuture<Void> second = new CompletableFuture<>();
		queues.inTurn("host", first, this.hung.asMono()).subscribe();
		Sinks.Empty<Void> third = Sinks.empty();
		queues.inTurn("host", second, Mono.fromRunnable(this.done::incrementAndGet)).subscribe();
		queues.inTurn("host", this.never, third.asMono()).subscribe();
		queues.inTurn("host", this.never, Mono.fromRunnable(this.done::incrementAndGet)).subscribe();
		second.complete(null);
		first.complete(null);
		this.hung.tryEmitEmpty();
		assertThat(this.done).hasValue(0);
		third.tryEmitEmpty();
		assertThat(this.done).hasValue(1);
	}

	private void waitBehindAHungOne(HostQueues queues) {
		queues.inTurn("host", this.never, this.hung.asMono()).subscribe();
		for (int i = 0; i < MANY; i++) {
			queues.inTurn("host", this.never, Mono.fromRunnable(this.done::incrementAndGet)).subscribe();
		}
	}

}
