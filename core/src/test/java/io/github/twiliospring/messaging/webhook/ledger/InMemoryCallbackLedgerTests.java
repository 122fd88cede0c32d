package io.github.twiliospring.messaging.webhook.ledger;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.twiliospring.messaging.message.MessageStatus;
import io.github.twiliospring.messaging.webhook.ledger.CallbackLedger.Verdict;
import org.junit.jupiter.api.Test;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

import static org.assertj.core.api.Assertions.assertThat;

class InMemoryCallbackLedgerTests {

	private static final LedgerKey KEY = new LedgerKey("AC1", "SM1", "orders.track()");

	private final CallbackLedger ledger = new InMemoryCallbackLedger(1000, Duration.ofDays(10));

	@Test
	void handsEachStatusOnOnceAndNeverBackwardsInAnyOrderWithDuplicates() {
		long seed = Long.getLong("seed", 42L);
		System.out.println("orders of statuses, seed " + seed);
		Random random = new Random(seed);
		for (int round = 0; round < 500; round++) {
			LedgerKey key = new LedgerKey("AC1", "SM" + round, "h");
			List<MessageStatus> deliveries = new ArrayList<>(List.of(MessageStatus.values()));
			deliveries.addAll(List.of(MessageStatus.values()));
			Collections.shuffle(deliveries, random);
			List<StatusMark> handed = new ArrayList<>();
			boolean failOnce = random.nextBoolean();
			AtomicInteger calls = new AtomicInteger();
			for (MessageStatus status : deliveries) {
				StatusMark mark = StatusMark.of(status, "teleported", false);
				Mono<Void> handler = Mono.fromRunnable(() -> {
					if (calls.getAndIncrement() == 1 && failOnce) {
						throw new IllegalStateException("once");
					}
					handed.add(mark);
				});
				this.ledger.handleOnce(key, mark, handler).onErrorComplete().block();
			}
			assertThat(handed).as("round " + round).doesNotHaveDuplicates();
			assertThat(handed.stream().filter(StatusMark::isRanked).map(StatusMark::rank)).isSorted()
				.doesNotHaveDuplicates();
			assertThat(handed.stream().filter(StatusMark::isRanked).map(StatusMark::status)).last().isEqualTo("read");
		}
	}

	@Test
	void ranksTheStatusesAsTheyFollowEachOther() {
		assertThat(mark(MessageStatus.ACCEPTED).rank()).isEqualTo(mark(MessageStatus.SCHEDULED).rank());
		List<MessageStatus> ascending = List.of(MessageStatus.SCHEDULED, MessageStatus.QUEUED, MessageStatus.SENDING,
				MessageStatus.SENT, MessageStatus.FAILED, MessageStatus.DELIVERED, MessageStatus.READ);
		assertThat(ascending.stream().map((status) -> mark(status).rank())).isSorted().doesNotHaveDuplicates();
		for (MessageStatus equal : List.of(MessageStatus.UNDELIVERED, MessageStatus.CANCELED,
				MessageStatus.PARTIALLY_DELIVERED)) {
			assertThat(mark(equal).rank()).isEqualTo(mark(MessageStatus.FAILED).rank());
		}
	}

	@Test
	void runsFiftyConcurrentDuplicatesOnceAndGivesAllTheSameAnswer() {
		AtomicInteger runs = new AtomicInteger();
		Sinks.Empty<Void> finish = Sinks.empty();
		Mono<Void> handler = Mono.fromRunnable(runs::incrementAndGet).then(finish.asMono());
		List<Verdict> verdicts = new CopyOnWriteArrayList<>();
		Flux<Verdict> all = Flux.range(0, 50)
			.flatMap((i) -> this.ledger.handleOnce(KEY, mark(MessageStatus.DELIVERED), handler)
				.subscribeOn(Schedulers.parallel()), 50)
			.doOnNext(verdicts::add);
		StepVerifier.create(all.doOnSubscribe((subscription) -> Schedulers.parallel().schedule(finish::tryEmitEmpty)))
			.expectNextCount(50)
			.verifyComplete();
		assertThat(runs).hasValue(1);
		assertThat(verdicts.stream().filter(Verdict.HANDLED::equals)).hasSize(1);
	}

