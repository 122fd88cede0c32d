package io.github.twiliospring.messaging.webhook;

import java.time.Duration;

import io.github.twiliospring.messaging.observation.DefaultWebhookObservationConvention;
import io.github.twiliospring.messaging.observation.WebhookObservationDocumentation;
import io.github.twiliospring.messaging.observation.WebhookObservationContext;
import io.github.twiliospring.messaging.observation.WebhookObservationConvention;
import io.github.twiliospring.messaging.observation.WebhookOutcome;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.contextpropagation.ObservationThreadLocalAccessor;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

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
	 * @param dispatcher what hands them on
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
	 * @param dispatcher what hands them on
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
	 * Waits for a request, verifies and handles it. The answer comes in time even where
	 * the request doesn't, or a handler goes on.
	 * @param arriving the request once its body has been read;
	 * {@link BodyTooLargeException} where it's over the limit
	 * @return the answer; never an error
	 */
	Mono<WebhookResponse> receive(Mono<WebhookRequest> arriving) {
		return Mono.defer(() -> {
			long start = System.nanoTime();
			WebhookObservationContext context = new WebhookObservationContext(this.receiver.kind());
			Observation observation = WebhookObservationDocumentation.WEBHOOK
				.observation(this.convention, DEFAULT_CONVENTION, () -> context, this.observations)
				.start();
			return this.gate.admitForm(arriving)
				.flatMap((admission) -> answer(admission, context, start))
				.doOnError(observation::error)
				.onErrorReturn(WebhookResponse.problem(INTERNAL_SERVER_ERROR, "The webhook failed"))
				.doFinally((signal) -> observation.stop())
				.contextWrite((view) -> view.put(ObservationThreadLocalAccessor.KEY, observation));
		});
	}

	private Mono<WebhookResponse> answer(WebhookGate.Admission admission, WebhookObservationContext context,
			long start) {
		GenuineRequest genuine = admission.genuine();
		if (genuine == null) {
			WebhookResponse refusal = admission.refusal();
			return Mono.justOrEmpty(refusal);
		}
		Duration limit = this.receiver.answerTimeout(limits());
		Duration left = limit.minusNanos(System.nanoTime() - start);
		return this.receiver.receive(genuine, context).timeout(left, Mono.fromSupplier(() -> {
			context.setOutcome(WebhookOutcome.FAILED);
			logger.warn("A handler took longer than %s for a webhook of kind %s; the provider is asked to repeat"
				.formatted(limit, this.receiver.kind()));
			return WebhookResponse.problem(SERVICE_UNAVAILABLE, "Not handled in time");
		})).onErrorResume((failure) -> {
			// The dispatcher has logged it beside the handler's name.
			context.setOutcome(WebhookOutcome.FAILED);
			context.setError(failure);
			return Mono.just(WebhookResponse.problem(INTERNAL_SERVER_ERROR, "A handler failed"));
		});
	}

}
