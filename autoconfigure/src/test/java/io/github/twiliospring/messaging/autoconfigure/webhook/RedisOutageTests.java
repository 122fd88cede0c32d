package io.github.twiliospring.messaging.autoconfigure.webhook;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.twiliospring.messaging.webhook.ledger.CallbackLedger;
import io.github.twiliospring.messaging.webhook.ledger.CallbackLedger.Verdict;
import io.github.twiliospring.messaging.webhook.ledger.LedgerKey;
import io.github.twiliospring.messaging.webhook.ledger.RedisCallbackLedger.RedisLedgerSettings;
import io.github.twiliospring.messaging.webhook.ledger.StatusMark;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.TimeoutOptions;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.util.retry.Retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Two instances and a Redis server that is frozen, paused, killed, emptied or refuses.
 * Commands time out after a second.
 */
class RedisOutageTests {

	private static final Duration TIMEOUT = Duration.ofMinutes(1);

	private static final StatusMark SENT = new StatusMark("sent", 3, false);

	// What comes within the timeout doesn't come by the end of a lease.
	private static final RedisLedgerSettings LONG_LEASE = settings(TIMEOUT.multipliedBy(5));

	private static final RedisLedgerSettings SHORT_LEASE = settings(Duration.ofMillis(1500));

	private RedisServer server;

	@BeforeEach
	void start() throws IOException {
		this.server = RedisServer.startDurable();
	}

	@AfterEach
	void stop() {
		if (this.server != null) {
			this.server.close();
		}
	}

	@Test
	void takesBackAClaimThatAFrozenRedisMadeAfterItsClientHadGivenUp() {
		try (RedisInstance one = new RedisInstance(this.server, LONG_LEASE);
				RedisInstance other = patient(this.server.port(), LONG_LEASE)) {
			warmUp(one, other);
			LedgerKey key = CallbackLedgerContract.newKey();
			this.server.freeze();
			AtomicInteger runs = new AtomicInteger();
			Mono<Void> handler = Mono.fromRunnable(runs::incrementAndGet);
			assertThatExceptionOfType(RuntimeException.class)
				.isThrownBy(() -> one.ledger().handleOnce(key, SENT, handler).block(TIMEOUT));
			this.server.thaw();
			assertThat(runs).hasValue(0);
			assertThat(other.ledger().handleOnce(key, SENT, handler).block(TIMEOUT)).isEqualTo(Verdict.HANDLED);
			assertThat(one.ledger().handleOnce(key, SENT, handler).block(TIMEOUT)).isEqualTo(Verdict.DUPLICATE);
			assertThat(runs).hasValue(1);
		}
	}

	@Test
	void takesBackHundredsOfClaimsOfAPausedRedisInLittleTime() {
		try (RedisInstance one = new RedisInstance(this.server, LONG_LEASE);
				RedisInstance other = patient(this.server.port(), LONG_LEASE)) {
			warmUp(one, other);
			List<LedgerKey> keys = Flux.range(0, 500).map((i) -> CallbackLedgerContract.newKey()).collectList().block();
			this.server.pauseScripts();
			long failed = Flux.fromIterable(keys)
				.flatMap((key) -> one.ledger().handleOnce(key, SENT, Mono.empty()).then(Mono.just(0)).onErrorReturn(1),
						500)
				.filter((each) -> each == 1)
				.count()
				.block(TIMEOUT);
			assertThat(failed).isEqualTo(500);
			this.server.resumeScripts();
			List<Verdict> verdicts = Flux.fromIterable(keys)
				.flatMap((key) -> other.ledger()
					.handleOnce(key, SENT, Mono.empty())
					.retryWhen(Retry.fixedDelay(Long.MAX_VALUE, Duration.ofMillis(100))), 500)
				.collectList()
				.block(TIMEOUT);
			assertThat(verdicts).hasSize(500).containsOnly(Verdict.HANDLED);
		}
	}

