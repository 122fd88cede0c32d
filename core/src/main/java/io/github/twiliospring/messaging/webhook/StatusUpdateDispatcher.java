package io.github.twiliospring.messaging.webhook;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

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
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;

/**
 * Hands a report to every method that asks for it, through the ledger. It's the one road
 * to the handlers, whether the provider called or a sweep found the report.
 */
public final class StatusUpdateDispatcher {

	/** The timer from sending a message to its final status. */
	public static final String DELIVERY_TIMER = "twilio.messaging.delivery";

	private static final Log logger = LogFactory.getLog(StatusUpdateDispatcher.class);

	private final StatusCallbackHandlers handlers;

	private final CallbackLedger ledger;

	private final Scheduler blocking;

	private final @Nullable MeterRegistry meters;

	private final Clock clock;

	/**
	 * Makes a dispatcher.
	 * @param handlers the application's methods
	 * @param ledger what keeps them from a duplicate
	 * @param blocking where methods that aren't reactive are called
	 * @param meters where deliveries are timed, or {@code null}
	 * @param clock the one that send times are taken from
	 */
	StatusUpdateDispatcher(StatusCallbackHandlers handlers, CallbackLedger ledger, Scheduler blocking,
			@Nullable MeterRegistry meters, Clock clock) {
		this.handlers = handlers;
		this.ledger = ledger;
		this.blocking = blocking;
		this.meters = meters;
		this.clock = clock;
	}

	/**
	 * Hands a report on. Every method gets its turn, even if another fails.
	 * @param update the report, verified
	 * @return what became of it, or the failure of a handler or of the ledger
	 */
	public Mono<WebhookOutcome> dispatch(StatusUpdate update) {
		Mono<WebhookOutcome> dispatch = Flux.fromIterable(this.handlers.forStatus(update.status()))
			.filter((handler) -> handler.accepts(update))
			.concatMapDelayError((handler) -> handle(update, handler))
			.collectList()
			.map(StatusUpdateDispatcher::outcome)
			.doOnNext((outcome) -> record(update, outcome));
		// Detached: a caller that gives up waiting for one method takes no turn from
		// another.
		return Mono.deferContextual((context) -> {
			Sinks.One<WebhookOutcome> result = Sinks.one();
			dispatch.contextWrite(context).subscribe(result::tryEmitValue, result::tryEmitError);
			return result.asMono();
		});
	}

	private Mono<Verdict> handle(StatusUpdate update, StatusCallbackHandler handler) {
		LedgerKey key = new LedgerKey(update.accountSid(), update.messageSid(), handler.id());
		StatusMark mark = StatusMark.of(update.status(), update.rawStatus(), handler.acceptLate());
		return this.ledger.handleOnce(key, mark, handler.invoke(update, this.blocking))
			.doOnError((failure) -> logger.error(
					"The handler %s failed for %s; the provider is asked to repeat".formatted(handler.id(), update),
					HandlerMethod.causeOf(failure)));
	}

	private static WebhookOutcome outcome(List<Verdict> verdicts) {
		if (verdicts.isEmpty()) {
			return WebhookOutcome.IGNORED;
		}
		if (verdicts.contains(Verdict.HANDLED)) {
			return WebhookOutcome.HANDLED;
		}
		return verdicts.contains(Verdict.DUPLICATE) ? WebhookOutcome.DUPLICATE : WebhookOutcome.STALE;
	}

	private void record(StatusUpdate update, WebhookOutcome outcome) {
		Instant sent = update.sendTime();
		boolean first = outcome == WebhookOutcome.HANDLED || outcome == WebhookOutcome.IGNORED;
		if (this.meters != null && sent != null && first && update.status().isFinal()) {
			Duration taken = Duration.between(sent, this.clock.instant());
			Timer.builder(DELIVERY_TIMER)
				.description("Time from sending a message to its final status")
				.tag("twilio.messaging.status", update.status().value())
				.register(this.meters)
				.record(taken.isNegative() ? Duration.ZERO : taken);
		}
	}

}
