package io.github.twiliospring.messaging.simulator.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
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

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition changed = this.lock.newCondition();

	private final Condition progressed = this.lock.newCondition();

	private final EventQueue events = new EventQueue();

	private final List<Runnable> afterwards = new ArrayList<>();

	private final MovableClock clock;

	private @Nullable Instant running;

	private boolean closed;

	private Timeline(MovableClock clock) {
		this.clock = clock;
	}

	/**
	 * A clock that stands still until it's moved.
	 * @param start where it stands first
	 * @return the timeline
	 * @throws IllegalArgumentException for a start before 1970 or after the year 9999
	 */
	public static Timeline manual(Instant start) {
		return new Timeline(MovableClock.manual(start));
	}

	/**
	 * A clock that runs with the system's, and can be moved ahead of it. A thread of its
	 * own runs what falls due.
	 * @return the timeline
	 */
	public static Timeline system() {
		Timeline timeline = new Timeline(MovableClock.system());
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
		return this.clock.isManual();
	}

	/**
	 * The present on this clock; inside an event, the event's own instant.
	 * @return the instant
	 */
	public Instant now() {
		Instant instant = this.lock.isHeldByCurrentThread() ? this.running : null;
		return (instant != null) ? instant : this.clock.now();
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
		this.events.add(due, action);
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
	 * @param duration how far
	 * @throws IllegalArgumentException for a negative one, or one that ends after the
	 * year 9999
	 */
	public void advance(Duration duration) {
		move(() -> this.clock.after(duration));
	}

	/**
	 * Moves the clock forward to an instant and runs all that falls due on the way.
	 * @param instant where to
	 * @throws IllegalArgumentException for one before the present, or after the year 9999
	 */
	public void advanceTo(Instant instant) {
		move(() -> {
			this.clock.check(instant);
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
			this.clock.move(from, target);
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
		for (EventQueue.Event next = this.events.poll(target); next != null; next = this.events.poll(target)) {
			this.running = next.due();
			this.clock.pass(next.due());
			try {
				runSafely(next.action());
			}
			finally {
				this.running = null;
			}
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
		Instant due = this.events.nextDue();
		if (due == null) {
			this.changed.await();
		}
		else {
			// A wait of centuries would overflow; whoever wakes early looks again.
			long millis = Math.min(Duration.between(now(), due).toMillis() + 1, TimeUnit.DAYS.toMillis(1));
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

}
