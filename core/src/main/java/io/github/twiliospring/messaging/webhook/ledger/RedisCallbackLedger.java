package io.github.twiliospring.messaging.webhook.ledger;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.twiliospring.messaging.message.SidKind;
import io.github.twiliospring.messaging.webhook.ledger.RedisClaims.RedisClaim;
import io.github.twiliospring.messaging.webhook.ledger.Turns.Turn;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

import org.springframework.context.SmartLifecycle;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;

/**
 * Keeps the marks in Redis, for applications of several instances. Each step is one
 * script, and so atomic; time is the server's.
 * <p>
 * A claim is a lease that its instance renews while the handler runs, and until its end
 * is marked. If the instance dies, the lease runs out and a later delivery is handled; if
 * Redis can't be reached, nothing is handled and the delivery fails, so that the provider
 * repeats it. A claim that Redis may have made though its answer was lost is taken back.
 * A crash between the end of a handler and the marking repeats the handler: at least once
 * across crashes, once otherwise.
 * <p>
 * As a bean it stops before the connection to Redis does, once its handlers have ended
 * and their ends are marked, or Spring's timeout for a phase of the shutdown is over.
 */
public final class RedisCallbackLedger implements CallbackLedger, SmartLifecycle {

	private static final Log logger = LogFactory.getLog(RedisCallbackLedger.class);

	private static final Duration FIRST_PAUSE = Duration.ofMillis(20);

	private static final Duration LONGEST_PAUSE = Duration.ofMillis(250);

	private static final Duration RETRY_PAUSE = Duration.ofMillis(100);

	private static final Duration LONGEST_RETRY_PAUSE = Duration.ofMillis(500);

	private static final Duration RELEASING = Duration.ofSeconds(1);

	private static final Duration STOPPING_PAUSE = Duration.ofMillis(50);

	// Connection factories have 0, and stop later.
	private static final int PHASE = 1;

	// How long a mark is tried at least: an unmarked end is a handler that runs twice.
	private static final Duration MARKING = Duration.ofMinutes(10);

	private final RedisClaims claims;

	private final PendingReleases releases;

	private final Turns turns;

	private final Duration lease;

	// Methods that run, and ends that aren't marked yet.
	private final AtomicInteger handling = new AtomicInteger();

	private volatile boolean running;

	private volatile Disposable stopping = Disposables.disposed();

	/**
	 * Makes a ledger.
	 * @param redis the connection
	 * @param settings names and times
	 */
	public RedisCallbackLedger(ReactiveStringRedisTemplate redis, RedisLedgerSettings settings) {
		this.claims = new RedisClaims(redis, settings);
		this.releases = new PendingReleases(this.claims, settings.lease());
		this.turns = new Turns(settings.longestWait());
		this.lease = settings.lease();
	}

	/**
	 * Forgets the connection, which may have been stopped meanwhile.
	 */
	@Override
	public void start() {
		this.stopping.dispose();
		this.claims.connectAnew();
		this.running = true;
	}

	@Override
	public void stop() {
		this.running = false;
	}

	/**
	 * Stops once its methods have ended and are marked. Claims that are on their way to
	 * Redis, or back from it, get a second.
	 * @param callback called then, on this thread or on one of Reactor's
	 */
	@Override
	public void stop(Runnable callback) {
		stop();
		long begun = System.nanoTime();
		this.stopping = Mono.fromSupplier(() -> isQuiet(System.nanoTime() - begun))
			.filter(Boolean::booleanValue)
			.repeatWhenEmpty((rounds) -> rounds.delayElements(STOPPING_PAUSE))
			.timeout(MARKING)
			.onErrorComplete()
			.subscribe((ended) -> callback.run());
	}

