package io.github.twiliospring.messaging.webhook.ledger;

import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;

import io.github.twiliospring.messaging.webhook.ledger.CallbackLedger.Handling;
import io.github.twiliospring.messaging.webhook.ledger.CallbackLedger.Verdict;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Within this process, one delivery at a time has its turn with a message and a handler.
 * Those of the same status share its end, those of another wait for it, each at most for
 * the longest wait.
 */
final class Turns {

	private final ConcurrentMap<LedgerKey, Turn> turns = new ConcurrentHashMap<>();

	private final Duration longestWait;

	Turns(Duration longestWait) {
		this.longestWait = longestWait;
	}

	/**
	 * Takes a turn, or shares one.
	 * @param key the message and the handler
	 * @param status the status on the wire
	 * @param work what is done with the turn, and ends it, sooner or later
	 * @return how the turn ended, or {@link ClaimHeldException} for one that waited in
	 * vain
	 */
	Mono<Handling> take(LedgerKey key, String status, Consumer<Turn> work) {
		return Mono.defer(() -> {
			long deadline = System.nanoTime() + this.longestWait.toNanos();
			// Empty where another's turn ended: then it's tried again, in a loop.
			return Mono.defer(() -> attempt(new Turn(key, status, deadline), work))
				.repeatWhenEmpty(Function.identity());
		});
	}

	boolean isEmpty() {
		return this.turns.isEmpty();
	}

	private Mono<Handling> attempt(Turn mine, Consumer<Turn> work) {
		Turn other = this.turns.putIfAbsent(mine.key, mine);
		if (other != null) {
			return other.await(mine);
		}
		try {
			work.accept(mine);
		}
		catch (Throwable ex) {
			// Also where there was no memory, for example: a turn that stays would keep
			// every later status update of its message waiting.
			mine.fail(ex);
		}
		return mine.result();
	}

	/**
	 * One delivery's turn. Only its first end counts.
	 */
	final class Turn {

		private final LedgerKey key;

		private final String status;

		private final long deadline;

		private final Sinks.One<Handling> sink = Sinks.one();

		// Whose turn it is, to begin with.
		private final AtomicInteger waiting = new AtomicInteger(1);

		Turn(LedgerKey key, String status, long deadline) {
			this.key = key;
			this.status = status;
			this.deadline = deadline;
		}

		/**
		 * Whether somebody still wants to know how it ends, and has time.
		 */
		boolean isAwaited() {
			return this.waiting.get() > 0 && !timeLeft().isZero();
		}

		/**
		 * How long it may still wait for its turn; zero where that's over.
		 */
		Duration timeLeft() {
			return Duration.ofNanos(Math.max(0, this.deadline - System.nanoTime()));
		}

		void end(Handling handling) {
			Turns.this.turns.remove(this.key, this);
			this.sink.tryEmitValue(handling);
		}

		void fail(Throwable failure) {
			Turns.this.turns.remove(this.key, this);
			this.sink.tryEmitError(failure);
		}

		private Mono<Handling> result() {
			return this.sink.asMono().doFinally((signal) -> this.waiting.decrementAndGet());
		}

		private Mono<Handling> await(Turn waiter) {
			this.waiting.incrementAndGet();
			// A turn that gave up waiting says nothing about one that began later.
			Mono<Handling> end = this.status.equals(waiter.status)
					? result().map(Turn::shared).onErrorResume(ClaimHeldException.class, (given) -> Mono.empty())
					: result().onErrorComplete().then(Mono.empty());
			return end.timeout(waiter.timeLeft(), Mono.error(ClaimHeldException::new));
		}

		private static Handling shared(Handling handling) {
			return (handling.verdict() == Verdict.HANDLED) ? new Handling(Verdict.DUPLICATE, handling.answer())
					: handling;
		}

	}

}
