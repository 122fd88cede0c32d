package io.github.twiliospring.messaging.webhook.ledger;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Makes handling once-only and monotonic: a handler gets each status of a message once,
 * and none that would go backwards.
 */
public interface CallbackLedger {

	/**
	 * Runs a handler unless it had this status before, or a later one.
	 * <p>
	 * Once begun, the invocation runs to its own end, whether or not the returned
	 * {@code Mono} is still subscribed: only then is the status marked as handled, or the
	 * claim released after a failure. A second delivery of the same status meanwhile
	 * doesn't run the handler but gets the first one's result; a delivery of another
	 * status waits for its turn. Both wait for a bounded time.
	 * <p>
	 * The claim is the invocation's: a caller that doesn't want it held for longer ends
	 * the invocation, with a failure. What was claimed anew by then, here or by another
	 * instance, isn't touched by the end of the old one.
	 * @param key the message and the handler
	 * @param mark the status
	 * @param invocation runs the handler when it's subscribed; its value is the answer
	 * that a duplicate gets again, empty for none
	 * @return what was done, or the handler's failure, or the ledger's own, or
	 * {@link ClaimHeldException} where another was handled for longer than this one waits
	 */
	Mono<Handling> answerOnce(LedgerKey key, StatusMark mark, Mono<String> invocation);

	/**
	 * Runs a handler that has no answer, as
	 * {@link #answerOnce(LedgerKey, StatusMark, Mono)} does.
	 * @param key the message and the handler
	 * @param mark the status
	 * @param invocation runs the handler when it's subscribed
	 * @return what was done, or the handler's failure, or the ledger's own
	 */
	default Mono<Verdict> handleOnce(LedgerKey key, StatusMark mark, Mono<Void> invocation) {
		return answerOnce(key, mark, invocation.then(Mono.empty())).map(Handling::verdict);
	}

	/**
	 * What was done with a status.
	 */
	enum Verdict {

		/** The handler ran, and succeeded. */
		HANDLED,

		/** The handler had it before, or was at it. */
		DUPLICATE,

		/** The handler had a later one before; this one was dropped. */
		STALE

	}

	/**
	 * What was done with a status, and the handler's answer.
	 *
	 * @param verdict what was done
	 * @param answer the answer that the handler gave now or before, or {@code null} where
	 * it gave none or it isn't kept any more
	 */
	record Handling(Verdict verdict, @Nullable String answer) {

		@Override
		public String toString() {
			return "Handling[" + this.verdict + "]";
		}

	}

}
