package io.github.twiliospring.messaging;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * The time that a call has, all attempts and pauses together. Begins when it's made.
 */
final class Deadline {

	private final Scheduler scheduler;

	private final Duration whole;

	private final long started;

	private final Mono<Long> end;

	/**
	 * Has begun.
	 * @param scheduler waits, and tells the time
	 * @param whole how long it is
	 * @param started when it began
	 * @param end ends with it, once it's subscribed to
	 */
	Deadline(Scheduler scheduler, Duration whole, long started, Mono<Long> end) {
		this.scheduler = scheduler;
		this.whole = whole;
		this.started = started;
		this.end = end;
	}

	private Deadline(Scheduler scheduler, Duration whole) {
		this(scheduler, whole, scheduler.now(TimeUnit.NANOSECONDS), Mono.delay(whole, scheduler));
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
		return call.timeout(this.end, passed);
	}

	/**
	 * Holds a call, and ends it earlier where something else comes first.
	 */
	<T> Mono<T> hold(Mono<T> call, Mono<?> earlier, Mono<T> passed) {
		return call.timeout(Mono.firstWithSignal(List.of(this.end, earlier)), passed);
	}

	Mono<Long> pause(Duration pause) {
		return Mono.delay(pause, this.scheduler);
	}

}
