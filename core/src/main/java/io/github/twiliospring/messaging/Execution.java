package io.github.twiliospring.messaging;

import java.time.Duration;
import java.time.Instant;
import java.util.function.Function;

import io.github.twiliospring.messaging.observation.GuardedObservation;
import io.github.twiliospring.messaging.Operation.Repeatability;
import io.github.twiliospring.messaging.Outcome.Accepted;
import io.github.twiliospring.messaging.Outcome.NotSent;
import io.github.twiliospring.messaging.Outcome.Rejected;
import io.github.twiliospring.messaging.Outcome.Unknown;
import io.github.twiliospring.messaging.error.MessageNotSentException;
import io.github.twiliospring.messaging.error.MessageOutcomeUnknownException;
import io.github.twiliospring.messaging.error.MessageRejectedException;
import io.github.twiliospring.messaging.error.MessagingException;
import io.github.twiliospring.messaging.error.MessagingUnavailableException;
import io.github.twiliospring.messaging.message.SendAttempt;
import io.github.twiliospring.messaging.observation.MessagingObservationDocumentation.Event;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * One call on its way to its end: a loop of attempts around the table of
 * {@link Decision}, under one deadline.
 *
 * @param <T> what a successful answer is read as
 */
final class Execution<T> {

	private final Function<Attempt, Mono<Outcome<T>>> attempts;

	private final Repeatability repeatability;

	private final Retries.OfCall retries;

	private final Deadline deadline;

	private final Instant startedAt;

	private final @Nullable SendAttempt send;

	private volatile @Nullable Attempt inFlight;

	private volatile @Nullable MessagingException lastFailure;

	private volatile boolean answerLost;

	/**
	 * Begins.
	 * @param attempts makes an attempt
	 * @param repeatability how safe it is to ask twice
	 * @param retries whether it's asked twice
	 * @param deadline how long it may take
	 * @param startedAt the time
	 * @param send what is sent, or {@code null} where it's no send
	 */
	Execution(Function<Attempt, Mono<Outcome<T>>> attempts, Repeatability repeatability, Retries.OfCall retries,
			Deadline deadline, Instant startedAt, @Nullable SendAttempt send) {
		this.attempts = attempts;
		this.repeatability = repeatability;
		this.retries = retries;
		this.deadline = deadline;
		this.startedAt = startedAt;
		this.send = send;
	}

	/**
	 * Runs it.
	 * @return the answer's value or a {@link MessagingException}; once
	 */
	Mono<T> run() {
		return Mono.deferContextual((context) -> {
			Interruption interruption = Interruption.of(context);
			return (interruption != null) ? interruptible(interruption)
					: this.deadline.hold(attempt(), Mono.defer(this::deadlinePassed));
		}).doFinally((signal) -> this.retries.end());
	}

	// The thread that waits may give up first, or may have before this began.
	private Mono<T> interruptible(Interruption interruption) {
		Mono<T> ended = Mono.defer(() -> {
			InterruptedException cause = interruption.cause();
			return (cause != null) ? ended("the caller was interrupted before anything was written",
					"the caller was interrupted before the answer came", cause) : deadlinePassed();
		});
		return (interruption.cause() != null) ? ended : this.deadline.hold(attempt(), interruption.signal(), ended);
	}

	private Mono<T> attempt() {
		return Mono.deferContextual((context) -> {
			if (this.lastFailure != null) {
				GuardedObservation.event(context, Event.RETRY);
			}
			Attempt attempt = new Attempt(this.repeatability != Repeatability.READ,
					(this.send != null) ? this.send.message().body() : null);
			this.inFlight = attempt;
			return this.attempts.apply(attempt).flatMap(this::decide);
		});
	}

	private Mono<T> decide(Outcome<T> outcome) {
		Decision decision = Decision.of(outcome, this.repeatability, this.answerLost);
		if (outcome instanceof Accepted<T> accepted) {
			return Mono.just(accepted.value());
		}
		this.answerLost |= outcome instanceof Unknown;
		MessagingException failure = failure(decision.ending(), outcome);
		this.lastFailure = failure;
		Duration pause = decision.repeatable()
				? this.retries.pauseAfter(failure, retryAfter(outcome), this.deadline.remaining()) : null;
		if (pause == null) {
			return Mono.error(failure);
		}
		// Only now: a deadline before it must find the attempt.
		this.inFlight = null;
		return this.deadline.pause(pause).then(attempt());
	}

	private Mono<T> deadlinePassed() {
		return ended("no connection within " + this.deadline.whole(), "no answer within " + this.deadline.whole(),
				null);
	}

	// Before its time, whatever it's doing.
	private Mono<T> ended(String beforeWritten, String beforeAnswered, @Nullable Exception cause) {
		Attempt attempt = this.inFlight;
		MessagingException last = this.lastFailure;
		if (attempt == null && last != null) {
			return Mono.error(last);
		}
		Outcome<T> outcome = (attempt != null) ? attempt.outcome() : null;
		if (outcome instanceof Accepted<T> accepted) {
			// A filter still thinks about it.
			return Mono.just(accepted.value());
		}
		if (outcome == null) {
			outcome = (attempt == null || attempt.tryClose()) ? new NotSent<>(beforeWritten, cause)
					: new Unknown<>(beforeAnswered, cause);
			if (outcome instanceof NotSent && last != null) {
				return Mono.error(last);
			}
		}
		return Mono.error(failure(Decision.of(outcome, this.repeatability, this.answerLost).ending(), outcome));
	}

	private MessagingException failure(Decision.Ending ending, Outcome<T> outcome) {
		String reference = (this.send != null) ? this.send.message().reference() : null;
		if (outcome instanceof Rejected<T> rejected) {
			return switch (ending) {
				case REJECTED -> new MessageRejectedException(rejected.error(), rejected.retryAfter(), reference);
				case NOT_SENT -> new MessageNotSentException(rejected.error().toString(), reference, null);
				case UNAVAILABLE ->
					new MessagingUnavailableException(rejected.error().toString(), rejected.error(), null);
				default -> new MessageOutcomeUnknownException("the answer to an earlier attempt was lost",
						this.startedAt, this.send, rejected.error(),
						new MessageRejectedException(rejected.error(), rejected.retryAfter(), reference));
			};
		}
		if (outcome instanceof NotSent<T> notSent) {
			return switch (ending) {
				case NOT_SENT -> new MessageNotSentException(notSent.problem(), reference, notSent.cause());
				case UNAVAILABLE -> new MessagingUnavailableException(notSent.problem(), null, notSent.cause());
				default -> new MessageOutcomeUnknownException("the answer to an earlier attempt was lost",
						this.startedAt, this.send, null, null);
			};
		}
		Unknown<T> unknown = (Unknown<T>) outcome;
		return (ending == Decision.Ending.UNAVAILABLE)
				? new MessagingUnavailableException(unknown.problem(), unknown.error(), unknown.cause())
				: new MessageOutcomeUnknownException(unknown.problem(), this.startedAt, this.send, unknown.error(),
						unknown.cause());
	}

	private static @Nullable Duration retryAfter(Outcome<?> outcome) {
		if (outcome instanceof Rejected<?> rejected) {
			return rejected.retryAfter();
		}
		return (outcome instanceof Unknown<?> unknown) ? unknown.retryAfter() : null;
	}

}
