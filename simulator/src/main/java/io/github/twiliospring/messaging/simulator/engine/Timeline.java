package io.github.twiliospring.messaging.simulator.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The clock, and the one way to the state of a simulator: {@link #call} hands out the
 * {@link World} to one thread at a time, and nobody else has it. What falls due runs in
 * the order of its instants, each at exactly its own: so a week passes in the time that
 * its events take. Safe on any thread.
 */
public final class Timeline implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(Timeline.class);

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition replanned = this.lock.newCondition();

	private final Condition progressed = this.lock.newCondition();

	private final MovableClock clock;

	private final Schedule schedule;

	private final World world;

	private boolean closed;

	private long entries;

	private Timeline(MovableClock clock, EngineSettings settings, Webhooks webhooks, Supplier<String> baseUrl) {
		this.clock = clock;
		this.schedule = new Schedule(clock);
		this.world = new World(this.schedule, settings, webhooks, baseUrl);
	}

	/**
	 * An empty world, and its clock.
	 * @param manualStart where a clock stands that's moved by hand, or {@code null} for
	 * one that runs with the system's and can be moved ahead of it
	 * @param settings how it behaves
	 * @param webhooks what calls the application
	 * @param baseUrl where the simulator listens, once it does
	 * @return the timeline
	 * @throws IllegalArgumentException for a start before 1970 or after the year 9999
	 */
	public static Timeline start(@Nullable Instant manualStart, EngineSettings settings, Webhooks webhooks,
			Supplier<String> baseUrl) {
		if (manualStart != null) {
			return new Timeline(MovableClock.manual(manualStart), settings, webhooks, baseUrl);
		}
		Timeline timeline = new Timeline(MovableClock.system(), settings, webhooks, baseUrl);
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
		return this.lock.isHeldByCurrentThread() ? this.schedule.now() : this.clock.now();
	}

	/**
	 * Does something in the world, after everything that's due by now.
	 * @param <T> the result
	 * @param action short, never blocking; it keeps nothing of the world
	 * @return the action's result
	 */
	public <T> T call(Function<World, T> action) {
		return inside(() -> {
			if (this.lock.getHoldCount() == 1) {
				this.schedule.runUntil(now());
			}
			return action.apply(this.world);
		});
	}

	/**
	 * Whether anything can have changed.
	 * @return rises with whatever enters the world or happens in it; read inside
	 */
	public long activity() {
		return this.entries + this.schedule.happened();
	}

	/**
	 * Does something in the world, after everything that's due by now.
	 * @param action short, never blocking; it keeps nothing of the world
	 */
	public void run(Consumer<World> action) {
		call((inside) -> {
			action.accept(inside);
			return Boolean.TRUE;
		});
	}

	/**
	 * Waits until something holds, woken by whatever happens in the world. Blocks the
	 * calling thread, for at most the timeout in real time.
	 * @param <T> what's waited for
	 * @param probe looks for it; {@code null} as long as it isn't there
	 * @param timeout how long to wait
	 * @return what the probe found, or {@code null} after the timeout
	 * @throws InterruptedException if the thread is interrupted meanwhile
	 */
	public <T> @Nullable T await(Function<World, @Nullable T> probe, Duration timeout) throws InterruptedException {
		long left = timeout.toNanos();
		this.lock.lock();
		try {
			T found = probe.apply(this.world);
			while (found == null && left > 0) {
				left = this.progressed.awaitNanos(left);
				found = probe.apply(this.world);
			}
			return found;
		}
		finally {
			this.lock.unlock();
		}
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
		move(() -> this.clock.check(instant));
	}

	private void move(Supplier<Instant> to) {
		inside(() -> {
			Instant from = now();
			Instant target = to.get();
			this.schedule.runUntil(target);
			this.clock.move(from, target);
			this.replanned.signalAll();
			this.world.clockMoved();
			return target;
		});
	}

	@Override
	public void close() {
		inside(() -> {
			this.closed = true;
			this.schedule.clear();
			this.replanned.signalAll();
			return Boolean.TRUE;
		});
	}

	private <T> T inside(Supplier<T> action) {
		this.lock.lock();
		this.entries++;
		Instant due = this.schedule.nextDue();
		try {
			return action.get();
		}
		finally {
			this.progressed.signalAll();
			if (!Objects.equals(due, this.schedule.nextDue())) {
				this.replanned.signalAll();
			}
			leave();
		}
	}

	/** Whatever is to be done outside is done there, however the action ended. */
	private void leave() {
		List<Consumer<Executor>> pending = (this.lock.getHoldCount() > 1) ? List.of() : this.schedule.takeAfterwards();
		this.lock.unlock();
		for (Consumer<Executor> each : pending) {
			try {
				each.accept((back) -> run((inside) -> back.run()));
			}
			catch (RuntimeException ex) {
				logger.error("A request failed", ex);
			}
		}
	}

	private void runAsTimePasses() {
		boolean open = true;
		while (open) {
			this.lock.lock();
			try {
				open = !this.closed;
				this.schedule.runUntil(now());
				this.progressed.signalAll();
				if (open && !this.schedule.hasAfterwards()) {
					awaitNext();
				}
			}
			catch (InterruptedException ex) {
				open = false;
			}
			finally {
				leave();
			}
		}
	}

	private void awaitNext() throws InterruptedException {
		Instant due = this.schedule.nextDue();
		if (due == null) {
			this.replanned.await();
		}
		else {
			// A wait of centuries would overflow; whoever wakes early looks again.
			long millis = Math.min(Duration.between(now(), due).toMillis() + 1, TimeUnit.DAYS.toMillis(1));
			if (!this.replanned.await(millis, TimeUnit.MILLISECONDS)) {
				logger.trace("An event is due");
			}
		}
	}

}
