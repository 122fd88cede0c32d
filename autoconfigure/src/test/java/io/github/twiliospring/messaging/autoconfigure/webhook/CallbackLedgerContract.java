package io.github.twiliospring.messaging.autoconfigure.webhook;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.twiliospring.messaging.webhook.ledger.CallbackLedger;
import io.github.twiliospring.messaging.webhook.ledger.CallbackLedger.Handling;
import io.github.twiliospring.messaging.webhook.ledger.CallbackLedger.Verdict;
import io.github.twiliospring.messaging.webhook.ledger.ClaimHeldException;
import io.github.twiliospring.messaging.webhook.ledger.LedgerKey;
import io.github.twiliospring.messaging.webhook.ledger.StatusMark;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What every ledger promises about what is held: it has an owner and an end, and no end
 * touches what is another's.
 */
abstract class CallbackLedgerContract {

	static final Duration TIMEOUT = Duration.ofSeconds(20);

	// Whoever finds a claim that wasn't released fails after it.
	static final Duration LONGEST_WAIT = Duration.ofSeconds(1);

	private static final StatusMark SENT = new StatusMark("sent", 3, false);

	private static final StatusMark DELIVERED = new StatusMark("delivered", 5, false);

	/**
	 * Two instances' ledgers that share what they keep; the same one twice where they
	 * can't.
	 */
	abstract List<CallbackLedger> instances();

	@Test
	void endsTheWaitOfTwoHundredDuplicatesOfAHandlerThatHangs() {
		LedgerKey key = newKey();
		Sinks.Empty<Void> end = Sinks.empty();
		Disposable hung = hang(key, SENT, end);
		List<Throwable> failures = Flux.range(0, 200)
			.flatMap((i) -> instance(i).handleOnce(key, SENT, Mono.error(new AssertionError("Ran twice")))
				.then(Mono.<Throwable>empty())
				.onErrorResume(Mono::just), 200)
			.collectList()
			.block(TIMEOUT);
		assertThat(failures).hasSize(200).hasOnlyElementsOfType(ClaimHeldException.class);
		end.tryEmitEmpty();
		Awaitility.await().atMost(TIMEOUT).until(hung::isDisposed);
		assertThat(instance(1).handleOnce(key, SENT, Mono.empty()).block(TIMEOUT)).isEqualTo(Verdict.DUPLICATE);
	}

	@Test
	void endsTheWaitOfALaterStatusForAHandlerThatHangs() {
		LedgerKey key = newKey();
		Sinks.Empty<Void> end = Sinks.empty();
		hang(key, SENT, end);
		for (int i = 0; i < 2; i++) {
			CallbackLedger instance = instance(i);
			assertThatExceptionOfType(ClaimHeldException.class)
				.isThrownBy(() -> instance.handleOnce(key, DELIVERED, Mono.empty()).block(TIMEOUT));
		}
		end.tryEmitEmpty();
		assertThat(instance(1).handleOnce(key, DELIVERED, Mono.empty()).block(TIMEOUT)).isEqualTo(Verdict.HANDLED);
	}

	@Test
	void letsAWaiterInAfterOneThatGaveUp() {
		LedgerKey key = newKey();
		Sinks.Empty<Void> end = Sinks.empty();
		hang(key, SENT, end);
		List<String> outcomes = new CopyOnWriteArrayList<>();
		Mono<Verdict> waiter = instance(1).handleOnce(key, DELIVERED, Mono.empty());
		waiter.subscribe((verdict) -> outcomes.add(verdict.name()), (failure) -> {
			outcomes.add("gave up");
			end.tryEmitEmpty();
		});
		// One that comes later waits longer, though it shares the other's turn.
		Mono.delay(LONGEST_WAIT.multipliedBy(9).dividedBy(10))
			.then(waiter)
			.subscribe((verdict) -> outcomes.add(verdict.name()), (failure) -> outcomes.add("gave up, too"));
		Awaitility.await().atMost(TIMEOUT).until(() -> outcomes.size() == 2);
		assertThat(outcomes).containsExactly("gave up", "HANDLED");
	}

	@Test
	void releasesTheClaimOfAHandlerThatItsCallerEnds() {
		LedgerKey key = newKey();
		AtomicInteger interrupted = new AtomicInteger();
		Mono<Void> limited = Mono.<Void>never()
			.doOnCancel(interrupted::incrementAndGet)
			.timeout(Duration.ofMillis(100));
		assertThatExceptionOfType(RuntimeException.class)
			.isThrownBy(() -> instance(0).handleOnce(key, SENT, limited).block(TIMEOUT))
			.withCauseInstanceOf(TimeoutException.class);
		assertThat(interrupted).hasValue(1);
		assertThat(instance(1).handleOnce(key, SENT, Mono.empty()).block(TIMEOUT)).isEqualTo(Verdict.HANDLED);
	}

