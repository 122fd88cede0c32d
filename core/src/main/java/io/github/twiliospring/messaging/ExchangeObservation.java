package io.github.twiliospring.messaging;

import java.net.URI;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

import io.github.twiliospring.messaging.observation.GuardedObservation;
import io.micrometer.observation.ObservationRegistry;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.util.context.ContextView;

import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatusCode;
import org.springframework.web.reactive.function.client.ClientHttpObservationDocumentation;
import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.reactive.function.client.ClientRequestObservationContext;
import org.springframework.web.reactive.function.client.ClientRequestObservationConvention;
import org.springframework.web.reactive.function.client.ClientResponse;

/**
 * The observation {@code http.client.requests} of one exchange, as {@code WebClient}
 * makes it. Conventions see the request by our own URL without its query: a query may
 * hold a number, and the URL that an answer names anything.
 */
final class ExchangeObservation {

	private static final Log logger = LogFactory.getLog(ExchangeObservation.class);

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
	void answered(HttpStatusCode status, Supplier<ClientResponse> response) {
		this.context.answer = response;
		this.context.status = status;
	}

	/**
	 * Observes the exchange.
	 * @param shown what may be shown of a failure
	 */
	<T> Mono<T> observe(Mono<T> exchange, UnaryOperator<Throwable> shown) {
		// Ends before the outcome is handed on, so that it's measured once seen.
		return exchange.doOnEach((signal) -> {
			Throwable failure = signal.getThrowable();
			this.observation.end((failure != null) ? shown.apply(failure) : null);
		}).doOnCancel(() -> {
			this.context.aborted = this.context.status == null;
			this.observation.end();
		}).contextWrite(this.observation::enter);
	}

	/**
	 * Starts observations.
	 *
	 * @param registry the application's
	 * @param chosen names and keys that were chosen, which go before what the registry
	 * says of all observations; {@code null} for none
	 * @param fallback names and keys otherwise
	 */
	record Source(ObservationRegistry registry, @Nullable ClientRequestObservationConvention chosen,
			ClientRequestObservationConvention fallback) {

		Source(ObservationRegistry registry, @Nullable ClientRequestObservationConvention given) {
			this(registry, (given != null) ? ExchangeObservationConvention.insteadOfDefault(given) : null,
					ExchangeObservationConvention.insteadOfDefault(null));
		}

		/**
		 * Starts one, and lets it add its headers to the request.
		 * @return the observation, or {@code null} where nothing is observed
		 */
		@Nullable ExchangeObservation start(ApiPaths.Target target, ApiRequest request, ContextView parent) {
			if (this.registry.isNoop()) {
				return null;
			}
			ExchangeContext context = new ExchangeContext(request.at(target.shown()), target);
			GuardedObservation observation = GuardedObservation
				.start(() -> ClientHttpObservationDocumentation.HTTP_REACTIVE_CLIENT_EXCHANGES.observation(this.chosen,
						this.fallback, () -> context, this.registry), parent);
			return (observation != null) ? new ExchangeObservation(observation, context, context.addedTo(request))
					: null;
		}

	}

	/**
	 * Spring's own can be told of an abort by Spring alone.
	 */
	static final class ExchangeContext extends ClientRequestObservationContext {

		// Spring's constructor wants one, and builds it. Nobody else sees it.
		private static final ClientRequest.Builder NOTHING = ClientRequest.create(HttpMethod.GET, URI.create("/"));

		static {
			// The first time writes into it.
			NOTHING.build();
		}

		private final ApiPaths.Target target;

		private final HttpMethod method;

		private volatile ClientRequest.@Nullable Builder added;

		private volatile boolean aborted;

		private volatile @Nullable HttpStatusCode status;

		private volatile @Nullable Supplier<ClientResponse> answer;

		ExchangeContext(ClientRequest shown, ApiPaths.Target target) {
			super(NOTHING);
			this.target = target;
			this.method = shown.method();
			setRequest(shown);
			setUriTemplate(target.template());
		}

		// Made where somebody adds something, as a tracer does.
		@Override
		public ClientRequest.Builder getCarrier() {
			ClientRequest.Builder added = this.added;
			if (added == null) {
				added = ClientRequest.create(this.method, this.target.shown());
				this.added = added;
			}
			return added;
		}

		// What can't be taken keeps no message from going out, while the observation
		// runs.
		ClientRequest addedTo(ApiRequest request) {
			ClientRequest.Builder added = this.added;
			try {
				return (added != null) ? request.with(added.headers(SendableHeaders::keepIn).build()) : request;
			}
			catch (RuntimeException ex) {
				logger.warn("What an observation handler adds to a request can't be taken: " + ex.getClass().getName());
				return request;
			}
		}

		ApiPaths.Target target() {
			return this.target;
		}

		@Nullable HttpStatusCode status() {
			return this.status;
		}

		@Override
		public boolean isAborted() {
			return this.aborted;
		}

		// Made where somebody looks at it.
		@Override
		public @Nullable ClientResponse getResponse() {
			Supplier<ClientResponse> answer = this.answer;
			if (answer != null) {
				this.answer = null;
				setResponse(answer.get());
			}
			return super.getResponse();
		}

	}

}
