package io.github.twiliospring.messaging.webhook.sweep;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

import io.github.twiliospring.messaging.MessagingOperations;
import io.github.twiliospring.messaging.message.Message;
import io.github.twiliospring.messaging.message.MessageDirection;
import io.github.twiliospring.messaging.message.MessageQuery;
import io.github.twiliospring.messaging.message.MessageStatus;
import io.github.twiliospring.messaging.observation.LateFailures;
import io.github.twiliospring.messaging.observation.WebhookOutcome;
import io.github.twiliospring.messaging.webhook.StatusUpdate;
import io.github.twiliospring.messaging.webhook.StatusUpdateDispatcher;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.util.context.Context;

import org.springframework.context.SmartLifecycle;

/**
 * Finds the status updates that never arrived, after an outage that was longer than the
 * provider's retries: lists the messages and passes on each one's last status, by the
 * same road as a callback. What the ledger has seen isn't handed on again; a ledger in
 * memory has seen nothing from before its start.
 * <p>
 * Only what a callback would have reported is handed on: {@code sent} and the final
 * statuses. A message that was never sent, because it was canceled for example, isn't in
 * the provider's list by time.
 */
public final class StatusSweep {

	private static final Log logger = LogFactory.getLog(StatusSweep.class);

	private static final int PAGE_SIZE = 200;

	private static final int CONCURRENCY = 16;

	private static final Duration REFERENCE_TIMEOUT = Duration.ofSeconds(5);

	private final MessagingOperations messaging;

	private final StatusUpdateDispatcher dispatcher;

	private final MessageReferences references;

	/**
	 * Makes a sweep that knows no references.
	 * @param messaging lists the messages
	 * @param dispatcher hands their statuses on
	 */
	public StatusSweep(MessagingOperations messaging, StatusUpdateDispatcher dispatcher) {
		this(messaging, dispatcher, (message) -> Mono.empty());
	}

	/**
	 * Makes a sweep.
	 * @param messaging lists the messages
	 * @param dispatcher hands their statuses on
	 * @param references knows the application's own names for messages
	 */
	public StatusSweep(MessagingOperations messaging, StatusUpdateDispatcher dispatcher, MessageReferences references) {
		this.messaging = messaging;
		this.dispatcher = dispatcher;
		this.references = references;
	}

	/**
	 * Sweeps again and again: once the application has started, and at an interval after
	 * each sweep has ended. Sweeps never overlap; one that fails is logged and doesn't
	 * end the schedule.
	 * @param interval from the end of one sweep to the beginning of the next
	 * @param window how far back each sweep looks
	 * @param clock what the window is measured on
	 * @return the schedule, to be made a bean
	 */
	public SmartLifecycle every(Duration interval, Duration window, Clock clock) {
		return new StatusSweepSchedule(this, interval, window, clock);
	}

	/**
	 * Sweeps when it's subscribed. A handler that fails doesn't end the sweep; the next
	 * one hands it the status update again.
	 * @param instant the earliest time of sending, inclusive
	 * @return what was found, or an error where the messages can't be listed
	 */
	public Mono<SweepResult> since(Instant instant) {
		return this.messaging.list(MessageQuery.query().sentSince(instant).pageSize(PAGE_SIZE))
			.filter(StatusSweep::isReported)
			.flatMap(this::handOn, CONCURRENCY)
			.reduce(SweepResult.NOTHING, SweepResult::plus)
			.doOnNext((result) -> logger.info("Swept the messages since " + instant + ": " + result));
	}

	private static boolean isReported(Message message) {
		MessageStatus status = message.status();
		return message.direction() != MessageDirection.INBOUND && (status == MessageStatus.SENT || status.isFinal());
	}

	// What the application does for a reference ends, whatever it does: it's asked, and
	// canceled, on threads that may block.
	private Mono<WebhookOutcome> handOn(Message message) {
		return Mono.defer(() -> this.references.referenceOf(message))
			.subscribeOn(Schedulers.boundedElastic())
			.cancelOn(Schedulers.boundedElastic())
			.timeout(REFERENCE_TIMEOUT)
			.contextWrite(StatusSweep::givenUp)
			.map((reference) -> StatusUpdate.of(message, reference))
			.switchIfEmpty(Mono.fromSupplier(() -> StatusUpdate.of(message, null)))
			.flatMap(this.dispatcher::dispatch)
			.onErrorResume((failure) -> {
				logger.warn("The status of %s couldn't be handed on; the next sweep tries again".formatted(message),
						failure);
				return Mono.just(WebhookOutcome.FAILED);
			});
	}

	// It's interrupted, which may well make it fail.
	private static Context givenUp(Context context) {
		return LateFailures.to(context, (failure) -> logger
			.debug("What was asked for a reference was given up, and failed: " + failure.getClass().getName()));
	}

	/**
	 * What a sweep found.
	 *
	 * @param messages how many messages had a status to be handed on
	 * @param handled how many of them were handed to at least one handler
	 * @param failed how many of them a handler failed for
	 */
	public record SweepResult(long messages, long handled, long failed) {

		static final SweepResult NOTHING = new SweepResult(0, 0, 0);

		SweepResult plus(WebhookOutcome outcome) {
			return new SweepResult(this.messages + 1, this.handled + ((outcome == WebhookOutcome.HANDLED) ? 1 : 0),
					this.failed + ((outcome == WebhookOutcome.FAILED) ? 1 : 0));
		}

	}

}
