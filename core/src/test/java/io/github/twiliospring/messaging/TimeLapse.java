package io.github.twiliospring.messaging;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * A timer on which pauses pass at once and are added up, while deadlines never come:
 * retries against a real socket without waiting.
 */
final class TimeLapse implements Scheduler {

	private final Duration deadline;

	private final AtomicLong spent = new AtomicLong();

	TimeLapse(Duration deadline) {
		this.deadline = deadline;
	}

	Duration spent() {
		return Duration.ofNanos(this.spent.get());
	}

	@Override
	public long now(TimeUnit unit) {
		return unit.convert(this.spent.get(), TimeUnit.NANOSECONDS);
	}

	@Override
	public Disposable schedule(Runnable task) {
		return Schedulers.parallel().schedule(task);
	}

	@Override
	public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
		// What is left of a deadline is one, too.
		if (unit.toNanos(delay) >= this.deadline.toNanos() * 2 / 3) {
			return Disposables.single();
		}
		this.spent.addAndGet(unit.toNanos(delay));
		return Schedulers.parallel().schedule(task);
	}

	@Override
	public Worker createWorker() {
		return Schedulers.parallel().createWorker();
	}

}
