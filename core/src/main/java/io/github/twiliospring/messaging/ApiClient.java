package io.github.twiliospring.messaging;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ResponseCookie;
import org.springframework.http.client.reactive.ClientHttpResponse;
import org.springframework.util.MultiValueMap;
import org.springframework.web.reactive.function.BodyExtractors;
import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.ExchangeFilterFunction;
import org.springframework.web.reactive.function.client.ExchangeFunction;

/**
 * Makes single attempts over HTTP and says what is known after each: what was learnt at
 * the connection stands, whatever the application's filters make of it. Thread-safe,
 * never blocks; outcomes arrive on the connector's threads.
 */
final class ApiClient {

	private static final Log logger = LogFactory.getLog(ApiClient.class);

	private static final int UNAUTHORIZED = 401;

	private static final long LINE_INTERVAL = Duration.ofMinutes(1).toNanos();

	// Both are made by the first call: what they take, a start needn't wait for.
	private final Supplier<ApiConnector> connector;

	private final Supplier<RequestCustomizations> customizations;

	private final Supplier<ApiCredentials> credentials;

	private final AnswerReader answers;

	private final ApiClock apiClock;

	private final List<AttemptListener> listeners;

	private volatile @Nullable Authorization authorization;

	private final AtomicReference<@Nullable Long> refused = new AtomicReference<>();

	ApiClient(Supplier<ApiConnector> connector, Supplier<RequestCustomizations> customizations,
			Supplier<ApiCredentials> credentials, AnswerReader answers, ApiClock apiClock,
			List<AttemptListener> listeners) {
		this.connector = connector;
		this.customizations = customizations;
		this.credentials = credentials;
		this.answers = answers;
		this.apiClock = apiClock;
		this.listeners = listeners;
	}

	/**
	 * Makes an attempt.
	 * @return what came of it; never an error
	 */
	<T> Mono<Outcome<T>> attempt(ApiCall<T> call, Attempt attempt) {
		return exchange(call, attempt, true,
				(response) -> this.answers.read(response, call.reader(), attempt).map((answer) -> {
					Outcome<T> outcome = this.connector.get().redirects().judge(call.operation(), answer.outcome());
					attempt.keep(outcome);
					noteRefusal(outcome);
					return new AnswerReader.Answer<>(outcome, answer.body());
				}));
	}

	/**
	 * Makes an attempt with a reading of one's own.
	 * @param reading reads an answer
	 * @param authorized whether it's asked of the API, which is shown the credentials
	 */
	<T> Mono<Outcome<T>> exchange(ApiCall<?> call, Attempt attempt, boolean authorized,
			Function<ClientHttpResponse, Mono<AnswerReader.Answer<T>>> reading) {
		return Mono.deferContextual((context) -> {
			// What may fail comes first: nobody would end an observation that has begun.
			String header = authorized ? authorization() : null;
			ApiConnector connector = this.connector.get();
			RequestCustomizations customized = this.customizations.get();
			ApiRequest plain = customized.request(call);
			ExchangeObservation observation = customized.observation().start(call.target(), plain, context);
			ClientRequest request = (observation != null) ? observation.request() : plain;
			ExchangeFilterFunction filter = customized.filter();
			Exchange<T> exchange = new Exchange<>(connector, call.target(), attempt, header, observation, reading);
			Mono<Outcome<T>> outcome = (filter == null) ? exchange.make(request, (answered, response) -> answered)
					: exchange.filtered(request, filter);
			return (observation != null) ? observation.observe(outcome, (failure) -> shown(attempt, failure)) : outcome;
		}).onErrorResume((failure) -> Mono.just(failed(attempt, failure))).doOnCancel(attempt::tryClose);
	}

	// What every call ends with until somebody mends it is more than a caller's failure.
	private void noteRefusal(Outcome<?> outcome) {
		if (outcome instanceof Outcome.Rejected<?> rejected && rejected.error().httpStatus() == UNAUTHORIZED) {
			long now = System.nanoTime();
			Long last = this.refused.get();
			if ((last == null || now - last >= LINE_INTERVAL) && this.refused.compareAndSet(last, now)) {
				logger.warn("The API refuses the credentials (HTTP 401): check the account SID, and the auth token, or"
						+ " the API key and its secret");
			}
		}
	}

	// A filter may need something from another host first, such as a token: that's no
	// attempt of the call, and our credentials aren't meant for it.
	private static boolean isOfFilter(ClientRequest call, ClientRequest request) {
		return !request.attributes().containsKey(ApiRequest.URI_TEMPLATE)
				&& !(Objects.equals(call.url().getScheme(), request.url().getScheme())
						&& Objects.equals(call.url().getRawAuthority(), request.url().getRawAuthority()));
	}

	// The whole answer, whose body is in memory.
	private static ClientResponse response(ClientHttpResponse answer, byte[] body) {
		return ApiConnector.response(answer)
			.body((body.length > 0)
					? Mono.fromSupplier(() -> (DataBuffer) DefaultDataBufferFactory.sharedInstance.wrap(body)).flux()
					: Flux.empty())
			.build();
	}

	// Asked each time, so that a secret can be replaced while the application runs.
	private String authorization() {
		ApiCredentials present = this.credentials.get();
		Authorization known = this.authorization;
		if (known == null || !known.credentials().equals(present)) {
			known = new Authorization(present, "Basic " + Base64.getEncoder()
				.encodeToString((present.username() + ":" + present.password()).getBytes(StandardCharsets.UTF_8)));
			this.authorization = known;
		}
		return known.header();
	}

