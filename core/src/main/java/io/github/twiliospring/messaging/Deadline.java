package io.github.twiliospring.messaging;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * The time that a call has, all attempts and pauses together. Begins when it's made.
 */
final class Deadline {

	private static final Duration LONGEST = Duration.ofDays(36_500);

	private final Scheduler scheduler;

	private final Duration whole;

	private final long started;

	/**
	 * Begins.
	 * @param scheduler waits, and tells the time
	 * @param whole how long it is
	 */
	Deadline(Scheduler scheduler, Duration whole) {
		this.scheduler = scheduler;
		this.whole = (whole.compareTo(LONGEST) < 0) ? whole : LONGEST;
		this.started = scheduler.now(TimeUnit.NANOSECONDS);
	}

	/**
	 * What is left, which another call may have.
	 */
	Deadline rest() {
		return new Deadline(this.scheduler, remaining());
	}

	/**
	 * The first three quarters, so that something is left to find out what became of a
	 * change.
	 */
	Deadline mostOf() {
		return new Deadline(this.scheduler, remaining().multipliedBy(3).dividedBy(4));
	}

	Duration whole() {
		return this.whole;
	}

	Duration remaining() {
		return this.whole.minusNanos(this.scheduler.now(TimeUnit.NANOSECONDS) - this.started);
	}

	<T> Mono<T> hold(Mono<T> call, Mono<T> passed) {
		return call.timeout(this.whole, passed, this.scheduler);
	}

	Mono<Long> pause(Duration pause) {
		return Mono.delay(pause, this.scheduler);
	}

}
