package io.github.twiliospring.messaging.client;

import java.time.Duration;
import java.util.function.Function;

import io.github.twiliospring.messaging.client.Operation.Repeatability;
import io.github.twiliospring.messaging.client.Outcome.Accepted;
import io.github.twiliospring.messaging.client.Outcome.NotSent;
import io.github.twiliospring.messaging.client.Outcome.Rejected;
import io.github.twiliospring.messaging.client.Outcome.Unknown;
import io.github.twiliospring.messaging.error.ApiError;
import io.github.twiliospring.messaging.error.MessageNotSentException;
import io.github.twiliospring.messaging.error.MessageOutcomeUnknownException.Send;
import io.github.twiliospring.messaging.error.MessageOutcomeUnknownException;
import io.github.twiliospring.messaging.error.MessageRejectedException;
import io.github.twiliospring.messaging.error.MessagingException;
import io.github.twiliospring.messaging.error.MessagingUnavailableException;
import io.github.twiliospring.messaging.message.OutboundMessage;
import io.github.twiliospring.messaging.observation.MessagingObservationDocumentation.Event;
import io.github.twiliospring.messaging.observation.MessagingObservations;
import io.github.twiliospring.messaging.retry.RetryStrategy;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * One call on its way to its end. A call that changes something and had its answer lost
 * is settled by a fetch, for which a quarter of the deadline is kept.
 *
 * @param <T> what a successful answer is read as
 */
final class Execution<T> {

	private static final Log logger = LogFactory.getLog(Execution.class);

	private final Function<AttemptGate, Mono<Outcome<T>>> exchange;

	private final ExchangePolicy policy;

	private final ApiCall<T> call;

	private final Send send;

	private final @Nullable String reference;

	private final long startedNanos;

	private final RetryStrategy.Attempts attempts;

	// Leaves time for the fetch that settles what became of a change.
	private final Duration deadline;

	private volatile @Nullable AttemptGate inFlight;

	private volatile @Nullable MessagingException lastFailure;

	private volatile boolean answerLost;

	/**
	 * Begins: the deadline counts from now.
	 * @param exchange makes an attempt
	 * @param policy what rules them
	 * @param call the call
	 * @param send what is sent, where it's a send
	 */
	Execution(Function<AttemptGate, Mono<Outcome<T>>> exchange, ExchangePolicy policy, ApiCall<T> call, Send send) {
		this.exchange = exchange;
		this.policy = policy;
		this.call = call;
		this.send = send;
		OutboundMessage message = send.message();
		this.reference = (message != null) ? message.reference() : null;
		this.startedNanos = now();
		Duration whole = policy.deadline();
		this.deadline = (call.settlement() != null) ? whole.multipliedBy(3).dividedBy(4) : whole;
		this.attempts = beginAttempts(policy.retryStrategy());
		policy.retryBudget().deposit();
	}

	Mono<T> run() {
		Mono<T> settled = attempt().timeout(this.policy.timer().after(this.deadline), Mono.defer(this::deadlinePassed));
		if (repeatability() == Repeatability.IDEMPOTENT_WRITE) {
			settled = settled.onErrorResume(MessagingException.class,
					(failure) -> this.answerLost ? settle(failure) : Mono.error(failure));
		}
		return settled.doFinally((signal) -> this.attempts.end());
	}

	// After a lost answer even a definite no may be the echo of one's own success.
	private Mono<T> settle(MessagingException failure) {
		Function<MessagingException, Mono<T>> settlement = this.call.settlement();
		MessagingException unsettled = (failure instanceof MessageRejectedException rejected)
				? new MessageOutcomeUnknownException("the answer to an earlier attempt was lost", this.send,
						rejected.getError(), rejected)
				: failure;
		if (settlement == null) {
			return Mono.error(unsettled);
		}
		Duration remaining = this.policy.deadline().minusNanos(now() - this.startedNanos);
		return settlement.apply(failure)
			.timeout(this.policy.timer().after(remaining), Mono.error(unsettled))
			.onErrorMap((fetched) -> fetched != failure, (fetched) -> unsettled);
	}

	private Mono<T> attempt() {
		return Mono.deferContextual((context) -> {
			MessagingObservations.event(context, Event.ATTEMPT);
			if (this.lastFailure != null) {
				MessagingObservations.event(context, Event.RETRY);
			}
			AttemptGate gate = new AttemptGate(repeatability() != Repeatability.READ);
			this.inFlight = gate;
			return this.exchange.apply(gate).flatMap(this::decide);
		});
	}

