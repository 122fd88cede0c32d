package io.github.twiliospring.messaging.outbox;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what was read of an outbox for a while, so that whoever asks for it costs the
 * database nothing and never waits for it long: it's read on a thread of its own, one at
 * a time, and only if somebody asks.
 */
final class StatusCache {

	private static final Log logger = LogFactory.getLog(StatusCache.class);

	// What is read no more is true no more after as many intervals.
	private static final int USABLE = 3;

	private final Supplier<OutboxStatus> reader;

	private final long interval;

	private final long patience;

	private final LongSupplier nanoTime;

	private @Nullable CompletableFuture<OutboxStatus> reading;

	private long begun;

	private @Nullable OutboxStatus last;

	private long lastRead;

	/**
	 * Makes a cache.
	 * @param reader reads
	 * @param interval how long it's not read again
	 * @param patience how long whoever asks waits
	 * @param nanoTime what measures both
	 */
	StatusCache(Supplier<OutboxStatus> reader, Duration interval, Duration patience, LongSupplier nanoTime) {
		this.reader = reader;
		this.interval = interval.toNanos();
		this.patience = patience.toNanos();
		this.nanoTime = nanoTime;
	}

	/**
	 * What was read within the interval; or, where that can't be had in time, within
	 * three.
	 * @return the status, or {@code null} where the database doesn't answer
	 */
	@Nullable OutboxStatus get() {
		CompletableFuture<OutboxStatus> current = current();
		// However many ask, they wait for one reading as long as one.
		long left = begun() + this.patience - this.nanoTime.getAsLong();
		if (!current.isDone() && left > 0) {
			await(current, left);
		}
		return usable();
	}

	private synchronized CompletableFuture<OutboxStatus> current() {
		CompletableFuture<OutboxStatus> current = this.reading;
		if (current == null || (current.isDone() && this.nanoTime.getAsLong() - this.begun >= this.interval)) {
			this.begun = this.nanoTime.getAsLong();
			current = CompletableFuture.supplyAsync(this.reader, StatusCache::run).whenComplete(this::keep);
			this.reading = current;
		}
		return current;
	}

	private synchronized long begun() {
		return this.begun;
	}

	// A connection may be long in coming.
	private static void run(Runnable work) {
		Thread thread = new Thread(work, "twilio-outbox-status");
		thread.setDaemon(true);
		thread.start();
	}

	private synchronized void keep(@Nullable OutboxStatus status, @Nullable Throwable failure) {
		this.last = status;
		this.lastRead = this.nanoTime.getAsLong();
		if (failure != null) {
			Throwable cause = (failure.getCause() != null) ? failure.getCause() : failure;
			logger.debug("The outbox's status couldn't be read: " + cause.getClass().getName());
		}
	}

	private static void await(CompletableFuture<OutboxStatus> reading, long nanos) {
		try {
			reading.get(nanos, TimeUnit.NANOSECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		catch (ExecutionException | TimeoutException ex) {
			// There's no status, or the last one.
		}
	}

	private synchronized @Nullable OutboxStatus usable() {
		boolean old = this.nanoTime.getAsLong() - this.lastRead >= USABLE * this.interval;
		return old ? null : this.last;
	}

}
