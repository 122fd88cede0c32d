package io.github.twiliospring.messaging.observation;

import java.util.concurrent.atomic.AtomicBoolean;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.contextpropagation.ObservationThreadLocalAccessor;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.util.context.ContextView;

/**
 * Observes operations, and puts the observation into their Reactor context, where HTTP
 * client and filters find it as their parent.
 */
public final class MessagingObservations {

	/** Observes nothing. */
	public static final MessagingObservations NONE = new MessagingObservations(ObservationRegistry.NOOP, null);

	private static final Log logger = LogFactory.getLog(MessagingObservations.class);

	private static final MessagingObservationConvention DEFAULT = new DefaultMessagingObservationConvention();

	private final ObservationRegistry registry;

	private final @Nullable MessagingObservationConvention convention;

	/**
	 * Observes with a registry.
	 * @param registry the application's
	 * @param convention names and keys, or {@code null} for the default
	 */
	public MessagingObservations(ObservationRegistry registry, @Nullable MessagingObservationConvention convention) {
		this.registry = registry;
		this.convention = convention;
	}

	/**
	 * Observes an operation.
	 * @param <T> the operation's result
	 * @param operation what is asked, lower case
	 * @param channel where the message goes, lower case
	 * @param call the operation
	 * @return the operation, observed at each subscription
	 */
	public <T> Mono<T> observe(String operation, String channel, Mono<T> call) {
		if (this.registry.isNoop()) {
			return call;
		}
		return Mono.deferContextual((parent) -> {
			MessagingObservationContext context = new MessagingObservationContext(operation, channel);
			Observation observation = MessagingObservationDocumentation.OPERATION.observation(this.convention, DEFAULT,
					() -> context, this.registry);
			observation.parentObservation(current(parent));
			observation.start();
			AtomicBoolean ended = new AtomicBoolean();
			// Stopped before the result is handed on, so that it's measured once seen.
			return call.doOnError((failure) -> quietly(() -> observation.error(failure)))
				.doOnTerminate(() -> stop(observation, context, ended))
				.doOnCancel(() -> {
					if (!ended.get()) {
						context.setCanceled();
					}
					stop(observation, context, ended);
				})
				.contextWrite((view) -> view.put(ObservationThreadLocalAccessor.KEY, observation));
		});
	}

	private static void stop(Observation observation, MessagingObservationContext context, AtomicBoolean ended) {
		if (ended.compareAndSet(false, true)) {
			context.setEnded();
			quietly(observation::stop);
		}
	}

	// A handler that fails must not turn a message that was sent into a failure.
	private static void quietly(Runnable step) {
		try {
			step.run();
		}
		catch (RuntimeException ex) {
			logger.warn("An observation failed; what it observes goes on", ex);
		}
	}

	/**
	 * Notes something that happens within the operation that is observed.
	 * @param context the operation's Reactor context
	 * @param event what happens
	 */
	public static void event(ContextView context, MessagingObservationDocumentation.Event event) {
		Observation observation = current(context);
		if (observation != null && observation.getContext() instanceof MessagingObservationContext) {
			quietly(() -> observation.event(event));
		}
	}

	private static @Nullable Observation current(ContextView context) {
		return context.getOrDefault(ObservationThreadLocalAccessor.KEY, null);
	}

}
