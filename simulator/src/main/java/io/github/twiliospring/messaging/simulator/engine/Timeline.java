package io.github.twiliospring.messaging.simulator.engine;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The clock, the events that fall due on it, and the one lock that guards the state of a
 * simulator. Events run in the order of their instants, equal ones in the order in which
 * they were planned, each at exactly its own instant: so a week passes in the time that
 * its events take. Safe on any thread.
 */
public final class Timeline implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(Timeline.class);

	/** Where every clock ends: the provider's dates have four digits for the year. */
	private static final Instant END = Instant.parse("9999-12-31T23:59:59Z");

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition changed = this.lock.newCondition();

	private final Condition progressed = this.lock.newCondition();

	private final PriorityQueue<Event> events = new PriorityQueue<>();

	private final List<Runnable> afterwards = new ArrayList<>();

	private final boolean manual;

	private volatile Instant manualNow;

	private volatile Duration offset = Duration.ZERO;

	private @Nullable Instant running;

	private long sequence;

	private boolean closed;

	private Timeline(boolean manual, Instant start) {
		this.manual = manual;
		this.manualNow = start;
	}

	/**
	 * A clock that stands still until it's moved.
	 * @param start where it stands first
	 * @return the timeline
	 * @throws IllegalArgumentException for a start before 1970 or after the year 9999
	 */
	public static Timeline manual(Instant start) {
		if (start.isBefore(Instant.EPOCH) || start.isAfter(END)) {
			throw new IllegalArgumentException("A clock starts between 1970 and " + END + ", not at " + start);
		}
		return new Timeline(true, start);
	}

	/**
	 * A clock that runs with the system's, and can be moved ahead of it. A thread of its
	 * own runs what falls due.
	 * @return the timeline
	 */
	public static Timeline system() {
		Timeline timeline = new Timeline(false, Instant.EPOCH);
		Thread thread = new Thread(timeline::runAsTimePasses, "simulator-clock");
		thread.setDaemon(true);
		thread.start();
		return timeline;
	}

	/**
	 * Whether the clock moves only when told to.
	 * @return {@code true} for a manual clock
	 */
	public boolean isManual() {
		return this.manual;
	}

	/**
	 * The present on this clock; inside an event, the event's own instant.
	 * @return the instant
	 */
	public Instant now() {
		Instant instant = this.lock.isHeldByCurrentThread() ? this.running : null;
		if (instant != null) {
			return instant;
		}
		return this.manual ? this.manualNow : Clock.systemUTC().instant().plus(this.offset);
	}

	/**
	 * Runs an action under the lock, after everything that's due by now.
	 * @param <T> the result
	 * @param action short, never blocking
	 * @return the action's result
	 */
	public <T> T call(Supplier<T> action) {
		List<Runnable> pending;
		T result;
		this.lock.lock();
		try {
			if (this.running == null) {
				runUntil(now());
			}
			result = action.get();
		}
		finally {
			this.progressed.signalAll();
			pending = takeAfterwards();
			this.lock.unlock();
		}
		pending.forEach(Timeline::runSafely);
		return result;
	}

	/**
	 * Runs an action under the lock, after everything that's due by now.
	 * @param action short, never blocking
	 */
	public void run(Runnable action) {
		call(() -> {
			action.run();
			return Boolean.TRUE;
		});
	}

	/**
	 * Waits until something holds, woken by whatever happens under the lock. Blocks the
	 * calling thread, for at most the timeout in real time.
	 * @param <T> what's waited for
	 * @param probe looks for it under the lock; {@code null} as long as it isn't there
	 * @param timeout how long to wait
	 * @return what the probe found, or {@code null} after the timeout
	 * @throws InterruptedException if the thread is interrupted meanwhile
	 */
	public <T> @Nullable T await(Supplier<@Nullable T> probe, Duration timeout) throws InterruptedException {
		long left = timeout.toNanos();
		this.lock.lock();
		try {
			T found = probe.get();
			while (found == null && left > 0) {
				left = this.progressed.awaitNanos(left);
				found = probe.get();
			}
			return found;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Plans an event; to be called under the lock. One that's already due runs with the
	 * next call.
	 * @param due when
	 * @param action what, short and never blocking
	 */
	public void at(Instant due, Runnable action) {
		this.events.add(new Event(due, this.sequence++, action));
		this.changed.signalAll();
	}

	/**
	 * Has something done once the lock is released, such as a request to the outside; to
	 * be called under the lock.
	 * @param action what
	 */
	public void afterwards(Runnable action) {
		this.afterwards.add(action);
	}

	/**
	 * Moves the clock forward and runs all that falls due on the way.
	 * @param duration how far, not negative
	 */
	public void advance(Duration duration) {
		if (duration.isNegative()) {
			throw new IllegalArgumentException("The clock can't go back, as it would by " + duration);
		}
		move(() -> {
			Instant now = now();
			if (duration.compareTo(Duration.between(now, END)) > 0) {
				throw new IllegalArgumentException(
						"The clock ends at " + END + ", which is before " + duration + " from now");
			}
			return now.plus(duration);
		});
	}

	/**
	 * Moves the clock forward to an instant and runs all that falls due on the way.
	 * @param instant where to, not before now
	 */
	public void advanceTo(Instant instant) {
		move(() -> {
			if (instant.isBefore(now())) {
				throw new IllegalArgumentException("The clock can't go back to " + instant);
			}
			if (instant.isAfter(END)) {
				throw new IllegalArgumentException("The clock ends at " + END + ", which is before " + instant);
			}
			return instant;
		});
	}

	private void move(Supplier<Instant> to) {
		List<Runnable> pending;
		this.lock.lock();
		try {
			Instant from = now();
			Instant target = to.get();
			runUntil(target);
			if (this.manual) {
				this.manualNow = target;
			}
			else {
				this.offset = this.offset.plus(Duration.between(from, target));
			}
			this.changed.signalAll();
		}
		finally {
			this.progressed.signalAll();
			pending = takeAfterwards();
			this.lock.unlock();
		}
		pending.forEach(Timeline::runSafely);
	}

	/**
	 * Forgets all events.
	 */
	public void clear() {
		run(this.events::clear);
	}

	@Override
	public void close() {
		this.lock.lock();
		try {
			this.closed = true;
			this.events.clear();
			this.changed.signalAll();
		}
		finally {
			this.lock.unlock();
		}
	}

	private void runUntil(Instant target) {
		Event next = this.events.peek();
		while (next != null && !next.due.isAfter(target)) {
			this.events.poll();
			this.running = next.due;
			if (this.manual && next.due.isAfter(this.manualNow)) {
				this.manualNow = next.due;
			}
			try {
				runSafely(next.action);
			}
			finally {
				this.running = null;
			}
			next = this.events.peek();
		}
	}

	private List<Runnable> takeAfterwards() {
		if (this.afterwards.isEmpty() || this.lock.getHoldCount() > 1) {
			return List.of();
		}
		List<Runnable> taken = new ArrayList<>(this.afterwards);
		this.afterwards.clear();
		return taken;
	}

	private void runAsTimePasses() {
		while (true) {
			List<Runnable> pending;
			this.lock.lock();
			try {
				if (this.closed) {
					return;
				}
				runUntil(now());
				this.progressed.signalAll();
				pending = takeAfterwards();
				if (pending.isEmpty()) {
					awaitNext();
				}
			}
			catch (InterruptedException ex) {
				return;
			}
			finally {
				this.lock.unlock();
			}
			pending.forEach(Timeline::runSafely);
		}
	}

	private void awaitNext() throws InterruptedException {
		Event next = this.events.peek();
		if (next == null) {
			this.changed.await();
		}
		else {
			// A wait of centuries would overflow; whoever wakes early looks again.
			long millis = Math.min(Duration.between(now(), next.due).toMillis() + 1, TimeUnit.DAYS.toMillis(1));
			if (!this.changed.await(millis, TimeUnit.MILLISECONDS)) {
				logger.trace("An event is due");
			}
		}
	}

	private static void runSafely(Runnable action) {
		try {
			action.run();
		}
		catch (RuntimeException ex) {
			// One faulty event must not take the clock down with it.
			logger.error("An event failed", ex);
		}
	}

	private record Event(Instant due, long sequence, Runnable action) implements Comparable<Event> {

		@Override
		public int compareTo(Event other) {
			int order = this.due.compareTo(other.due);
			return (order != 0) ? order : Long.compare(this.sequence, other.sequence);
		}

	}

}
