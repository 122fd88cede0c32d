package io.github.twiliospring.messaging.outbox;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Who asks how an outbox is doing neither loads the database nor waits for it.
 */
@Timeout(60)
class StatusCacheTests {

	private static final Duration INTERVAL = Duration.ofSeconds(10);

	private final AtomicLong now = new AtomicLong(-42);

	private final AtomicInteger reads = new AtomicInteger();

	@Test
	void readsOnceInAnIntervalHoweverManyAsk() {
		StatusCache cache = cache(() -> status(this.reads.incrementAndGet()), Duration.ofMinutes(1));
		assertThat(this.reads).hasValue(0);
		for (int i = 0; i < 20; i++) {
			assertThat(waiting(cache)).isEqualTo(1);
		}
		pass(INTERVAL.minusNanos(1));
		assertThat(waiting(cache)).isEqualTo(1);
		pass(Duration.ofNanos(1));
		assertThat(waiting(cache)).isEqualTo(2);
	}

	@Test
	void aDatabaseThatIsAwayIsAskedOnceInAnIntervalAndHasNoStatus() {
		boolean[] away = { true };
		StatusCache cache = cache(() -> {
			int read = this.reads.incrementAndGet();
			if (away[0]) {
				throw new IllegalStateException("away");
			}
			return status(read);
		}, Duration.ofMinutes(1));
		for (int i = 0; i < 20; i++) {
			assertThat(cache.get()).isNull();
		}
		assertThat(this.reads).hasValue(1);
		away[0] = false;
		pass(INTERVAL);
		assertThat(waiting(cache)).isEqualTo(2);
		away[0] = true;
		pass(INTERVAL);
		assertThat(cache.get()).isNull();
	}

	@Test
	void aDatabaseThatHangsIsWaitedForOnceAndLosesItsStatusInTheEnd() {
		CountDownLatch end = new CountDownLatch(1);
		StatusCache cache = cache(() -> {
			int read = this.reads.incrementAndGet();
			if (read == 2) {
				await(end);
			}
			return status(read);
		}, Duration.ofMillis(50));
		pass(Duration.ofMillis(1));
		// Its patience is over in real time, since the clock stands still.
		while (cache.get() == null) {
			Thread.onSpinWait();
		}
		pass(INTERVAL);
		while (this.reads.get() < 2) {
			cache.get();
			Thread.onSpinWait();
		}
		for (int i = 0; i < 20; i++) {
			assertThat(waiting(cache)).isEqualTo(1);
			pass(Duration.ofMillis(100));
		}
		pass(INTERVAL.multipliedBy(2));
		assertThat(cache.get()).isNull();
		assertThat(this.reads).hasValue(2);
		end.countDown();
		pass(INTERVAL);
		while (cache.get() == null) {
			Thread.onSpinWait();
		}
		assertThat(this.reads.get()).isBetween(2, 3);
	}

	private StatusCache cache(Supplier<OutboxStatus> reader, Duration patience) {
		return new StatusCache(reader, INTERVAL, patience, this.now::get);
	}

	private void pass(Duration time) {
		this.now.addAndGet(time.toNanos());
	}

	private static long waiting(StatusCache cache) {
		OutboxStatus status = cache.get();
		assertThat(status).isNotNull();
		return status.entries().get(OutboxState.WAITING);
	}

	private static OutboxStatus status(long waiting) {
		return new OutboxStatus(Map.of(OutboxState.WAITING, waiting), Duration.ZERO);
	}

	private static void await(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
