package io.github.twiliospring.messaging;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Begins the deadlines of calls. Those that begin within the same tenth of a second share
 * one timer of Reactor's: a timer for each call would wake its thread for each, which
 * costs more than the rest of a send (docs/decisions/0012). So a deadline may be late by
 * that tenth, and is never early. Thread-safe.
 */
final class Deadlines {

	private static final Duration SLOT = Duration.ofMillis(100);

	// Reactor copies the list of those who wait whenever one comes or goes.
	private static final int MOST_CALLS = 256;

	private static final Duration LONGEST = Duration.ofDays(36_500);

	private final Supplier<Scheduler> scheduler;

	private final Duration whole;

	private volatile @Nullable Slot slot;

	/**
	 * Begins deadlines.
	 * @param scheduler gives what waits, and tells the time; asked each time, since
	 * Reactor's may be replaced
	 * @param whole how long a call may take
	 */
	Deadlines(Supplier<Scheduler> scheduler, Duration whole) {
		this.scheduler = scheduler;
		this.whole = (whole.compareTo(LONGEST) < 0) ? whole : LONGEST;
	}

	Duration whole() {
		return this.whole;
	}

	Deadline begin() {
		Scheduler present = this.scheduler.get();
		long now = present.now(TimeUnit.NANOSECONDS);
		long key = now / SLOT.toNanos();
		Slot slot = this.slot;
		if (slot == null || slot.key() != key || slot.scheduler() != present
				|| slot.calls().getAndIncrement() >= MOST_CALLS) {
			slot = new Slot(key, present, end(present).cache(), new AtomicInteger());
			this.slot = slot;
		}
		return new Deadline(present, this.whole, now, slot.end());
	}

	// Kept, even while nobody waits for it: a timer that ends with its last waiter would
	// be
	// one for each call again.
	private Mono<Long> end(Scheduler present) {
		Duration longest = this.whole.plus(SLOT);
		return Mono.delay(longest, present).onErrorResume((replaced) -> Mono.delay(longest, this.scheduler.get()));
	}

	/**
	 * A tenth of a second.
	 *
	 * @param key its number
	 * @param scheduler what waits
	 * @param end the end of all deadlines that begin in it
	 * @param calls how many have begun
	 */
	private record Slot(long key, Scheduler scheduler, Mono<Long> end, AtomicInteger calls) {

	}

}