	private static <T> Outcome<T> failed(Attempt attempt, Throwable failure) {
		String type = NamedFailure.typeOf(failure);
		Throwable shown = shown(attempt, failure);
		return attempt.tryClose() ? new Outcome.NotSent<>(type + " before anything was written", shown)
				: new Outcome.Unknown<>("the answer was lost (" + type + ")", shown);
	}

	// It ends the attempt in any case.
	private static Throwable shown(Attempt attempt, Throwable failure) {
		return attempt.tryClose() ? NamedFailure.unlessOurs(failure) : NamedFailure.of(failure);
	}

	/**
	 * One exchange.
	 */
	private final class Exchange<T> {

		private final ApiConnector connector;

		private final ApiPaths.Target target;

		private final Attempt attempt;

		private final @Nullable String authorization;

		private final @Nullable ExchangeObservation observation;

		private final Function<ClientHttpResponse, Mono<AnswerReader.Answer<T>>> reading;

		Exchange(ApiConnector connector, ApiPaths.Target target, Attempt attempt, @Nullable String authorization,
				@Nullable ExchangeObservation observation,
				Function<ClientHttpResponse, Mono<AnswerReader.Answer<T>>> reading) {
			this.connector = connector;
			this.target = target;
			this.attempt = attempt;
			this.authorization = authorization;
			this.observation = observation;
			this.reading = reading;
		}

		// The result is made of the outcome and of what a filter sees of the answer.
		<R> Mono<R> make(ClientRequest request, BiFunction<Outcome<T>, Supplier<ClientResponse>, R> result) {
			long asked = System.nanoTime();
			Mono<R> exchange = this.connector.exchange(request, this.authorization, this.attempt)
				.flatMap((answer) -> this.reading.apply(answer).map((read) -> {
					Supplier<ClientResponse> response = () -> response(answer, read.body());
					answered(answer, read.outcome(), response, System.nanoTime() - asked);
					return result.apply(read.outcome(), response);
				}));
			return ApiClient.this.listeners.isEmpty() ? exchange
					: exchange.doOnError((failure) -> heard(null, NamedFailure.typeOf(failure)));
		}

		Mono<Outcome<T>> filtered(ClientRequest request, ExchangeFilterFunction filter) {
			AtomicReference<@Nullable Outcome<T>> learnt = new AtomicReference<>();
			ExchangeFunction exchange = (asked) -> isOfFilter(request, asked) ? this.connector.exchange(asked)
					: make(asked, (outcome, response) -> {
						learnt.set(outcome);
						return response.get();
					});
			return Mono.defer(() -> filter.filter(request, exchange)).flatMap((response) -> {
				Outcome<T> outcome = learnt.get();
				if (outcome != null) {
					return Mono.just(outcome);
				}
				// A filter that answers in place of the API, as a test's may, is
				// believed, but not once the request is on its way.
				return this.attempt.tryClose()
						? this.reading.apply(new FilterAnswer(response)).map(AnswerReader.Answer::outcome)
						: Mono.error(NoAnswerException::new);
			}).switchIfEmpty(Mono.error(NoAnswerException::new)).onErrorResume((failure) -> {
				Outcome<T> outcome = learnt.get();
				if (outcome == null) {
					return Mono.error(failure);
				}
				logger.warn("A filter failed after the API had answered, which changes nothing: "
						+ failure.getClass().getName());
				return Mono.just(outcome);
			});
		}

		private void answered(ClientHttpResponse answer, Outcome<T> outcome, Supplier<ClientResponse> response,
				long nanos) {
			// Not from a filter, which may keep answers; nor from a storage, which isn't
			// shown the credentials.
			if (this.authorization != null && outcome instanceof Outcome.Accepted) {
				ApiClient.this.apiClock.learn(answer.getHeaders(), Duration.ofNanos(nanos));
			}
			heard(answer.getStatusCode(), null);
			if (this.observation != null) {
				this.observation.answered(answer.getStatusCode(), response);
			}
		}

		private void heard(@Nullable HttpStatusCode status, @Nullable String failure) {
			if (this.authorization == null) {
				return;
			}
			for (AttemptListener listener : ApiClient.this.listeners) {
				try {
					listener.attempted(this.target.shown(), status, failure);
				}
				catch (Throwable ex) {
					logger.warn("An attempt listener failed, which changes nothing: " + ex.getClass().getName());
				}
			}
		}

	}

	/**
	 * The header of some credentials.
	 */
	private record Authorization(ApiCredentials credentials, String header) {

		@Override
		public String toString() {
			return "Authorization[]";
		}

	}

	/**
	 * What a filter answered.
	 */
	private record FilterAnswer(ClientResponse response) implements ClientHttpResponse {

		@Override
		public HttpStatusCode getStatusCode() {
			return this.response.statusCode();
		}

		@Override
		public HttpHeaders getHeaders() {
			return this.response.headers().asHttpHeaders();
		}

		@Override
		public MultiValueMap<String, ResponseCookie> getCookies() {
			return this.response.cookies();
		}

		@Override
		public Flux<DataBuffer> getBody() {
			return this.response.body(BodyExtractors.toDataBuffers());
		}

	}

	/**
	 * A filter completed without an answer, or with one of its own after the request was
	 * on its way.
	 */
	@SuppressWarnings("serial")
	private static final class NoAnswerException extends IllegalStateException {

		NoAnswerException() {
			super("A filter hides what became of a request");
		}

	}

}