	@Test
	void givesAFailureToEveryDuplicateThatJoinedAndReleasesTheClaim() {
		AtomicInteger runs = new AtomicInteger();
		Sinks.Empty<Void> finish = Sinks.empty();
		Mono<Void> handler = Mono.fromRunnable(runs::incrementAndGet).then(finish.asMono());
		Mono<List<String>> answers = Flux.range(0, 10)
			.flatMap((i) -> this.ledger.handleOnce(KEY, mark(MessageStatus.DELIVERED), handler)
				.map(Verdict::name)
				.onErrorResume((failure) -> Mono.just("failed")), 10)
			.collectList();
		StepVerifier.create(answers)
			.then(() -> finish.tryEmitError(new IllegalStateException("handler")))
			.assertNext((list) -> assertThat(list).hasSize(10).containsOnly("failed"))
			.verifyComplete();
		assertThat(runs).hasValue(1);
		assertThat(this.ledger.handleOnce(KEY, mark(MessageStatus.DELIVERED), Mono.empty()).block())
			.isEqualTo(Verdict.HANDLED);
	}

	@Test
	void keepsTheClaimUntilTheInvocationHasReallyEndedThoughItsCallerHasGone() {
		Sinks.Empty<Void> finish = Sinks.empty();
		AtomicInteger runs = new AtomicInteger();
		Mono<Void> handler = Mono.fromRunnable(runs::incrementAndGet).then(finish.asMono());
		Disposable caller = this.ledger.handleOnce(KEY, mark(MessageStatus.SENT), handler).subscribe();
		assertThat(runs).hasValue(1);
		caller.dispose();
		Mono<Verdict> duplicate = this.ledger.handleOnce(KEY, mark(MessageStatus.SENT), handler);
		StepVerifier.create(duplicate)
			.then(() -> assertThat(runs).hasValue(1))
			.then(finish::tryEmitEmpty)
			.expectNext(Verdict.DUPLICATE)
			.verifyComplete();
		assertThat(runs).hasValue(1);
	}

	@Test
	void letsALaterStatusWaitForTheOneThatRuns() {
		Sinks.Empty<Void> finish = Sinks.empty();
		List<String> events = new CopyOnWriteArrayList<>();
		this.ledger
			.handleOnce(KEY, mark(MessageStatus.DELIVERED),
					finish.asMono().doOnTerminate(() -> events.add("delivered")))
			.subscribe();
		StepVerifier
			.create(this.ledger.handleOnce(KEY, mark(MessageStatus.READ), Mono.fromRunnable(() -> events.add("read"))))
			.then(() -> assertThat(events).isEmpty())
			.then(finish::tryEmitEmpty)
			.expectNext(Verdict.HANDLED)
			.verifyComplete();
		assertThat(events).containsExactly("delivered", "read");
	}

	@Test
	void releasesItsClaimWhereAnInvocationCannotEvenBegin() {
		Mono<Void> broken = Mono.defer(() -> {
			throw new IllegalStateException("broken");
		});
		Mono<Void> worse = new ThrowingMono<>();
		for (Mono<Void> invocation : List.of(broken, worse)) {
			StepVerifier.create(this.ledger.handleOnce(KEY, mark(MessageStatus.SENT), invocation)).verifyError();
		}
		assertThat(this.ledger.handleOnce(KEY, mark(MessageStatus.SENT), Mono.empty()).block(Duration.ofSeconds(5)))
			.isEqualTo(Verdict.HANDLED);
	}

	@Test
	void dropsTheOldestMarksWhereThereAreTooMany() {
		CallbackLedger small = new InMemoryCallbackLedger(100, Duration.ofDays(10));
		for (int i = 0; i < 1000; i++) {
			small.handleOnce(new LedgerKey("AC1", "SM" + i, "h"), mark(MessageStatus.DELIVERED), Mono.empty()).block();
		}
		for (int i = 900; i < 1000; i++) {
			assertThat(small.handleOnce(new LedgerKey("AC1", "SM" + i, "h"), mark(MessageStatus.QUEUED), Mono.empty())
				.block()).isEqualTo(Verdict.STALE);
		}
	}

	@Test
	void handsALateStatusToAHandlerThatAsksForIt() {
		this.ledger.handleOnce(KEY, mark(MessageStatus.DELIVERED), Mono.empty()).block();
		assertThat(this.ledger.handleOnce(KEY, mark(MessageStatus.SENT), Mono.empty()).block())
			.isEqualTo(Verdict.STALE);
		StatusMark late = StatusMark.of(MessageStatus.SENT, "sent", true);
		assertThat(this.ledger.handleOnce(KEY, late, Mono.empty()).block()).isEqualTo(Verdict.HANDLED);
		assertThat(this.ledger.handleOnce(KEY, late, Mono.empty()).block()).isEqualTo(Verdict.DUPLICATE);
	}

	/**
	 * Breaks the rules as no operator would.
	 */
	private static final class ThrowingMono<T> extends Mono<T> {

		@Override
		public void subscribe(CoreSubscriber<? super T> actual) {
			throw new IllegalStateException("before anything began");
		}

	}

	private static StatusMark mark(MessageStatus status) {
		return StatusMark.of(status, status.value(), false);
	}

}
