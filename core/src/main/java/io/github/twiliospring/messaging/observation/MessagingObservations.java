package io.github.twiliospring.messaging.observation;

import java.util.concurrent.atomic.AtomicBoolean;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.contextpropagation.ObservationThreadLocalAccessor;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/**
 * Observes operations, and puts the observation into their Reactor context, where HTTP
 * client and filters find it as their parent.
 */
public final class MessagingObservations {

	/** Observes nothing. */
	public static final MessagingObservations NONE = new MessagingObservations(ObservationRegistry.NOOP, null);

	private static final Log logger = LogFactory.getLog(MessagingObservations.class);

	private static final String UNOBSERVED = "An observation failed; what it observes goes on";

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
			Observed observed = tryStart(operation, channel, parent);
			if (observed == null) {
				return call;
			}
			// Stopped before the result is handed on, so that it's measured once seen.
			return call.doOnError(observed::fail)
				.doOnTerminate(observed::end)
				.doOnCancel(observed::cancel)
				.contextWrite(observed::enter);
		});
	}

	/**
	 * Observes an operation with many results, until the last has arrived.
	 * @param <T> a result
	 * @param operation what is asked, lower case
	 * @param channel where the message goes, lower case
	 * @param call the operation
	 * @return the operation, observed at each subscription
	 */
	public <T> Flux<T> observe(String operation, String channel, Flux<T> call) {
		if (this.registry.isNoop()) {
			return call;
		}
		return Flux.deferContextual((parent) -> {
			Observed observed = tryStart(operation, channel, parent);
			if (observed == null) {
				return call;
			}
			return call.doOnError(observed::fail)
				.doOnTerminate(observed::end)
				.doOnCancel(observed::cancel)
				.contextWrite(observed::enter);
		});
	}

	private @Nullable Observed tryStart(String operation, String channel, ContextView parent) {
		MessagingObservationContext context = new MessagingObservationContext(operation, channel);
		try {
			Observation observation = MessagingObservationDocumentation.OPERATION.observation(this.convention, DEFAULT,
					() -> context, this.registry);
			observation.parentObservation(current(parent));
			// Of several handlers, those before the one that fails have started, and stop
			// with it.
			quietly(observation::start);
			return new Observed(observation, context, new AtomicBoolean());
		}
		catch (RuntimeException ex) {
			logger.warn(UNOBSERVED, ex);
			return null;
		}
	}

	// A handler that fails must not turn a message that was sent into a failure.
	private static void quietly(Runnable step) {
		try {
			step.run();
		}
		catch (RuntimeException ex) {
			logger.warn(UNOBSERVED, ex);
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

	private record Observed(Observation observation, MessagingObservationContext context, AtomicBoolean ended) {

		void fail(Throwable failure) {
			quietly(() -> this.observation.error(failure));
		}

		void end() {
			if (this.ended.compareAndSet(false, true)) {
				this.context.setEnded();
				quietly(this.observation::stop);
			}
		}

		void cancel() {
			if (!this.ended.get()) {
				this.context.setCanceled();
			}
			end();
		}

		Context enter(Context view) {
			return view.put(ObservationThreadLocalAccessor.KEY, this.observation);
		}

	}

}
