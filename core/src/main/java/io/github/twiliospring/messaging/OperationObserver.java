package io.github.twiliospring.messaging;

import io.github.twiliospring.messaging.observation.GuardedObservation;
import io.github.twiliospring.messaging.observation.DefaultMessagingObservationConvention;
import io.github.twiliospring.messaging.observation.MessagingObservationContext;
import io.github.twiliospring.messaging.observation.MessagingObservationConvention;
import io.github.twiliospring.messaging.observation.MessagingObservationDocumentation;
import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;
import reactor.core.observability.DefaultSignalListener;
import reactor.core.observability.SignalListener;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/**
 * Observes the operations of a template, each once and whole, and puts the observation
 * into their Reactor context, where HTTP client and filters find it as their parent.
 */
final class OperationObserver {

	private static final String NO_CHANNEL = "none";

	private static final MessagingObservationConvention DEFAULT = new DefaultMessagingObservationConvention();

	private final ObservationRegistry registry;

	private final @Nullable MessagingObservationConvention convention;

	/**
	 * Observes with a registry.
	 * @param registry the application's
	 * @param convention names and keys, or {@code null} for the default
	 */
	OperationObserver(ObservationRegistry registry, @Nullable MessagingObservationConvention convention) {
		this.registry = registry;
		this.convention = convention;
	}

	<T> Mono<T> observe(Operation operation, Mono<T> call) {
		return observe(operation, NO_CHANNEL, call);
	}

	<T> Mono<T> observe(Operation operation, String channel, Mono<T> call) {
		return this.registry.isNoop() ? call
				// Ends before the result is handed on, so that it's measured once seen.
				: call.tap((parent) -> start(operation, channel, parent, true));
	}

	/**
	 * Observes what brings many results, from the subscription to the last of them.
	 */
	<T> Flux<T> observe(Operation operation, Flux<T> call) {
		return this.registry.isNoop() ? call : call.tap((parent) -> start(operation, NO_CHANNEL, parent, false));
	}

	private <T> SignalListener<T> start(Operation operation, String channel, ContextView parent, boolean single) {
		Progress context = new Progress(operation.key(), channel);
		GuardedObservation observation = GuardedObservation.start(() -> MessagingObservationDocumentation.OPERATION
			.observation(this.convention, DEFAULT, () -> context, this.registry), parent);
		return (observation != null) ? new Observed<>(observation, context, single) : new Unobserved<>();
	}

	/**
	 * Follows an operation to its end.
	 */
	private static final class Observed<T> extends DefaultSignalListener<T> {

		private final GuardedObservation observation;

		private final Progress context;

		private final boolean single;

		Observed(GuardedObservation observation, Progress context, boolean single) {
			this.observation = observation;
			this.context = context;
			this.single = single;
		}

		@Override
		public Context addToContext(Context given) {
			return this.observation.enter(given);
		}

		@Override
		public void doOnNext(T result) {
			if (this.single) {
				end();
			}
		}

		@Override
		public void doOnComplete() {
			end();
		}

		@Override
		public void doOnError(Throwable failure) {
			this.observation.fail(failure);
			end();
		}

		@Override
		public void doOnCancel() {
			if (!this.observation.isEnded()) {
				this.context.canceled = true;
			}
			end();
		}

		private void end() {
			this.context.ended = true;
			this.observation.end();
		}

	}

	/**
	 * Where an observation couldn't even be made.
	 */
	private static final class Unobserved<T> extends DefaultSignalListener<T> {

	}

	/**
	 * What is known so far.
	 */
	private static final class Progress extends MessagingObservationContext {

		private volatile boolean canceled;

		private volatile boolean ended;

		Progress(String operation, String channel) {
			super(operation, channel);
		}

		@Override
		public boolean isCanceled() {
			return this.canceled;
		}

		@Override
		public boolean isEnded() {
			return this.ended;
		}

	}

}
