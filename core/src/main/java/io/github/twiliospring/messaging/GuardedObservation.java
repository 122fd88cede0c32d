package io.github.twiliospring.messaging;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

import io.github.twiliospring.messaging.observation.MessagingObservationContext;
import io.github.twiliospring.messaging.observation.MessagingObservationDocumentation;
import io.micrometer.observation.Observation;
import io.micrometer.observation.contextpropagation.ObservationThreadLocalAccessor;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/**
 * An observation whose handlers and conventions may fail: what it observes goes on, so
 * that a broken tracer keeps no message from being sent, and turns none that was sent
 * into a failure. Ends once.
 */
final class GuardedObservation {

	private static final Log logger = LogFactory.getLog(GuardedObservation.class);

	private final Observation observation;

	private final AtomicBoolean ended = new AtomicBoolean();

	private GuardedObservation(Observation observation) {
		this.observation = observation;
	}

	/**
	 * Starts an observation.
	 * @param source makes it
	 * @param parent the Reactor context that may hold its parent
	 * @return the observation, or {@code null} where it can't even be made
	 */
	static @Nullable GuardedObservation start(Supplier<Observation> source, ContextView parent) {
		GuardedObservation[] started = new GuardedObservation[1];
		quietly(() -> {
			Observation observation = source.get();
			observation.parentObservation(current(parent));
			started[0] = new GuardedObservation(observation);
			// Of several handlers, those before the one that fails have started, and stop
			// with it.
			observation.start();
		});
		return started[0];
	}

	/**
	 * Notes something that happens within the operation that is observed.
	 * @param context the operation's Reactor context
	 */
	static void event(ContextView context, MessagingObservationDocumentation.Event event) {
		Observation observation = current(context);
		if (observation != null && observation.getContext() instanceof MessagingObservationContext) {
			quietly(() -> observation.event(event));
		}
	}

	void fail(Throwable failure) {
		quietly(() -> this.observation.error(failure));
	}

	boolean isEnded() {
		return this.ended.get();
	}

	void end() {
		if (this.ended.compareAndSet(false, true)) {
			quietly(this.observation::stop);
		}
	}

	Context enter(Context view) {
		return view.put(ObservationThreadLocalAccessor.KEY, this.observation);
	}

	private static @Nullable Observation current(ContextView context) {
		return context.getOrDefault(ObservationThreadLocalAccessor.KEY, null);
	}

	private static void quietly(Runnable step) {
		try {
			step.run();
		}
		catch (RuntimeException ex) {
			logger.warn("An observation failed; what it observes goes on", ex);
		}
	}

}