	private Mono<T> decide(Outcome<T> outcome) {
		if (outcome instanceof Accepted<T> accepted) {
			return Mono.just(accepted.value());
		}
		this.answerLost |= outcome instanceof Unknown;
		MessagingException failure = failureOf(outcome);
		this.lastFailure = failure;
		if (!(outcome instanceof Unknown)) {
			// Only now: a deadline before it must find the request on the wire.
			this.inFlight = null;
		}
		Duration pause = isSafeToRepeat(outcome) ? pauseBeforeNext(outcome, failure) : null;
		return (pause == null) ? Mono.error(failure) : this.policy.timer().after(pause).then(attempt());
	}

	private boolean isSafeToRepeat(Outcome<T> outcome) {
		if (outcome instanceof Rejected<T> rejected) {
			return rejected.repeatable();
		}
		return outcome instanceof NotSent || repeatability() != Repeatability.NEVER_ON_DOUBT;
	}

	private @Nullable Duration pauseBeforeNext(Outcome<T> outcome, MessagingException failure) {
		Duration asked = retryAfterOf(outcome);
		if (asked.compareTo(this.policy.longestRetryAfter()) > 0) {
			return null;
		}
		Duration pause = askPolicy(failure);
		if (pause == null) {
			return null;
		}
		Duration longer = (pause.compareTo(asked) >= 0) ? pause : asked;
		if (longer.compareTo(remaining()) >= 0 || !this.policy.retryBudget().tryWithdraw()) {
			return null;
		}
		return longer;
	}

	private static RetryStrategy.Attempts beginAttempts(RetryStrategy strategy) {
		try {
			return strategy.begin();
		}
		catch (RuntimeException ex) {
			logger.warn("The retry policy failed, nothing is repeated", ex);
			return RetryStrategy.NEVER.begin();
		}
	}

	// A policy that fails itself can't say yes, and must not hide what happened.
	private @Nullable Duration askPolicy(MessagingException failure) {
		try {
			return this.attempts.afterFailure(failure);
		}
		catch (RuntimeException ex) {
			failure.addSuppressed(ex);
			return null;
		}
	}

	private Mono<T> deadlinePassed() {
		AttemptGate gate = this.inFlight;
		MessagingException last = this.lastFailure;
		if (gate != null && !gate.tryClose()) {
			this.answerLost = true;
			return Mono.error(unknown("no answer within " + this.deadline, null));
		}
		return Mono.error((last != null) ? last : notSent("no connection within " + this.deadline, null, null));
	}

	private MessagingException failureOf(Outcome<T> outcome) {
		if (outcome instanceof Unknown<T> unknown) {
			return unknown("", unknown);
		}
		if (outcome instanceof Rejected<T> rejected && !AnswerReader.isUnavailable(rejected.error())) {
			return new MessageRejectedException(rejected.error(), this.reference);
		}
		// What is left was surely not processed, this time.
		if (this.answerLost && repeatability() != Repeatability.READ) {
			return unknown("the answer to an earlier attempt was lost", null);
		}
		if (outcome instanceof Rejected<T> unavailable) {
			return notSent(unavailable.error().toString(), unavailable.error(), null);
		}
		Throwable cause = ((NotSent<T>) outcome).cause();
		return notSent(cause.getClass().getSimpleName() + " before anything was written", null, cause);
	}

	private MessagingException notSent(String problem, @Nullable ApiError error, @Nullable Throwable cause) {
		return (repeatability() == Repeatability.READ) ? new MessagingUnavailableException(problem, error, cause)
				: new MessageNotSentException(problem, this.reference, cause);
	}

	private MessagingException unknown(String problem, @Nullable Unknown<T> outcome) {
		String text = (outcome != null) ? outcome.problem() : problem;
		if (repeatability() == Repeatability.READ) {
			return new MessagingUnavailableException(text, (outcome != null) ? outcome.error() : null,
					(outcome != null) ? outcome.cause() : null);
		}
		return new MessageOutcomeUnknownException(text, this.send, (outcome != null) ? outcome.error() : null,
				(outcome != null) ? outcome.cause() : null);
	}

	private Duration retryAfterOf(Outcome<T> outcome) {
		Duration asked = null;
		if (outcome instanceof Rejected<T> rejected) {
			asked = rejected.retryAfter();
		}
		else if (outcome instanceof Unknown<T> unknown) {
			asked = unknown.retryAfter();
		}
		return (asked != null) ? asked : Duration.ZERO;
	}

	private Duration remaining() {
		return this.deadline.minusNanos(now() - this.startedNanos);
	}

	private Repeatability repeatability() {
		return this.call.operation().repeatability();
	}

	private long now() {
		return this.policy.timer().nanoTime();
	}

}
