package io.github.twiliospring.messaging.webhook;

import java.time.Duration;
import java.util.List;

import io.github.twiliospring.messaging.observation.DefaultWebhookObservationConvention;
import io.github.twiliospring.messaging.observation.WebhookObservationDocumentation;
import io.github.twiliospring.messaging.observation.GuardedObservation;
import io.github.twiliospring.messaging.observation.WebhookObservationContext;
import io.github.twiliospring.messaging.observation.WebhookObservationConvention;
import io.github.twiliospring.messaging.observation.WebhookOutcome;
import io.github.twiliospring.messaging.webhook.Admission.Admitted;
import io.github.twiliospring.messaging.webhook.Admission.Refused;
import io.github.twiliospring.messaging.webhook.ledger.ClaimHeldException;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.contextpropagation.ObservationThreadLocalAccessor;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import reactor.core.Exceptions;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/**
 * What happens to a request at one of the library's own paths, whatever HTTP stack
 * received it: limits, signature, handlers through the ledger, answer. A request that
 * isn't genuine reaches no handler.
 */
final class WebhookEndpoint {

	private static final Log logger = LogFactory.getLog(WebhookEndpoint.class);

	private static final int INTERNAL_SERVER_ERROR = 500;

	private static final int SERVICE_UNAVAILABLE = 503;

	private static final WebhookObservationConvention DEFAULT_CONVENTION = new DefaultWebhookObservationConvention();

	private final WebhookGate gate;

	private final WebhookReceiver receiver;

	private final ObservationRegistry observations;

	private final @Nullable WebhookObservationConvention convention;

	private final LogInterval interval = new LogInterval();

	private WebhookEndpoint(WebhookGate gate, WebhookReceiver receiver, ObservationRegistry observations,
			@Nullable WebhookObservationConvention convention) {
		this.gate = gate;
		this.receiver = receiver;
		this.observations = observations;
		this.convention = convention;
	}

	/**
	 * An endpoint for status callbacks.
	 * @param gate what lets genuine requests in
	 * @param dispatcher what passes them on
	 * @param observations where requests are observed
	 * @param convention names the observations, or {@code null} for the default
	 * @return the endpoint
	 */
	static WebhookEndpoint forStatus(WebhookGate gate, StatusUpdateDispatcher dispatcher,
			ObservationRegistry observations, @Nullable WebhookObservationConvention convention) {
		return new WebhookEndpoint(gate, new StatusReceiver(dispatcher), observations, convention);
	}

	/**
	 * An endpoint for incoming messages.
	 * @param gate what lets genuine requests in
	 * @param dispatcher what passes them on
	 * @param observations where requests are observed
	 * @param convention names the observations, or {@code null} for the default
	 * @return the endpoint
	 */
	static WebhookEndpoint forInbound(WebhookGate gate, IncomingMessageDispatcher dispatcher,
			ObservationRegistry observations, @Nullable WebhookObservationConvention convention) {
		return new WebhookEndpoint(gate, dispatcher, observations, convention);
	}

	/**
	 * The limits that an adapter has to hold while it reads a request.
	 * @return the limits
	 */
	WebhookLimits limits() {
		return this.gate.limits();
	}

	/**
	 * Whether the application has methods for what arrives here.
	 * @return {@code false} to leave the path to the application
	 */
	boolean isActive() {
		return this.receiver.isActive();
	}

	/**
	 * Adds what is observed on this thread, as the parent of the webhook's observation.
	 * @param context the Reactor context
	 * @return the context with the observation, if there's one
	 */
	Context currentObservation(Context context) {
		Observation current = this.observations.getCurrentObservation();
		return (current != null) ? context.put(ObservationThreadLocalAccessor.KEY, current) : context;
	}

