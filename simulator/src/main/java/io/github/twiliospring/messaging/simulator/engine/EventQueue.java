package io.github.twiliospring.messaging.simulator.engine;

import java.time.Instant;
import java.util.PriorityQueue;

import org.jspecify.annotations.Nullable;

/**
 * What's planned, in the order of its instants; equal ones stay in the order in which
 * they were planned. To be used under the timeline's lock.
 */
final class EventQueue {

	private final PriorityQueue<Event> events = new PriorityQueue<>();

	private long sequence;

	void add(Instant due, Runnable action) {
		this.events.add(new Event(due, this.sequence++, action));
	}

	@Nullable Instant nextDue() {
		Event next = this.events.peek();
		return (next != null) ? next.due : null;
	}

	/**
	 * Takes the next event away.
	 * @param until how late it may be due
	 * @return the event, or {@code null} if none is due by then
	 */
	@Nullable Event poll(Instant until) {
		Event next = this.events.peek();
		return (next != null && !next.due.isAfter(until)) ? this.events.poll() : null;
	}

	void clear() {
		this.events.clear();
	}

	/**
	 * One event.
	 *
	 * @param due when it happens
	 * @param sequence rises with every event
	 * @param action what happens
	 */
	record Event(Instant due, long sequence, Runnable action) implements Comparable<Event> {

		@Override
		public int compareTo(Event other) {
			int order = this.due.compareTo(other.due);
			return (order != 0) ? order : Long.compare(this.sequence, other.sequence);
		}

	}

}
