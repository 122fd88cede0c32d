package io.github.twiliospring.messaging.webhook;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

import io.github.twiliospring.messaging.observation.WebhookOutcome;
import io.github.twiliospring.messaging.webhook.ledger.CallbackLedger;
import io.github.twiliospring.messaging.webhook.ledger.CallbackLedger.Verdict;
import io.github.twiliospring.messaging.webhook.ledger.LedgerKey;
import io.github.twiliospring.messaging.webhook.ledger.StatusMark;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import reactor.core.Exceptions;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Signal;
import reactor.core.publisher.Sinks;

/**
 * Hands a status update to every method that asks for it, through the ledger. It's the
 * one road to the handlers, whether the provider called or a sweep found the update.
 */
public final class StatusUpdateDispatcher {

	/** The timer from sending a message to its final status. */
	public static final String DELIVERY_TIMER = "twilio.messaging.delivery";

	private static final Log logger = LogFactory.getLog(StatusUpdateDispatcher.class);

	private final StatusCallbackHandlers handlers;

	private final CallbackLedger ledger;

	private final HandlerExecutor shared;

	private final @Nullable MeterRegistry meters;

	private final Clock clock;

	/**
	 * Makes a dispatcher.
	 * @param handlers the application's methods
	 * @param ledger what keeps them from a duplicate
	 * @param shared calls methods for updates that no request brings
	 * @param meters where deliveries are timed, or {@code null}
	 * @param clock the one that send times are taken from
	 */
	StatusUpdateDispatcher(StatusCallbackHandlers handlers, CallbackLedger ledger, HandlerExecutor shared,
			@Nullable MeterRegistry meters, Clock clock) {
		this.handlers = handlers;
		this.ledger = ledger;
		this.shared = shared;
		this.meters = meters;
		this.clock = clock;
	}

	/**
	 * Hands an update on. Every method gets its turn, even if another fails or hangs.
	 * @param update the update, verified
	 * @return what became of it, or the failure of a handler or of the ledger; several
	 * failures come together, for
	 * {@link Exceptions#unwrapMultipleExcludingTracebacks(Throwable)}. It comes on the
	 * thread of the last method's end, or of its limit. A cancel ends the wait for it:
	 * that for one method among several takes no turn from the others
	 */
	public Mono<WebhookOutcome> dispatch(StatusUpdate update) {
		return dispatch(update, this.shared);
	}

	/**
	 * Hands an update on.
	 * @param update the update, verified
	 * @param executor calls the methods
	 * @return what became of it, as of {@link #dispatch(StatusUpdate)}
	 */
	Mono<WebhookOutcome> dispatch(StatusUpdate update, HandlerExecutor executor) {
		List<StatusCallbackHandler> asked = this.handlers.forStatus(update.status())
			.stream()
			.filter((handler) -> handler.accepts(update))
			.toList();
		if (asked.isEmpty()) {
			return Mono.fromSupplier(() -> {
				record(update);
				return WebhookOutcome.IGNORED;
			});
		}
		if (asked.size() == 1) {
			return handle(update, asked.get(0), true, executor).map((verdict) -> outcome(List.of(verdict)));
		}
		Duration patience = executor.limits().answerTimeout();
		Mono<WebhookOutcome> dispatch = Flux.fromIterable(asked)
			.concatMap((handler) -> WebhookTimer
				.limit(Mono.defer(() -> handle(update, handler, handler == asked.get(0), executor)),
						executor.patience(patience), late(handler, update))
				.materialize())
			.collectList()
			.flatMap(StatusUpdateDispatcher::outcomeOfAll);
		// Detached: a caller that gives up waiting for one method takes no turn from
		// another.
		return Mono.deferContextual((context) -> {
			Sinks.One<WebhookOutcome> result = Sinks.one();
			dispatch.contextWrite(context).subscribe(result::tryEmitValue, result::tryEmitError);
			return result.asMono();
		});
	}

	private static Mono<Verdict> late(StatusCallbackHandler handler, StatusUpdate update) {
		return Mono.error(() -> {
			HandlerFailedException failure = HandlerFailedException.late();
			HandlerExecutor.logFailure(handler.id(), update, failure);
			return failure;
		});
	}

	// Recorded with the first method's success, which comes once, even where nobody waits
	// for it any more.
	private Mono<Verdict> handle(StatusUpdate update, StatusCallbackHandler handler, boolean first,
			HandlerExecutor executor) {
		LedgerKey key = new LedgerKey(update.accountSid(), update.messageSid(), handler.id());
		StatusMark mark = StatusMark.of(update.status(), update.rawStatus(), handler.acceptLate());
		Mono<Void> invocation = handler.invoke(update, executor)
			.doOnError((failure) -> HandlerExecutor.logFailure(handler.id(), update, failure));
		return this.ledger.handleOnce(key, mark, first ? invocation.doOnSuccess((done) -> record(update)) : invocation);
	}

	// Reactor's concatMapDelayError keeps the first failure alone, and logs the others.
	private static Mono<WebhookOutcome> outcomeOfAll(List<Signal<Verdict>> ends) {
		List<Throwable> failures = ends.stream().map(Signal::getThrowable).filter(Objects::nonNull).toList();
		return switch (failures.size()) {
			case 0 -> Mono.just(outcome(ends.stream().filter(Signal::hasValue).map(Signal::get).toList()));
			case 1 -> Mono.error(failures.get(0));
			default -> Mono.error(Exceptions.multiple(failures));
		};
	}

	private static WebhookOutcome outcome(List<Verdict> verdicts) {
		if (verdicts.contains(Verdict.HANDLED)) {
			return WebhookOutcome.HANDLED;
		}
		return verdicts.contains(Verdict.DUPLICATE) ? WebhookOutcome.DUPLICATE : WebhookOutcome.STALE;
	}

	// Never the reason why an update isn't handled.
	private void record(StatusUpdate update) {
		Instant sent = update.sendTime();
		if (this.meters == null || sent == null || !update.status().isFinal()) {
			return;
		}
		try {
			Duration taken = Duration.between(sent, this.clock.instant());
			Timer.builder(DELIVERY_TIMER)
				.description("Time from sending a message to its final status")
				.tag("twilio.messaging.status", update.status().value())
				.register(this.meters)
				.record(taken.isNegative() ? Duration.ZERO : taken);
		}
		catch (Throwable ex) {
			logger.warn("The time of a delivery couldn't be recorded", ex);
		}
	}

}
