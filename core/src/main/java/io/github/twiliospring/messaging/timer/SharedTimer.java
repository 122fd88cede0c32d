package io.github.twiliospring.messaging.timer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Delays for deadlines that are hardly ever reached. Those that end within the same tenth
 * of a second share one armed timer: a timer of its own for each call would wake the
 * scheduler's thread for each, which costs more than all else that a call needs. A delay
 * never ends early. Thread-safe, never blocks.
 */
public final class SharedTimer {

	private static final long SLOT_NANOS = Duration.ofMillis(100).toNanos();

	private static final Duration LONGEST = Duration.ofDays(36_500);

	private final Supplier<Scheduler> scheduler;

	private final LongSupplier nanoTime;

	// By the tenth of a second in which their delays end.
	private final ConcurrentMap<Long, Slot> slots = new ConcurrentHashMap<>();

	/**
	 * Makes a timer.
	 * @param scheduler gives what wakes it, and where delays end
	 * @param nanoTime the scheduler's monotonic time in nanoseconds
	 */
	public SharedTimer(Supplier<Scheduler> scheduler, LongSupplier nanoTime) {
		this.scheduler = scheduler;
		this.nanoTime = nanoTime;
	}

	/**
	 * A timer on Reactor's parallel scheduler, also after that was replaced.
	 * @return the timer
	 */
	public static SharedTimer parallel() {
		return new SharedTimer(Schedulers::parallel, System::nanoTime);
	}

	/**
	 * The time on which delays are measured.
	 * @return nanoseconds, as of {@link System#nanoTime()}
	 */
	public long nanoTime() {
		return this.nanoTime.getAsLong();
	}

	/**
	 * Waits.
	 * @param delay how long, from the subscription on; zero and less end at once, and
	 * nothing takes longer than a hundred years
	 * @return a zero once the time has passed, on the scheduler
	 */
	public Mono<Long> after(Duration delay) {
		Duration shortened = (delay.compareTo(LONGEST) < 0) ? delay : LONGEST;
		return new Delay(shortened.isNegative() ? 0 : shortened.toNanos());
	}

	private void add(Wait wait) {
		Slot slot = slotOf(wait);
		while (!slot.add(wait)) {
			this.slots.remove(slot.key, slot);
			slot = slotOf(wait);
		}
	}

	private void schedule(Runnable task, long delayNanos) {
		try {
			this.scheduler.get().schedule(task, delayNanos, TimeUnit.NANOSECONDS);
		}
		catch (RejectedExecutionException ex) {
			// Reactor's schedulers may be replaced at any time; the next one takes it.
			this.scheduler.get().schedule(task, delayNanos, TimeUnit.NANOSECONDS);
		}
	}

	private Slot slotOf(Wait wait) {
		return this.slots.computeIfAbsent(wait.end / SLOT_NANOS, Slot::new);
	}

	/**
	 * The delays that end within the same tenth of a second.
	 */
	private final class Slot {

		private final Long key;

		private final Set<Wait> waits = new HashSet<>();

		private long wakeUp = Long.MAX_VALUE;

		private boolean closed;

		Slot(Long key) {
			this.key = key;
		}

		boolean add(Wait wait) {
			boolean earliest;
			synchronized (this) {
				if (this.closed) {
					return false;
				}
				wait.slot = this;
				if (!wait.isEnded()) {
					this.waits.add(wait);
				}
				earliest = wait.end < this.wakeUp;
				this.wakeUp = Math.min(wait.end, this.wakeUp);
			}
			if (earliest) {
				wakeUpAt(wait.end);
			}
			return true;
		}

		synchronized void remove(Wait wait) {
			this.waits.remove(wait);
		}

		private void wakeUpAt(long end) {
			try {
				schedule(this::expire, Math.max(0, end - nanoTime()));
			}
			catch (RejectedExecutionException ex) {
				// Nothing wakes it any more, and so nobody else may wait on it.
				synchronized (this) {
					this.closed = true;
				}
				throw ex;
			}
		}

		private void expire() {
			List<Wait> ended = new ArrayList<>();
			long next;
			synchronized (this) {
				long now = nanoTime();
				this.waits.removeIf((wait) -> wait.end <= now && ended.add(wait));
				this.wakeUp = this.waits.stream().mapToLong((wait) -> wait.end).min().orElse(Long.MAX_VALUE);
				this.closed = this.waits.isEmpty();
				next = this.wakeUp;
			}
			ended.forEach((wait) -> schedule(wait::end, 0));
			if (next < Long.MAX_VALUE) {
				wakeUpAt(next);
			}
			else {
				SharedTimer.this.slots.remove(this.key, this);
			}
		}

	}

	private final class Delay extends Mono<Long> {

		private final long nanos;

		Delay(long nanos) {
			this.nanos = nanos;
		}

		@Override
		public void subscribe(CoreSubscriber<? super Long> actual) {
			Wait wait = new Wait(actual, nanoTime() + this.nanos);
			actual.onSubscribe(wait);
			add(wait);
		}

	}

	/**
	 * One delay that somebody waits for; true once it has ended or was canceled.
	 */
	@SuppressWarnings("serial")
	private static final class Wait extends AtomicBoolean implements Subscription {

		private final CoreSubscriber<? super Long> actual;

		private final long end;

		private volatile @Nullable Slot slot;

		Wait(CoreSubscriber<? super Long> actual, long end) {
			this.actual = actual;
			this.end = end;
		}

		boolean isEnded() {
			return get();
		}

		void end() {
			if (compareAndSet(false, true)) {
				this.actual.onNext(0L);
				this.actual.onComplete();
			}
		}

		@Override
		public void request(long requested) {
			// A zero is asked for by everybody who waits.
		}

		@Override
		public void cancel() {
			if (compareAndSet(false, true)) {
				Slot present = this.slot;
				if (present != null) {
					present.remove(this);
				}
			}
		}

	}

}
