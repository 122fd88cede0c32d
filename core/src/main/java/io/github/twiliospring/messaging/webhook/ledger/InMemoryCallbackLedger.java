package io.github.twiliospring.messaging.webhook.ledger;

import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicReference;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Keeps the marks in this process, bounded in number and age. They end with the process:
 * a report that the provider repeats after a restart is handed on again. Running claims
 * are never evicted.
 */
public final class InMemoryCallbackLedger implements CallbackLedger {

	private final RecentMarks marks;

	private final Cache<LedgerKey, String> answers;

	private final ConcurrentMap<LedgerKey, Claim> claims = new ConcurrentHashMap<>();

	/**
	 * Makes an empty ledger that keeps answers for an hour.
	 * @param maximumSize the most marks, one for each message and handler; the oldest go
	 * first
	 * @param retention how long a mark is kept after its last change
	 */
	public InMemoryCallbackLedger(long maximumSize, Duration retention) {
		this(maximumSize, retention, Duration.ofHours(1));
	}

	/**
	 * Makes an empty ledger.
	 * @param maximumSize the most marks, one for each message and handler, and the most
	 * answers; of the marks, the oldest go first
	 * @param retention how long a mark is kept after its last change
	 * @param answerRetention how long a handler's answer is kept
	 */
	public InMemoryCallbackLedger(long maximumSize, Duration retention, Duration answerRetention) {
		this.marks = new RecentMarks(maximumSize, retention);
		this.answers = Caffeine.newBuilder().maximumSize(maximumSize).expireAfterWrite(answerRetention).build();
	}

	@Override
	public Mono<Handling> answerOnce(LedgerKey key, StatusMark mark, Mono<String> invocation) {
		return Mono.deferContextual((context) -> {
			Fingerprint fingerprint = Fingerprint.of(key);
			Claim mine = new Claim(mark.status());
			Claim other = this.claims.putIfAbsent(key, mine);
			if (other != null) {
				return other.status.equals(mark.status())
						? other.result().map((handling) -> new Handling(Verdict.DUPLICATE, handling.answer()))
						: other.result().onErrorComplete().then(answerOnce(key, mark, invocation));
			}
			try {
				Marks before = this.marks.get(fingerprint);
				Verdict verdict = (before != null) ? before.judge(mark) : Verdict.HANDLED;
				if (verdict != Verdict.HANDLED) {
					end(key, mine, new Handling(verdict, this.answers.getIfPresent(key)));
				}
				else {
					Marks after = (before != null) ? before.with(mark) : Marks.first(mark);
					run(key, mine, () -> this.marks.put(fingerprint, after), invocation.contextWrite(context));
				}
			}
			catch (Throwable ex) {
				fail(key, mine, ex);
			}
			return mine.result();
		});
	}

	private void run(LedgerKey key, Claim claim, Runnable keep, Mono<String> invocation) {
		AtomicReference<@Nullable String> answer = new AtomicReference<>();
		invocation.subscribe(answer::set, (failure) -> fail(key, claim, failure), () -> {
			String given = answer.get();
			try {
				if (given != null) {
					this.answers.put(key, given);
				}
				keep.run();
			}
			catch (Throwable ex) {
				fail(key, claim, ex);
				return;
			}
			end(key, claim, new Handling(Verdict.HANDLED, given));
		});
	}

	private void end(LedgerKey key, Claim claim, Handling handling) {
		release(key, claim);
		claim.sink.tryEmitValue(handling);
	}

	// Also where there was no memory, for example: a claim that stays would keep every
	// later report of its message waiting.
	private void fail(LedgerKey key, Claim claim, Throwable failure) {
		release(key, claim);
		claim.sink.tryEmitError(failure);
	}

	private void release(LedgerKey key, Claim claim) {
		this.claims.remove(key, claim);
	}

	private static final class Claim {

		private final String status;

		private final Sinks.One<Handling> sink = Sinks.one();

		Claim(String status) {
			this.status = status;
		}

		Mono<Handling> result() {
			return this.sink.asMono();
		}

	}

}