	@Test
	void releasesTheClaimOfAHandlerThatCannotEvenBegin() {
		Mono<Void> broken = Mono.defer(() -> {
			throw new IllegalStateException("broken");
		});
		Mono<Void> fatal = Mono.defer(() -> {
			throw new NoClassDefFoundError("what Reactor rethrows");
		});
		for (Mono<Void> invocation : List.of(broken, fatal, new ThrowingMono<Void>())) {
			LedgerKey key = newKey();
			assertThatExceptionOfType(Throwable.class)
				.isThrownBy(() -> instance(0).handleOnce(key, SENT, invocation).block(TIMEOUT));
			assertThat(instance(1).handleOnce(key, SENT, Mono.empty()).block(TIMEOUT)).isEqualTo(Verdict.HANDLED);
		}
	}

	@Test
	void ignoresASecondEndOfAHandler() {
		LedgerKey key = newKey();
		Mono<Void> twice = new Mono<>() {

			@Override
			public void subscribe(CoreSubscriber<? super Void> actual) {
				actual.onSubscribe(reactor.core.publisher.Operators.emptySubscription());
				actual.onError(new IllegalStateException("first"));
				actual.onComplete();
			}

		};
		assertThatExceptionOfType(IllegalStateException.class)
			.isThrownBy(() -> instance(0).handleOnce(key, SENT, twice).block(TIMEOUT));
		assertThat(instance(1).handleOnce(key, SENT, Mono.empty()).block(TIMEOUT)).isEqualTo(Verdict.HANDLED);
	}

	@Test
	void handsOnAHundredStatusesThatWaitForEachOtherOneByOne() {
		LedgerKey key = newKey();
		AtomicInteger running = new AtomicInteger();
		AtomicInteger most = new AtomicInteger();
		List<String> handled = new ArrayList<>();
		Mono<Void> handler = Mono.fromRunnable(() -> most.accumulateAndGet(running.incrementAndGet(), Math::max))
			.then(Mono.<Void>fromRunnable(running::decrementAndGet).subscribeOn(Schedulers.parallel()));
		Flux.range(0, 100)
			.flatMap((i) -> instance(i)
				.handleOnce(key, new StatusMark("invented " + i, -1, false),
						handler.then(Mono.fromRunnable(() -> handled.add("invented " + i))))
				.retry(50), 100)
			.blockLast(TIMEOUT);
		assertThat(handled).hasSize(100).doesNotHaveDuplicates();
		assertThat(most).hasValue(1);
	}

	@Test
	void givesADuplicateThatWaitsTheAnswerAndALateOneNone() {
		LedgerKey key = newKey();
		Sinks.One<String> answer = Sinks.one();
		AtomicInteger begun = new AtomicInteger();
		Mono<String> handler = Mono.fromRunnable(begun::incrementAndGet).then(answer.asMono());
		Mono<Handling> first = instance(0).answerOnce(key, DELIVERED, handler);
		List<Handling> handlings = new CopyOnWriteArrayList<>();
		first.subscribe(handlings::add);
		Awaitility.await().atMost(TIMEOUT).untilAsserted(() -> assertThat(begun).hasValue(1));
		instance(0).answerOnce(key, DELIVERED, handler).subscribe(handlings::add);
		instance(1).answerOnce(key, DELIVERED, handler).subscribe(handlings::add);
		instance(1).answerOnce(key, SENT, handler).subscribe(handlings::add);
		answer.tryEmitValue("answer");
		Awaitility.await().atMost(TIMEOUT).until(() -> handlings.size() == 4);
		assertThat(begun).hasValue(1);
		assertThat(handlings).extracting(Handling::verdict)
			.containsExactlyInAnyOrder(Verdict.HANDLED, Verdict.DUPLICATE, Verdict.DUPLICATE, Verdict.STALE);
		assertThat(handlings).filteredOn((handling) -> handling.verdict() != Verdict.STALE)
			.extracting(Handling::answer)
			.containsOnly("answer");
	}

	Disposable hang(LedgerKey key, StatusMark mark, Sinks.Empty<Void> end) {
		AtomicInteger begun = new AtomicInteger();
		Disposable hung = instance(0)
			.handleOnce(key, mark, Mono.fromRunnable(begun::incrementAndGet).then(end.asMono()))
			.subscribe();
		Awaitility.await().atMost(TIMEOUT).untilAsserted(() -> assertThat(begun).hasValue(1));
		return hung;
	}

	private CallbackLedger instance(int number) {
		return instances().get(number % 2);
	}

	static LedgerKey newKey() {
		return new LedgerKey("AC1", WebhookClient.newSid(), "orders.track(StatusUpdate)");
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

}