	// With Redis away, nothing would come of waiting for claims.
	private boolean isQuiet(long nanos) {
		return this.handling.get() == 0
				&& (nanos > RELEASING.toNanos() || (this.turns.isEmpty() && this.releases.isEmpty()));
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	@Override
	public int getPhase() {
		return PHASE;
	}

	@Override
	public Mono<Handling> answerOnce(LedgerKey key, StatusMark mark, Mono<String> invocation) {
		// Detached from the caller: if it gives up now, the claim may be made all the
		// same, and then the handler has to run.
		return Mono.deferContextual((context) -> this.turns.take(key, mark.status(), (turn) -> {
			RedisClaim claim = new RedisClaim(key, mark, UUID.randomUUID().toString());
			Mono.defer(() -> attempt(claim, turn))
				.repeatWhenEmpty((rounds) -> rounds.concatMap((round) -> Mono.delay(pause(round, turn))))
				.subscribe((reply) -> proceed(reply, claim, invocation.contextWrite(context), turn), turn::fail);
		}));
	}

	// One for all deliveries of this instance that wait for this message.
	private Mono<List<String>> attempt(RedisClaim claim, Turn turn) {
		if (!turn.isAwaited()) {
			return Mono.error(new ClaimHeldException());
		}
		long begun = System.nanoTime();
		return this.claims.claim(claim)
			.filterWhen((reply) -> isStillTrue(reply, claim, System.nanoTime() - begun))
			.filter((reply) -> !reply.get(0).equals(RedisClaims.RUNNING))
			// Also where the reply can't be read: one that was cut off is no reply.
			.doOnError((failure) -> this.releases.add(claim));
	}

	// An answer that was long on its way may be about a lease that has run out.
	private Mono<Boolean> isStillTrue(List<String> reply, RedisClaim claim, long nanos) {
		boolean late = nanos > this.lease.dividedBy(3).toNanos();
		return (late && reply.get(0).equals(RedisClaims.CLAIMED)) ? this.claims.renew(claim) : Mono.just(true);
	}

	private void proceed(List<String> reply, RedisClaim claim, Mono<String> invocation, Turn turn) {
		if (reply.get(0).equals(RedisClaims.CLAIMED)) {
			run(claim, invocation, turn);
		}
		else {
			String answer = reply.get(1);
			turn.end(new Handling(Verdict.valueOf(reply.get(0)), answer.isEmpty() ? null : answer));
		}
	}

	private void run(RedisClaim claim, Mono<String> invocation, Turn turn) {
		Disposable renewal = renewal(claim).subscribe();
		this.handling.incrementAndGet();
		Disposable end = Disposables.composite(renewal, this.handling::decrementAndGet);
		try {
			invocation.map(Optional::of)
				.defaultIfEmpty(Optional.empty())
				.doOnError((failure) -> renewal.dispose())
				.onErrorResume((failure) -> release(claim).then(Mono.error(failure)))
				.map((answer) -> new Handling(Verdict.HANDLED, answer.orElse(null)))
				.flatMap((handling) -> complete(claim, handling.answer()).thenReturn(handling))
				.doOnTerminate(renewal::dispose)
				.doFinally((signal) -> end.dispose())
				.subscribe(turn::end, turn::fail);
		}
		catch (Throwable ex) {
			// What Reactor rethrows: a claim that's renewed for ever would be worse.
			end.dispose();
			this.releases.add(claim);
			turn.fail(ex);
		}
	}

	private Flux<Boolean> renewal(RedisClaim claim) {
		Duration pause = this.lease.dividedBy(6);
		return Mono.defer(() -> this.claims.renew(claim))
			.retryWhen(Retry
				.fixedDelay(Long.MAX_VALUE, (pause.compareTo(LONGEST_RETRY_PAUSE) < 0) ? pause : LONGEST_RETRY_PAUSE)
				.doBeforeRetry((retry) -> warnOnce(retry, claim, "can't be renewed")))
			.delaySubscription(this.lease.dividedBy(3))
			.repeat()
			.takeUntil((held) -> !held)
			.doOnNext((held) -> warnIfLost(held, claim));
	}

	private Mono<Boolean> complete(RedisClaim claim, @Nullable String answer) {
		Duration marking = (this.lease.compareTo(MARKING) > 0) ? this.lease : MARKING;
		return this.claims.complete(claim, answer)
			.retryWhen(Retry.backoff(Long.MAX_VALUE, RETRY_PAUSE)
				.maxBackoff(LONGEST_RETRY_PAUSE)
				.doBeforeRetry((retry) -> warnOnce(retry, claim, "can't be completed")))
			.timeout(marking)
			.doOnNext((held) -> warnIfLost(held, claim))
			.doOnError(
					(failure) -> logger.error("The end of %s for message %s couldn't be marked for %s; it may run again"
						.formatted(claim.key().handler(), SidKind.MESSAGE.shown(claim.key().messageSid()), marking)));
	}

	// The one who fails isn't kept waiting for Redis.
	private Mono<Boolean> release(RedisClaim claim) {
		return this.claims.release(claim).timeout(RELEASING).onErrorResume((failure) -> {
			this.releases.add(claim);
			return Mono.just(false);
		});
	}

	private static void warnIfLost(boolean held, RedisClaim claim) {
		if (!held) {
			logger
				.warn("The claim of %s on message %s was lost, and another instance may have run it, too: Redis wasn't"
					.formatted(claim.key().handler(), SidKind.MESSAGE.shown(claim.key().messageSid()))
						+ " reached for longer than a lease");
		}
	}

	private static void warnOnce(Retry.RetrySignal retry, RedisClaim claim, String what) {
		if (retry.totalRetriesInARow() == 0) {
			logger.warn("The claim of %s on message %s %s; it's tried again".formatted(claim.key().handler(),
					SidKind.MESSAGE.shown(claim.key().messageSid()), what), retry.failure());
		}
	}

	private static Duration pause(long round, Turn turn) {
		Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(round, 10));
		return Collections.min(List.of(pause, LONGEST_PAUSE, turn.timeLeft()));
	}

	/**
	 * Names and times.
	 *
	 * @param keyPrefix what every key begins with
	 * @param lease how long a claim outlives its instance
	 * @param retention how long a mark is kept after its last change
	 * @param answerRetention how long a handler's answer is kept
	 * @param longestWait how long a delivery waits for another that is being handled
	 */
	public record RedisLedgerSettings(String keyPrefix, Duration lease, Duration retention, Duration answerRetention,
			Duration longestWait) {

		/**
		 * Checks the times.
		 */
		public RedisLedgerSettings {
			if (lease.toMillis() < 100 || retention.compareTo(lease) < 0) {
				throw new IllegalArgumentException(
						"A lease takes at least 100 ms and at most as long as the retention");
			}
		}

	}

}
