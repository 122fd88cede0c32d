package io.github.twiliospring.messaging;

import io.github.twiliospring.messaging.observation.GuardedObservation;
import io.github.twiliospring.messaging.observation.DefaultMessagingObservationConvention;
import io.github.twiliospring.messaging.observation.MessagingObservationContext;
import io.github.twiliospring.messaging.observation.MessagingObservationConvention;
import io.github.twiliospring.messaging.observation.MessagingObservationDocumentation;
import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
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
		if (this.registry.isNoop()) {
			return call;
		}
		return Mono.deferContextual((parent) -> {
			Observed observed = start(operation, channel, parent);
			if (observed == null) {
				return call;
			}
			// Stopped before the result is handed on, so that it's measured once seen.
			return call.doOnEach((signal) -> observed.end(signal.getThrowable()))
				.doOnCancel(observed::cancel)
				.contextWrite(observed.observation()::enter);
		});
	}

	/**
	 * Observes what brings many results, from the subscription to the last of them.
	 */
	<T> Flux<T> observe(Operation operation, Flux<T> call) {
		if (this.registry.isNoop()) {
			return call;
		}
		return Flux.deferContextual((parent) -> {
			Observed observed = start(operation, NO_CHANNEL, parent);
			if (observed == null) {
				return call;
			}
			return call.doOnError(observed::end)
				.doOnComplete(() -> observed.end(null))
				.doOnCancel(observed::cancel)
				.contextWrite(observed.observation()::enter);
		});
	}

	private @Nullable Observed start(Operation operation, String channel, ContextView parent) {
		Progress context = new Progress(operation.key(), channel);
		GuardedObservation observation = GuardedObservation.start(() -> MessagingObservationDocumentation.OPERATION
			.observation(this.convention, DEFAULT, () -> context, this.registry), parent);
		return (observation != null) ? new Observed(observation, context) : null;
	}

	private record Observed(GuardedObservation observation, Progress context) {

		void end(@Nullable Throwable failure) {
			this.context.ended = true;
			this.observation.end(failure);
		}

		void cancel() {
			if (!this.observation.isEnded()) {
				this.context.canceled = true;
			}
			end(null);
		}

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
