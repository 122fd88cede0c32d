package io.github.twiliospring.messaging.observation;

import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.contextpropagation.ObservationThreadLocalAccessor;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/**
 * An observation whose handlers and conventions may fail: what it observes goes on, so
 * that a broken tracer keeps no message from being sent, and turns none that was sent
 * into a failure. Ends once. Sends and webhooks observe by it; an application has no need
 * of it. Thread-safe.
 */
public final class GuardedObservation {

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
	 * @return the observation, or {@code null} where it's switched off or can't even be
	 * made
	 */
	public static @Nullable GuardedObservation start(Supplier<Observation> source, ContextView parent) {
		GuardedObservation[] started = new GuardedObservation[1];
		quietly(() -> {
			Observation observation = source.get();
			// One that's switched off would hide its parent from what is observed within.
			if (!observation.isNoop()) {
				Observation above = current(parent);
				observation.parentObservation(above);
				started[0] = new GuardedObservation(observation);
				// Handlers before one that fails have started, and stop with it.
				startBelow(above, observation);
			}
		});
		return started[0];
	}

	// Tracers prefer what is current on the thread to the parent.
	private static void startBelow(@Nullable Observation above, Observation observation) {
		Observation present = observation.getObservationRegistry().getCurrentObservation();
		if (above == null || present == null || present == above) {
			observation.start();
		}
		else {
			inScope(above, () -> {
				observation.start();
				return Boolean.TRUE;
			});
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

	/**
	 * Calls something while the observation of a Reactor context is the thread's current
	 * one, so that logs and calls of others belong to it.
	 * @param <T> what it gives
	 * @param context the context that may hold an observation
	 * @param work what is called, on this thread
	 * @return what the work gave, may be {@code null}
	 * @throws Exception what the work threw
	 */
	public static <T extends @Nullable Object> T inScope(ContextView context, Callable<T> work) throws Exception {
		Observation observation = current(context);
		return (observation != null) ? inScope(observation, work::call) : work.call();
	}

	private static <T extends @Nullable Object, E extends Exception> T inScope(Observation observation, Work<T, E> work)
			throws E {
		ObservationRegistry registry = observation.getObservationRegistry();
		Observation.Scope before = registry.getCurrentObservationScope();
		Observation.Scope[] scope = new Observation.Scope[1];
		quietly(() -> scope[0] = observation.openScope());
		try {
			return work.call();
		}
		finally {
			if (scope[0] != null) {
				quietly(scope[0]::close);
			}
			// A handler that fails leaves the scope half open.
			registry.setCurrentObservationScope(before);
		}
	}

	/**
	 * Whether it has ended.
	 * @return {@code true} once {@link #end()} was called
	 */
	public boolean isEnded() {
		return this.ended.get();
	}

	/**
	 * Ends it, if it hasn't ended yet.
	 */
	public void end() {
		end(null);
	}

	/**
	 * Ends it, if it hasn't ended yet.
	 * @param failure what went wrong, or {@code null} for nothing
	 */
	public void end(@Nullable Throwable failure) {
		if (this.ended.compareAndSet(false, true)) {
			if (failure != null) {
				quietly(() -> this.observation.error(failure));
			}
			quietly(this.observation::stop);
		}
	}

	/**
	 * Makes it the parent of what is observed within.
	 * @param view the Reactor context
	 * @return the context that holds it
	 */
	public Context enter(Context view) {
		return view.put(ObservationThreadLocalAccessor.KEY, this.observation);
	}

	private static @Nullable Observation current(ContextView context) {
		return context.getOrDefault(ObservationThreadLocalAccessor.KEY, null);
	}

	private static void quietly(Runnable step) {
		try {
			step.run();
		}
		catch (Throwable ex) {
			logger.warn("An observation failed; what it observes goes on", ex);
		}
	}

	/**
	 * What is called in a scope.
	 */
	private interface Work<T extends @Nullable Object, E extends Exception> {

		T call() throws E;

	}

}
