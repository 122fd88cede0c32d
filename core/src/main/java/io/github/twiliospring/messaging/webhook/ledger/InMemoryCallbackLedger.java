package io.github.twiliospring.messaging.webhook.ledger;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.twiliospring.messaging.webhook.ledger.Turns.Turn;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.util.function.SingletonSupplier;

/**
 * Keeps the marks in this process, bounded in number and age. They end with the process:
 * a status update that the provider repeats after a restart comes again. Running claims
 * are never evicted.
 */
public final class InMemoryCallbackLedger implements CallbackLedger {

	private final RecentMarks marks;

	// Made with the first answer: a start needn't wait for it.
	private final SingletonSupplier<Cache<LedgerKey, String>> answers;

	private final Turns turns;

	/**
	 * Makes an empty ledger that keeps answers for an hour, and whose deliveries wait for
	 * another at most 15 seconds.
	 * @param maximumSize the most marks, one for each message and handler; the oldest go
	 * first
	 * @param retention how long a mark is kept after its last change
	 */
	public InMemoryCallbackLedger(long maximumSize, Duration retention) {
		this(maximumSize, retention, Duration.ofHours(1), Duration.ofSeconds(15));
	}

	/**
	 * Makes an empty ledger.
	 * @param maximumSize the most marks, one for each message and handler, and the most
	 * answers; of the marks, the oldest go first
	 * @param retention how long a mark is kept after its last change
	 * @param answerRetention how long a handler's answer is kept
	 * @param longestWait how long a delivery waits for another that is being handled
	 * @throws IllegalArgumentException if the answers' retention is negative
	 */
	public InMemoryCallbackLedger(long maximumSize, Duration retention, Duration answerRetention,
			Duration longestWait) {
		if (answerRetention.isNegative()) {
			throw new IllegalArgumentException("Answers can't be kept for less than nothing: " + answerRetention);
		}
		this.marks = new RecentMarks(maximumSize, retention);
		this.answers = SingletonSupplier
			.of(() -> Caffeine.newBuilder().maximumSize(maximumSize).expireAfterWrite(answerRetention).build());
		this.turns = new Turns(longestWait);
	}

	@Override
	public Mono<Handling> answerOnce(LedgerKey key, StatusMark mark, Mono<String> invocation) {
		return Mono.deferContextual((context) -> this.turns.take(key, mark.status(), (turn) -> {
			Fingerprint fingerprint = Fingerprint.of(key);
			Marks before = this.marks.get(fingerprint);
			Verdict verdict = (before != null) ? before.judge(mark) : Verdict.HANDLED;
			if (verdict != Verdict.HANDLED) {
				turn.end(new Handling(verdict, this.answers.obtain().getIfPresent(key)));
				return;
			}
			Marks after = (before != null) ? before.with(mark) : Marks.first(mark);
			run(invocation.contextWrite(context), turn, (answer) -> {
				if (answer != null) {
					this.answers.obtain().put(key, answer);
				}
				this.marks.put(fingerprint, after);
			});
		}));
	}

	private void run(Mono<String> invocation, Turn turn, Keeper keeper) {
		AtomicReference<@Nullable String> answer = new AtomicReference<>();
		invocation.subscribe(answer::set, turn::fail, () -> {
			String given = answer.get();
			try {
				keeper.keep(given);
			}
			catch (Throwable ex) {
				turn.fail(ex);
				return;
			}
			turn.end(new Handling(Verdict.HANDLED, given));
		});
	}

	/**
	 * Keeps what came of a handler.
	 */
	private interface Keeper {

		void keep(@Nullable String answer);

	}

}
