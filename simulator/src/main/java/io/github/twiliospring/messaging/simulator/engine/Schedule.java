package io.github.twiliospring.messaging.simulator.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Time as the world inside a timeline knows it: the present, and what's planned, in the
 * order of its instants; equal ones stay in the order in which they were planned.
 */
final class Schedule {

	private static final Logger logger = LoggerFactory.getLogger(Schedule.class);

	private final PriorityQueue<Event> events = new PriorityQueue<>();

	private final MovableClock clock;

	private List<Consumer<Executor>> afterwards = new ArrayList<>();

	private @Nullable Instant running;

	private long sequence;

	private long happened;

	Schedule(MovableClock clock) {
		this.clock = clock;
	}

	/** The present; inside an event, the event's own instant. */
	Instant now() {
		return (this.running != null) ? this.running : this.clock.now();
	}

	/** Plans what's short and never blocks; what's already due runs next. */
	void at(Instant due, Runnable action) {
		this.events.add(new Event(due, this.sequence++, action));
	}

	/**
	 * Has something done once the world is left, such as a request to the outside.
	 * @param action gets what leads back into the world
	 */
	void afterwards(Consumer<Executor> action) {
		this.afterwards.add(action);
	}

	/** How far the clock was moved ahead of the system's. */
	Duration ahead() {
		return this.clock.ahead();
	}

	/** Has the clock go on from where another one stood. */
	void goOn(Instant stood, Duration ahead) {
		this.clock.goOn(stood, ahead);
	}

	/** How much has happened so far. */
	long happened() {
		return this.happened;
	}

	void clear() {
		this.events.clear();
	}

	@Nullable Instant nextDue() {
		Event next = this.events.peek();
		return (next != null) ? next.due : null;
	}

	boolean hasAfterwards() {
		return !this.afterwards.isEmpty();
	}

	List<Consumer<Executor>> takeAfterwards() {
		if (!hasAfterwards()) {
			return List.of();
		}
		List<Consumer<Executor>> taken = this.afterwards;
		this.afterwards = new ArrayList<>();
		return taken;
	}

	void runUntil(Instant target) {
		for (Event next = this.events.peek(); next != null && !next.due.isAfter(target); next = this.events.peek()) {
			this.events.remove();
			this.running = next.due;
			this.happened++;
			this.clock.pass(next.due);
			try {
				next.action.run();
			}
			catch (RuntimeException ex) {
				// One faulty event must not take the clock down with it.
				logger.error("An event failed", ex);
			}
			finally {
				this.running = null;
			}
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
