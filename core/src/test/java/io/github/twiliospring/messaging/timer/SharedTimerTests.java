package io.github.twiliospring.messaging.timer;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Delays that share a timer end as if each had its own.
 */
class SharedTimerTests {

	private final VirtualTimeScheduler time = VirtualTimeScheduler.create();

	private final SharedTimer timer = new SharedTimer(() -> this.time, () -> this.time.now(TimeUnit.NANOSECONDS));

	private final List<String> ended = new ArrayList<>();

	@Test
	void endsADelayAtItsTimeAndNotBefore() {
		wait("ten", Duration.ofSeconds(10));
		this.time.advanceTimeBy(Duration.ofSeconds(10).minusNanos(1));
		assertThat(this.ended).isEmpty();
		this.time.advanceTimeBy(Duration.ofNanos(1));
		assertThat(this.ended).containsExactly("ten");
	}

	@Test
	void endsEachOfThoseThatShareATimerAtItsOwnTime() {
		wait("second", Duration.ofMillis(10_050));
		wait("first", Duration.ofMillis(10_010));
		wait("third", Duration.ofMillis(10_090));
		this.time.advanceTimeBy(Duration.ofMillis(10_010));
		assertThat(this.ended).containsExactly("first");
		this.time.advanceTimeBy(Duration.ofMillis(40));
		assertThat(this.ended).containsExactly("first", "second");
		this.time.advanceTimeBy(Duration.ofMillis(40));
		assertThat(this.ended).containsExactly("first", "second", "third");
	}

	@Test
	void armsOneTimerForAThousandCallsOfATenthOfASecond() {
		for (int i = 0; i < 1000; i++) {
			wait("call", Duration.ofSeconds(30));
			this.time.advanceTimeBy(Duration.ofNanos(90_000));
		}
		assertThat(this.time.getScheduledTaskCount()).isOne();
	}

	@Test
	void endsADelayOfNothingOrLessAtOnce() {
		wait("zero", Duration.ZERO);
		wait("less", Duration.ofSeconds(-1));
		this.time.advanceTime();
		assertThat(this.ended).containsExactly("zero", "less");
	}

	@Test
	void takesADelayOfAgesForAHundredYears() {
		wait("ages", Duration.ofSeconds(Long.MAX_VALUE));
		this.time.advanceTimeBy(Duration.ofDays(36_500).minusNanos(1));
		assertThat(this.ended).isEmpty();
		this.time.advanceTimeBy(Duration.ofNanos(1));
		assertThat(this.ended).containsExactly("ages");
	}

	@Test
	void goesOnWithTheNextSchedulerWhereOneHasEnded() {
		Scheduler first = Schedulers.newSingle("first");
		Scheduler second = Schedulers.newSingle("second");
		AtomicInteger asked = new AtomicInteger();
		SharedTimer replaced = new SharedTimer(() -> (asked.getAndIncrement() == 0) ? first : second, System::nanoTime);
		first.dispose();
		try {
			assertThat(replaced.after(Duration.ofMillis(10)).block(Duration.ofSeconds(10))).isZero();
		}
		finally {
			second.dispose();
		}
	}

	@Test
	void takesNoFurtherDelaysIntoATenthOfASecondThatNothingEnds() {
		Scheduler ended = Schedulers.newSingle("ended");
		ended.dispose();
		AtomicReference<Scheduler> present = new AtomicReference<>(ended);
		SharedTimer timer = new SharedTimer(present::get, () -> this.time.now(TimeUnit.NANOSECONDS));
		StepVerifier.create(timer.after(Duration.ofMillis(10))).verifyError(RejectedExecutionException.class);
		present.set(this.time);
		timer.after(Duration.ofMillis(10)).subscribe((end) -> this.ended.add("later"));
		this.time.advanceTimeBy(Duration.ofMillis(10));
		assertThat(this.ended).containsExactly("later");
	}

	@Test
	void takesFurtherDelaysOfATenthOfASecondWhoseFirstHaveEnded() {
		wait("first", Duration.ofMillis(1000));
		this.time.advanceTimeBy(Duration.ofMillis(1000));
		wait("second", Duration.ofMillis(50));
		this.time.advanceTimeBy(Duration.ofMillis(50));
		assertThat(this.ended).containsExactly("first", "second");
	}

	@Test
	void neverEndsACanceledDelayAndForgetsWhoWaited() {
		Disposable waiting = wait("canceled", Duration.ofSeconds(10));
		Object waiter = new Object();
		Disposable other = this.timer.after(Duration.ofSeconds(10)).subscribe(new Holder(waiter));
		WeakReference<Object> reference = new WeakReference<>(waiter);
		waiting.dispose();
		other.dispose();
		waiter = null;
		other = null;
		Awaitility.await().until(() -> {
			System.gc();
			return reference.get() == null;
		});
		this.time.advanceTimeBy(Duration.ofSeconds(20));
		assertThat(this.ended).isEmpty();
	}

	@Test
	void endsTheOthersWhereOneThatWaitsFails() {
		this.timer.after(Duration.ofSeconds(1)).onErrorComplete().subscribe((end) -> {
			throw new IllegalStateException("expected");
		}, (failure) -> this.ended.add("failed"));
		wait("other", Duration.ofSeconds(1));
		this.time.advanceTimeBy(Duration.ofSeconds(1));
		assertThat(this.ended).contains("other");
	}

	@Test
	void losesNoneWhereManyThreadsWaitAndCancel() throws Exception {
		long seed = new Random().nextLong();
		System.out.println("SharedTimerTests seed " + seed);
		SharedTimer shared = SharedTimer.parallel();
		int threads = 4;
		int each = 20_000;
		AtomicInteger over = new AtomicInteger();
		AtomicInteger canceled = new AtomicInteger();
		CountDownLatch done = new CountDownLatch(threads);
		for (int thread = 0; thread < threads; thread++) {
			Random random = new Random(seed + thread);
			Schedulers.boundedElastic().schedule(() -> {
				for (int i = 0; i < each; i++) {
					Mono<Long> delay = shared.after(Duration.ofNanos(random.nextInt(3_000_000)))
						.doOnNext((end) -> over.incrementAndGet())
						.doOnCancel(canceled::incrementAndGet);
					Disposable waiting = delay.subscribe();
					if (random.nextInt(4) == 0) {
						waiting.dispose();
					}
				}
				done.countDown();
			});
		}
		assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
		// A delay may end while it's canceled, and then counts twice.
		Awaitility.await().until(() -> over.get() + canceled.get() >= threads * each);
	}

	@Test
	void measuresRealTime() {
		long start = System.nanoTime();
		Flux.range(0, 20).flatMap((number) -> SharedTimer.parallel().after(Duration.ofMillis(30))).blockLast();
		assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(Duration.ofMillis(30).toNanos());
	}

	private Disposable wait(String name, Duration delay) {
		return this.timer.after(delay).subscribe((end) -> this.ended.add(name));
	}

	private record Holder(Object waiter) implements Consumer<Long> {

		@Override
		public void accept(Long end) {
			throw new IllegalStateException("Canceled: " + this.waiter);
		}

	}

}