	/**
	 * Waits for a request, verifies and handles it. The answer comes in time even where
	 * the request doesn't, or a handler goes on.
	 * @param arriving the request once its body has been read, or why it couldn't be:
	 * {@link BodyTooLargeException} where it's over the limit
	 * @param executor calls the application's methods
	 * @return one answer; never an error
	 */
	Mono<WebhookResponse> receive(Mono<WebhookRequest> arriving, HandlerExecutor executor) {
		return Mono.deferContextual((parent) -> {
			long start = System.nanoTime();
			WebhookObservationContext context = new WebhookObservationContext(this.receiver.kind());
			Mono<WebhookResponse> answer = arriving.map(this.gate::admitForm)
				.onErrorResume((failure) -> Mono.just(this.gate.refuse(failure)))
				.flatMap((admission) -> (admission instanceof Admitted admitted)
						? answer(admitted.genuine(), context, start, executor)
						: Mono.just(((Refused) admission).answer()))
				.onErrorResume((failure) -> Mono.just(failed(context, failure)))
				.switchIfEmpty(Mono.fromSupplier(() -> failed(context, new IllegalStateException("No answer"))));
			return observe(answer, context, parent);
		});
	}

	private Mono<WebhookResponse> observe(Mono<WebhookResponse> answer, WebhookObservationContext context,
			ContextView parent) {
		if (this.observations.isNoop()) {
			return answer;
		}
		GuardedObservation observation = GuardedObservation.start(() -> WebhookObservationDocumentation.WEBHOOK
			.observation(this.convention, DEFAULT_CONVENTION, () -> context, this.observations), parent);
		// Stopped before the answer is handed on, so that it's measured once seen.
		return (observation == null) ? answer
				: answer.doOnTerminate(observation::end).doOnCancel(observation::end).contextWrite(observation::enter);
	}

	private Mono<WebhookResponse> answer(GenuineRequest genuine, WebhookObservationContext context, long start,
			HandlerExecutor executor) {
		Duration limit = this.receiver.answerTimeout(limits());
		Duration left = limit.minusNanos(System.nanoTime() - start);
		Mono<Long> patience = executor.patience(left.isNegative() ? Duration.ZERO : left);
		return WebhookTimer.limit(received(genuine, context, executor), patience, Mono.fromSupplier(() -> {
			context.setOutcome(WebhookOutcome.FAILED);
			logger.warn("A handler took longer than %s for a webhook of kind %s; the provider is asked to repeat"
				.formatted(limit, this.receiver.kind()));
			return WebhookResponse.problem(SERVICE_UNAVAILABLE, "Not handled in time");
		}));
	}

	// A pattern that overflows the stack, for example: Reactor would throw it at the
	// server.
	private Mono<WebhookResponse> received(GenuineRequest genuine, WebhookObservationContext context,
			HandlerExecutor executor) {
		try {
			return this.receiver.receive(genuine, context, executor);
		}
		catch (Throwable ex) {
			logger.error("A webhook of kind %s couldn't be handed on".formatted(this.receiver.kind()), ex);
			return Mono.error(HandlerFailedException.of(ex));
		}
	}

	private WebhookResponse failed(WebhookObservationContext context, Throwable failure) {
		context.setOutcome(WebhookOutcome.FAILED);
		List<Throwable> failures = Exceptions.unwrapMultipleExcludingTracebacks(failure);
		context.setError(failures.get(0));
		failures.forEach(this::log);
		return failures.stream().allMatch(WebhookEndpoint::isBusy)
				? WebhookResponse.problem(SERVICE_UNAVAILABLE, "Not handled in time")
				: WebhookResponse.problem(INTERNAL_SERVER_ERROR, "The webhook failed");
	}

	private void log(Throwable failure) {
		if (failure instanceof ClaimHeldException) {
			logger.warn("A webhook of kind %s wasn't handled; the provider is asked to repeat: %s"
				.formatted(this.receiver.kind(), failure.getMessage()));
		}
		else if (!(failure instanceof HandlerFailedException) && this.interval.tryPass()) {
			// With the ledger away it's each webhook, for each method.
			logger.error("A webhook of kind %s couldn't be handled; the provider is asked to repeat"
				.formatted(this.receiver.kind()), failure);
		}
	}

	private static boolean isBusy(Throwable failure) {
		return failure instanceof ClaimHeldException
				|| (failure instanceof HandlerFailedException handler && handler.isBusy());
	}

}
