package io.github.twiliospring.messaging;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
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

	// Both are made by the first call: what they take, a start needn't wait for.
	private final Supplier<ApiConnector> connector;

	private final Supplier<RequestCustomizations> customizations;

	private final Supplier<ApiCredentials> credentials;

	private final AnswerReader answers;

	private final ApiClock apiClock;

	private volatile @Nullable Authorization authorization;

	ApiClient(Supplier<ApiConnector> connector, Supplier<RequestCustomizations> customizations,
			Supplier<ApiCredentials> credentials, AnswerReader answers, ApiClock apiClock) {
		this.connector = connector;
		this.customizations = customizations;
		this.credentials = credentials;
		this.answers = answers;
		this.apiClock = apiClock;
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
					return new AnswerReader.Answer<>(outcome, answer.body());
				}));
	}

	/**
	 * Makes an attempt with a reading of one's own.
	 * @param reading reads an answer
	 * @param authorized whether the credentials are shown
	 */
	<T> Mono<Outcome<T>> exchange(ApiCall<?> call, Attempt attempt, boolean authorized,
			Function<ClientHttpResponse, Mono<AnswerReader.Answer<T>>> reading) {
		return Mono.deferContextual((context) -> {
			String header = authorized ? authorization() : null;
			RequestCustomizations customized = this.customizations.get();
			ApiRequest plain = customized.request(call);
			ExchangeObservation observation = customized.observation().start(call.target(), plain, context);
			ClientRequest request = (observation != null) ? observation.request() : plain;
			ExchangeFilterFunction filter = customized.filter();
			Mono<Outcome<T>> exchange = (filter == null)
					? read(request, header, attempt, observation, reading, (outcome, response) -> outcome)
					: filtered(request, filter, attempt, reading,
							(filtered) -> read(filtered, header, attempt, observation, reading, Read::new));
			return (observation != null)
					? observation.observe(exchange.onErrorMap((failure) -> shown(attempt, failure))) : exchange;
		}).onErrorResume((failure) -> Mono.just(failed(attempt, failure))).doOnCancel(attempt::tryClose);
	}

	// The result is made of the outcome and of what filters and observations see, if any
	// do.
	private <T, R> Mono<R> read(ClientRequest request, @Nullable String header, Attempt attempt,
			@Nullable ExchangeObservation observation,
			Function<ClientHttpResponse, Mono<AnswerReader.Answer<T>>> reading,
			BiFunction<Outcome<T>, @Nullable ClientResponse, R> result) {
		long asked = System.nanoTime();
		return this.connector.get()
			.exchange(request, header, attempt)
			.flatMap((answer) -> reading.apply(answer).map((read) -> {
				// Not from a filter, which may keep answers; nor from a storage, which
				// isn't shown the credentials.
				if (header != null && read.outcome() instanceof Outcome.Accepted) {
					this.apiClock.learn(answer.getHeaders(), Duration.ofNanos(System.nanoTime() - asked));
				}
				ClientResponse response = null;
				if (observation != null || this.customizations.get().filter() != null) {
					response = response(answer, read.body());
					if (observation != null) {
						observation.answered(response);
					}
				}
				return result.apply(read.outcome(), response);
			}));
	}

	private <T> Mono<Outcome<T>> filtered(ClientRequest request, ExchangeFilterFunction filter, Attempt attempt,
			Function<ClientHttpResponse, Mono<AnswerReader.Answer<T>>> reading,
			Function<ClientRequest, Mono<Read<T>>> innermost) {
		AtomicReference<@Nullable Outcome<T>> learnt = new AtomicReference<>();
		ExchangeFunction exchange = (filtered) -> isOfFilter(request, filtered)
				? this.connector.get().exchange(filtered) : innermost.apply(filtered).mapNotNull((read) -> {
					learnt.set(read.outcome());
					return read.response();
				});
		return Mono.defer(() -> filter.filter(request, exchange)).flatMap((response) -> {
			Outcome<T> outcome = learnt.get();
			if (outcome != null) {
				return Mono.just(outcome);
			}
			// A filter that answers in place of the API, as a test's may, is believed,
			// but not once the request is on its way.
			return attempt.tryClose() ? reading.apply(new FilterAnswer(response)).map(AnswerReader.Answer::outcome)
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
	 * The header of some credentials.
	 */
	private record Authorization(ApiCredentials credentials, String header) {

		@Override
		public String toString() {
			return "Authorization[]";
		}

	}

	/**
	 * An answer that was read at the connection.
	 *
	 * @param response what filters and observations see of it, where there are any
	 */
	private record Read<T>(Outcome<T> outcome, @Nullable ClientResponse response) {

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