	@Test
	void marksTheEndOfAHandlerOnceAKilledRedisIsBack() {
		try (RedisInstance one = new RedisInstance(this.server, SHORT_LEASE);
				RedisInstance other = new RedisInstance(this.server, SHORT_LEASE)) {
			warmUp(one, other);
			LedgerKey key = CallbackLedgerContract.newKey();
			AtomicInteger runs = new AtomicInteger();
			Sinks.Empty<Void> end = Sinks.empty();
			Mono<Void> handler = Mono.fromRunnable(runs::incrementAndGet).then(end.asMono());
			Sinks.One<Verdict> verdict = Sinks.one();
			one.ledger().handleOnce(key, SENT, handler).subscribe(verdict::tryEmitValue, verdict::tryEmitError);
			Awaitility.await().atMost(TIMEOUT).untilAsserted(() -> assertThat(runs).hasValue(1));
			this.server.kill();
			end.tryEmitEmpty();
			// Longer than a lease.
			Mono.delay(Duration.ofSeconds(3)).block();
			this.server.restart();
			Verdict repeated = other.ledger().handleOnce(key, SENT, handler).retry(50).block(TIMEOUT);
			assertThat(repeated).isEqualTo(Verdict.DUPLICATE);
			assertThat(verdict.asMono().block(TIMEOUT)).isEqualTo(Verdict.HANDLED);
			assertThat(runs).hasValue(1);
		}
	}

	@Test
	void keepsAClaimThroughAFrostThatIsLongerThanItsLease() {
		try (RedisInstance one = new RedisInstance(this.server, SHORT_LEASE);
				RedisInstance other = new RedisInstance(this.server, SHORT_LEASE)) {
			warmUp(one, other);
			LedgerKey key = CallbackLedgerContract.newKey();
			AtomicInteger runs = new AtomicInteger();
			Sinks.Empty<Void> end = Sinks.empty();
			Mono<Void> handler = Mono.fromRunnable(runs::incrementAndGet).then(end.asMono());
			one.ledger().handleOnce(key, SENT, handler).subscribe();
			Awaitility.await().atMost(TIMEOUT).untilAsserted(() -> assertThat(runs).hasValue(1));
			List<Verdict> repeated = new CopyOnWriteArrayList<>();
			this.server.freeze();
			Mono.delay(Duration.ofMillis(2500)).block();
			other.ledger().handleOnce(key, SENT, handler).retry(50).subscribe(repeated::add);
			this.server.thaw();
			Mono.delay(Duration.ofSeconds(3)).block();
			assertThat(runs).hasValue(1);
			end.tryEmitEmpty();
			Awaitility.await().atMost(TIMEOUT).until(() -> !repeated.isEmpty());
			assertThat(repeated).containsExactly(Verdict.DUPLICATE);
		}
	}

	@Test
	void keepsAClaimThatRedisLost() {
		try (RedisInstance one = new RedisInstance(this.server, SHORT_LEASE);
				RedisInstance other = new RedisInstance(this.server, SHORT_LEASE)) {
			warmUp(one, other);
			LedgerKey key = CallbackLedgerContract.newKey();
			AtomicInteger runs = new AtomicInteger();
			Sinks.Empty<Void> end = Sinks.empty();
			Mono<Void> handler = Mono.fromRunnable(runs::incrementAndGet).then(end.asMono());
			one.ledger().handleOnce(key, SENT, handler).subscribe();
			Awaitility.await().atMost(TIMEOUT).untilAsserted(() -> assertThat(runs).hasValue(1));
			this.server.command("FLUSHALL");
			Awaitility.await().atMost(TIMEOUT).until(() -> this.server.command("DBSIZE").startsWith(":1"));
			Sinks.One<Verdict> repeated = Sinks.one();
			other.ledger().handleOnce(key, SENT, handler).subscribe(repeated::tryEmitValue, repeated::tryEmitError);
			end.tryEmitEmpty();
			assertThat(repeated.asMono().block(TIMEOUT)).isEqualTo(Verdict.DUPLICATE);
			assertThat(runs).hasValue(1);
		}
	}

