package io.github.twiliospring.messaging.webhook.ledger;

import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

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

	private final Cache<LedgerKey, Marks> marks;

	private final ConcurrentMap<LedgerKey, Claim> claims = new ConcurrentHashMap<>();

	/**
	 * Makes an empty ledger.
	 * @param maximumSize the most marks, one for each message and handler; the least
	 * recently used go first
	 * @param retention how long a mark is kept after its last change
	 */
	public InMemoryCallbackLedger(long maximumSize, Duration retention) {
		this.marks = Caffeine.newBuilder().maximumSize(maximumSize).expireAfterWrite(retention).build();
	}

	@Override
	public Mono<Verdict> handleOnce(LedgerKey key, StatusMark mark, Mono<Void> invocation) {
		return Mono.deferContextual((context) -> {
			Claim mine = new Claim(mark.status());
			Claim other = this.claims.putIfAbsent(key, mine);
			if (other != null) {
				return other.status.equals(mark.status()) ? other.result().map((verdict) -> Verdict.DUPLICATE)
						: other.result().onErrorComplete().then(handleOnce(key, mark, invocation));
			}
			Marks before = this.marks.getIfPresent(key);
			Verdict verdict = (before != null) ? before.judge(mark) : Verdict.HANDLED;
			if (verdict != Verdict.HANDLED) {
				release(key, mine);
				mine.sink.tryEmitValue(verdict);
				return Mono.just(verdict);
			}
			invocation.contextWrite(context).subscribe((nothing) -> {
			}, (failure) -> {
				release(key, mine);
				mine.sink.tryEmitError(failure);
			}, () -> {
				this.marks.put(key, (before != null) ? before.with(mark) : Marks.first(mark));
				release(key, mine);
				mine.sink.tryEmitValue(Verdict.HANDLED);
			});
			return mine.result();
		});
	}

	private void release(LedgerKey key, Claim claim) {
		this.claims.remove(key, claim);
	}

	private static final class Claim {

		private final String status;

		private final Sinks.One<Verdict> sink = Sinks.one();

		Claim(String status) {
			this.status = status;
		}

		Mono<Verdict> result() {
			return this.sink.asMono();
		}

	}

	/**
	 * What one handler had of one message.
	 */
	private record Marks(int highest, String last, @Nullable Set<String> others) {

		static Marks first(StatusMark mark) {
			return new Marks(mark.rank(), mark.status(), null);
		}

		Verdict judge(StatusMark mark) {
			if (this.last.equals(mark.status()) || (this.others != null && this.others.contains(mark.status()))) {
				return Verdict.DUPLICATE;
			}
			boolean late = mark.isRanked() && mark.rank() <= this.highest;
			return (late && !mark.acceptLate()) ? Verdict.STALE : Verdict.HANDLED;
		}

		Marks with(StatusMark mark) {
			Set<String> seen = (this.others != null) ? new TreeSet<>(this.others) : new TreeSet<>();
			seen.add(this.last);
			return new Marks(Math.max(this.highest, mark.rank()), mark.status(), seen);
		}

	}

}
