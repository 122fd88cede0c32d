package io.github.twiliospring.messaging.webhook.ledger;

import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.twiliospring.messaging.webhook.ledger.RedisClaims.RedisClaim;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/**
 * Claims that have to be released and couldn't be, or of which nobody knows whether they
 * were made. A few at once are released as soon as Redis answers again; after a lease
 * they have ended by themselves.
 */
final class PendingReleases {

	private static final Log logger = LogFactory.getLog(PendingReleases.class);

	private static final int MOST = 10_000;

	private static final int AT_ONCE = 50;

	private final RedisClaims claims;

	private final Duration lease;

	private final Queue<Pending> queue = new ConcurrentLinkedQueue<>();

	private final AtomicInteger size = new AtomicInteger();

	private final AtomicInteger givenUp = new AtomicInteger();

	private final AtomicBoolean busy = new AtomicBoolean();

	PendingReleases(RedisClaims claims, Duration lease) {
		this.claims = claims;
		this.lease = lease;
	}

	void add(RedisClaim claim) {
		if (this.size.incrementAndGet() > MOST) {
			this.size.decrementAndGet();
			this.givenUp.incrementAndGet();
			return;
		}
		this.queue.add(new Pending(claim, System.nanoTime() + this.lease.toNanos()));
		work();
	}

	boolean isEmpty() {
		return this.queue.isEmpty();
	}

	private void work() {
		if (this.queue.isEmpty() || !this.busy.compareAndSet(false, true)) {
			return;
		}
		Mono.defer(this::releaseSome)
			.retryWhen(Retry.backoff(Long.MAX_VALUE, Duration.ofMillis(100))
				.maxBackoff(Duration.ofSeconds(1))
				.transientErrors(true))
			.repeat(() -> !this.queue.isEmpty())
			.doFinally((signal) -> {
				report();
				this.busy.set(false);
				work();
			})
			.subscribe();
	}

	// Nobody else removes anything meanwhile.
	private Mono<Void> releaseSome() {
		removeEnded();
		List<Mono<Boolean>> some = this.queue.stream()
			.limit(AT_ONCE)
			.map((pending) -> this.claims.release(pending.claim()))
			.toList();
		return Mono.when(some).doOnSuccess((done) -> some.forEach((each) -> remove()));
	}

	private void removeEnded() {
		Pending oldest = this.queue.peek();
		while (oldest != null && oldest.end() - System.nanoTime() < 0) {
			remove();
			this.givenUp.incrementAndGet();
			oldest = this.queue.peek();
		}
	}

	private void remove() {
		this.queue.poll();
		this.size.decrementAndGet();
	}

	private void report() {
		int number = this.givenUp.getAndSet(0);
		if (number > 0) {
			logger.warn(
					"%d claims on webhooks couldn't be released for %s, as Redis didn't answer; they end with their leases"
						.formatted(number, this.lease));
		}
	}

	/**
	 * What is to be released.
	 *
	 * @param claim the claim
	 * @param end when that is of no use any more, in nanoseconds
	 */
	private record Pending(RedisClaim claim, long end) {

	}

}
