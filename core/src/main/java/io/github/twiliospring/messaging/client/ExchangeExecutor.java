package io.github.twiliospring.messaging.client;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

import io.github.twiliospring.messaging.client.Operation.Repeatability;
import io.github.twiliospring.messaging.client.Outcome.Accepted;
import io.github.twiliospring.messaging.client.Outcome.NotSent;
import io.github.twiliospring.messaging.client.Outcome.Rejected;
import io.github.twiliospring.messaging.client.Outcome.Unknown;
import io.github.twiliospring.messaging.error.MessageNotSentException;
import io.github.twiliospring.messaging.error.MessageOutcomeUnknownException;
import io.github.twiliospring.messaging.error.MessageOutcomeUnknownException.Send;
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
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.core.io.buffer.DataBuffer;

/**
 * Runs a call to its end: attempts, the pauses between them, one deadline over all. A
 * create is repeated only if an attempt surely wasn't processed: it was never handed to a
 * connection, or answered with 429. Thread-safe; no thread waits.
 */
public final class ExchangeExecutor {

	private static final Log logger = LogFactory.getLog(ExchangeExecutor.class);

	private final ApiClient client;

	private final ExchangePolicy policy;

	private final MessagingObservations observations;

	/**
	 * Runs calls of a client.
	 * @param client what makes the attempts
	 * @param policy what rules them
	 * @param observations what observes them
	 */
	public ExchangeExecutor(ApiClient client, ExchangePolicy policy, MessagingObservations observations) {
		this.client = client;
		this.policy = policy;
		this.observations = observations;
	}

	/**
	 * The same for another account; the retry budget is shared.
	 * @param accountSid the account in the path
	 * @return the executor
	 */
	public ExchangeExecutor forAccount(String accountSid) {
		return new ExchangeExecutor(this.client.forAccount(accountSid), this.policy, this.observations);
	}

	/**
	 * The account in the path.
	 * @return its SID
	 */
	public String accountSid() {
		return this.client.accountSid();
	}

	/**
	 * Observes what belongs to one operation.
	 * @param <T> the operation's result
	 * @param operation what is asked
	 * @param channel where a message goes, lower case, or {@code none}
	 * @param call the operation
	 * @return the operation, observed
	 */
	public <T> Mono<T> observe(Operation operation, String channel, Mono<T> call) {
		return this.observations.observe(operation.name().toLowerCase(Locale.ROOT), channel, call);
	}

	/**
	 * Reads bytes of a medium as they arrive; see {@link ApiClient}.
	 * @param path the path below the account, a URI template
	 * @param variables the template's variables
	 * @return buffers that the subscriber has to release, or an error
	 */
	public Flux<DataBuffer> content(String path, Map<String, String> variables) {
		return this.client.content(path, variables);
	}

	/**
	 * Runs and observes a call that is no send.
	 * @param <T> what a successful answer is read as
	 * @param call the call
	 * @return the answer, or a {@link MessagingException}; canceling it stops the call
	 */
	public <T> Mono<T> execute(ApiCall<T> call) {
		return observe(call.operation(), "none", execute(call, null, null));
	}

	/**
	 * Runs a call.
	 * @param <T> what a successful answer is read as
	 * @param call the call
	 * @param message the message that is sent, or {@code null}
	 * @param sendId the random id of this send, or {@code null}
	 * @return the answer, or a {@link MessagingException}; canceling it stops the call
	 */
	public <T> Mono<T> execute(ApiCall<T> call, @Nullable OutboundMessage message, @Nullable String sendId) {
		return Mono.defer(() -> new Execution<>(call, message, sendId).run());
	}

	private final class Execution<T> {

		private final ApiCall<T> call;

		private final Send send;

		private final @Nullable String reference;

		private final long startedNanos = now();

		private final RetryStrategy.Attempts attempts = beginAttempts(ExchangeExecutor.this.policy.retryStrategy());

		// Leaves time for the fetch that settles what became of a change.
		private final Duration deadline;

		private volatile @Nullable AttemptGate inFlight;

