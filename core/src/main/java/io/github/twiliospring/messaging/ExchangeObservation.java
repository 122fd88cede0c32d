package io.github.twiliospring.messaging;

import io.github.twiliospring.messaging.observation.GuardedObservation;
import io.micrometer.common.KeyValue;
import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.util.context.ContextView;

import org.springframework.web.reactive.function.client.ClientHttpObservationDocumentation;
import org.springframework.web.reactive.function.client.ClientHttpObservationDocumentation.LowCardinalityKeyNames;
import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.reactive.function.client.ClientRequestObservationContext;
import org.springframework.web.reactive.function.client.ClientRequestObservationConvention;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.DefaultClientRequestObservationConvention;

/**
 * The observation {@code http.client.requests} of one exchange, as {@code WebClient}
 * makes it. Conventions see the request by our own URL without its query: a query may
 * hold a number, and the URL that an answer names anything.
 */
final class ExchangeObservation {

	private static final ClientRequestObservationConvention DEFAULT = new DefaultClientRequestObservationConvention() {

		@Override
		protected KeyValue exception(ClientRequestObservationContext context) {
			return (context.getError() instanceof NamedFailure named)
					? KeyValue.of(LowCardinalityKeyNames.EXCEPTION, NamedFailure.typeOf(named))
					: super.exception(context);
		}

	};

	private final GuardedObservation observation;

	private final ExchangeContext context;

	private final ClientRequest request;

	private ExchangeObservation(GuardedObservation observation, ExchangeContext context, ClientRequest request) {
		this.observation = observation;
		this.context = context;
		this.request = request;
	}

	/**
	 * The request with what it was given, such as the headers of a trace.
	 */
	ClientRequest request() {
		return this.request;
	}

	/**
	 * The answer is there.
	 */
	void answered(ClientResponse response) {
		this.context.setResponse(response);
	}

	<T> Mono<Outcome<T>> observe(Mono<Outcome<T>> exchange) {
		// Stopped before the outcome is handed on, so that it's measured once seen.
		return exchange.doOnEach((signal) -> {
			Throwable failure = signal.getThrowable();
			if (failure != null) {
				this.observation.fail(failure);
			}
			this.observation.end();
		}).doOnCancel(() -> {
			this.context.aborted = this.context.getResponse() == null;
			this.observation.end();
		}).contextWrite(this.observation::enter);
	}

	/**
	 * Starts observations.
	 *
	 * @param registry the application's
	 * @param convention names and keys, or {@code null} for the default
	 */
	record Source(ObservationRegistry registry, @Nullable ClientRequestObservationConvention convention) {

		/**
		 * Starts one, and lets it add its headers to the request.
		 * @return the observation, or {@code null} where nothing is observed
		 */
		@Nullable ExchangeObservation start(ApiPaths.Target target, ApiRequest request, ContextView parent) {
			if (this.registry.isNoop()) {
				return null;
			}
			ClientRequest.Builder carrier = ClientRequest.from(request).url(target.shown());
			ExchangeContext context = new ExchangeContext(carrier);
			context.setUriTemplate(target.template());
			GuardedObservation observation = GuardedObservation
				.start(() -> ClientHttpObservationDocumentation.HTTP_REACTIVE_CLIENT_EXCHANGES
					.observation(this.convention, DEFAULT, () -> context, this.registry), parent);
			ClientRequest observed = carrier.url(target.uri()).build();
			return (observation != null) ? new ExchangeObservation(observation, context,
					(observed.httpRequest() == null) ? request.with(observed) : observed) : null;
		}

	}

	/**
	 * Spring's own can be told of an abort by Spring alone.
	 */
	private static final class ExchangeContext extends ClientRequestObservationContext {

		private volatile boolean aborted;

		ExchangeContext(ClientRequest.Builder request) {
			super(request);
		}

		@Override
		public boolean isAborted() {
			return this.aborted;
		}

	}

}