	@Test
	void releasesAfterTheFrostWhatFailedInIt() {
		try (RedisInstance one = new RedisInstance(this.server, LONG_LEASE);
				RedisInstance other = patient(this.server.port(), LONG_LEASE)) {
			warmUp(one, other);
			LedgerKey key = CallbackLedgerContract.newKey();
			AtomicInteger begun = new AtomicInteger();
			Sinks.Empty<Void> end = Sinks.empty();
			Sinks.One<Verdict> verdict = Sinks.one();
			one.ledger()
				.handleOnce(key, SENT, Mono.fromRunnable(begun::incrementAndGet).then(end.asMono()))
				.subscribe(verdict::tryEmitValue, verdict::tryEmitError);
			Awaitility.await().atMost(TIMEOUT).untilAsserted(() -> assertThat(begun).hasValue(1));
			this.server.freeze();
			end.tryEmitError(new IllegalStateException("the handler's own"));
			assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> verdict.asMono().block(TIMEOUT))
				.withMessage("the handler's own");
			this.server.thaw();
			assertThat(other.ledger().handleOnce(key, SENT, Mono.empty()).block(TIMEOUT)).isEqualTo(Verdict.HANDLED);
		}
	}

	@Test
	void runsNoHandlerForAClaimWhoseAnswerCameAfterItsLease() throws IOException {
		try (SlowWire wire = new SlowWire(this.server.port());
				RedisInstance one = patient(wire.port(), SHORT_LEASE);
				RedisInstance other = new RedisInstance(this.server, SHORT_LEASE)) {
			warmUp(one, other);
			LedgerKey key = CallbackLedgerContract.newKey();
			AtomicInteger runs = new AtomicInteger();
			Mono<Void> handler = Mono.fromRunnable(runs::incrementAndGet);
			Sinks.One<Verdict> late = Sinks.one();
			wire.hold();
			try {
				one.ledger().handleOnce(key, SENT, handler).subscribe(late::tryEmitValue, late::tryEmitError);
				Awaitility.await().atMost(TIMEOUT).until(wire::isHolding);
				assertThat(other.ledger().handleOnce(key, SENT, handler).block(TIMEOUT)).isEqualTo(Verdict.HANDLED);
			}
			finally {
				wire.letThrough();
			}
			assertThat(late.asMono().block(TIMEOUT)).isEqualTo(Verdict.DUPLICATE);
			assertThat(runs).hasValue(1);
		}
	}

	@Test
	void failsWhereTheClientTakesNoMoreCommands() {
		ClientOptions small = ClientOptions.builder()
			.requestQueueSize(3)
			.timeoutOptions(TimeoutOptions.enabled())
			.build();
		try (RedisInstance one = new RedisInstance(this.server.port(), LONG_LEASE, Duration.ofSeconds(1), small);
				RedisInstance other = new RedisInstance(this.server, LONG_LEASE)) {
			warmUp(one, other);
			List<LedgerKey> keys = Flux.range(0, 50).map((i) -> CallbackLedgerContract.newKey()).collectList().block();
			AtomicInteger runs = new AtomicInteger();
			this.server.freeze();
			for (LedgerKey key : keys) {
				one.ledger().handleOnce(key, SENT, Mono.fromRunnable(runs::incrementAndGet)).subscribe((done) -> {
				}, (failure) -> {
				});
			}
			assertThatExceptionOfType(RuntimeException.class).isThrownBy(
					() -> one.ledger().handleOnce(CallbackLedgerContract.newKey(), SENT, Mono.empty()).block(TIMEOUT));
			this.server.thaw();
			for (LedgerKey key : keys) {
				other.ledger().handleOnce(key, SENT, Mono.fromRunnable(runs::incrementAndGet)).block(TIMEOUT);
			}
			assertThat(runs).hasValue(50);
		}
	}

	// Whoever asks first connects, which blocks: the thread is the caller's, an event
	// loop
	// for instance.
	@Test
	void blocksNoCallerWhereRedisIsFrozenFromTheBeginning() throws IOException {
		this.server.freeze();
		try (RedisInstance one = new RedisInstance(this.server, LONG_LEASE)) {
			CallbackLedger ledger = one.ledger();
			Thread caller = Thread.currentThread();
			List<Thread> failures = new CopyOnWriteArrayList<>();
			for (int i = 0; i < 20; i++) {
				ledger.handleOnce(CallbackLedgerContract.newKey(), SENT, Mono.empty()).subscribe((done) -> {
				}, (failure) -> failures.add(Thread.currentThread()));
			}
			Awaitility.await().atMost(TIMEOUT).until(() -> failures.size() == 20);
			// Whoever had waited for the connection would have been told on the spot.
			assertThat(failures).doesNotContain(caller);
			this.server.thaw();
			assertThat(ledger.handleOnce(CallbackLedgerContract.newKey(), SENT, Mono.empty()).retry(50).block(TIMEOUT))
				.isEqualTo(Verdict.HANDLED);
		}
	}

	// Whose commands have time on a busy machine, too.
	private static RedisInstance patient(int port, RedisLedgerSettings settings) {
		return new RedisInstance(port, settings, TIMEOUT,
				ClientOptions.builder().timeoutOptions(TimeoutOptions.enabled()).build());
	}

	// On a busy machine, the first command may take longer than its second.
	private static void warmUp(RedisInstance... instances) {
		for (RedisInstance each : instances) {
			each.ledger().handleOnce(CallbackLedgerContract.newKey(), SENT, Mono.empty()).retry(50).block(TIMEOUT);
		}
	}

	private static RedisLedgerSettings settings(Duration lease) {
		return new RedisLedgerSettings("outage:", lease, Duration.ofDays(1), Duration.ofHours(1),
				Duration.ofSeconds(10));
	}

}