		private volatile @Nullable MessagingException lastFailure;

		private volatile boolean answerLost;

		Execution(ApiCall<T> call, @Nullable OutboundMessage message, @Nullable String sendId) {
			this.call = call;
			Instant attemptedAt = ExchangeExecutor.this.policy.clock().instant();
			this.send = new Send(message, sendId, attemptedAt);
			this.reference = (message != null) ? message.reference() : null;
			Duration whole = ExchangeExecutor.this.policy.deadline();
			this.deadline = (call.settlement() != null) ? whole.multipliedBy(3).dividedBy(4) : whole;
			ExchangeExecutor.this.policy.retryBudget().deposit();
		}

		Mono<T> run() {
			Mono<T> settled = attempt().timeout(this.deadline, Mono.defer(this::deadlinePassed),
					ExchangeExecutor.this.policy.timer());
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
			Duration remaining = ExchangeExecutor.this.policy.deadline().minusNanos(now() - this.startedNanos);
			return settlement.apply(failure)
				.timeout(remaining.isNegative() ? Duration.ZERO : remaining, Mono.error(unsettled),
						ExchangeExecutor.this.policy.timer())
				.onErrorMap((fetched) -> fetched != failure, (fetched) -> unsettled);
		}

		private Mono<T> attempt() {
			return Mono.deferContextual((context) -> {
				MessagingObservations.event(context, Event.ATTEMPT);
				if (this.lastFailure != null) {
					MessagingObservations.event(context, Event.RETRY);
				}
				AttemptGate gate = new AttemptGate(repeatability() == Repeatability.NEVER_ON_DOUBT);
				this.inFlight = gate;
				return ExchangeExecutor.this.client.attempt(this.call, gate).flatMap(this::decide);
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
				// Only now, and not before an answer: a deadline that comes in between
				// must
				// find the request on the wire.
				this.inFlight = null;
			}
			Duration pause = isSafeToRepeat(outcome) ? pauseBeforeNext(outcome, failure) : null;
			return (pause == null) ? Mono.error(failure)
					: Mono.delay(pause, ExchangeExecutor.this.policy.timer()).then(attempt());
		}

		private boolean isSafeToRepeat(Outcome<T> outcome) {
			if (outcome instanceof Rejected<T> rejected) {
				return ApiClient.isRepeatable(rejected.error());
			}
			return outcome instanceof NotSent || repeatability() != Repeatability.NEVER_ON_DOUBT;
		}

		private @Nullable Duration pauseBeforeNext(Outcome<T> outcome, MessagingException failure) {
			Duration asked = retryAfterOf(outcome);
			if (asked.compareTo(ExchangeExecutor.this.policy.longestRetryAfter()) > 0) {
				return null;
			}
			Duration pause = askPolicy(failure);
			if (pause == null) {
				return null;
			}
			Duration longer = (pause.compareTo(asked) >= 0) ? pause : asked;
			if (longer.compareTo(remaining()) >= 0 || !ExchangeExecutor.this.policy.retryBudget().tryWithdraw()) {
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
			return Mono.error((last != null) ? last : notSent("no connection within " + this.deadline, null));
		}

		private MessagingException failureOf(Outcome<T> outcome) {
			if (outcome instanceof Rejected<T> rejected) {
				return new MessageRejectedException(rejected.error(), this.reference);
			}
			if (outcome instanceof NotSent<T> && this.answerLost && repeatability() != Repeatability.READ) {
				return unknown("the answer to an earlier attempt was lost", null);
			}
			if (outcome instanceof NotSent<T> notSent) {
				return notSent(notSent.cause().getClass().getSimpleName() + " before anything was written",
						notSent.cause());
			}
			return unknown("", (Unknown<T>) outcome);
		}

		private MessagingException notSent(String problem, @Nullable Throwable cause) {
			return (repeatability() == Repeatability.READ) ? new MessagingUnavailableException(problem, null, cause)
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
			return ExchangeExecutor.this.policy.nanoTime().getAsLong();
		}

	}

}
