package io.github.twiliospring.messaging;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

import io.github.twiliospring.messaging.message.Message;
import io.github.twiliospring.messaging.observation.LateFailures;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.util.context.Context;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpHeaders;
import org.springframework.http.client.reactive.ClientHttpConnector;
import org.springframework.http.client.reactive.ClientHttpRequest;
import org.springframework.http.client.reactive.ClientHttpRequestDecorator;
import org.springframework.http.client.reactive.ClientHttpResponse;
import org.springframework.http.client.reactive.JdkClientHttpConnector;
import org.springframework.http.client.reactive.ReactorClientHttpConnector;
import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.ExchangeStrategies;

/**
 * The last of our classes before the wire. Lets one exchange of an attempt through to the
 * real connector, whatever a filter, a redirect or the connector's own retry tries, and
 * notes when the request is handed to a connection. Only Reactor Netty asks for the
 * request once it has a connection, and only its connections can be guarded; with other
 * connectors a request counts as handed over as soon as it's begun.
 */
final class ApiConnector {

	private static final Log logger = LogFactory.getLog(ApiConnector.class);

	private static final ExchangeStrategies STRATEGIES = ExchangeStrategies.builder()
		.codecs((codecs) -> codecs.defaultCodecs().maxInMemorySize(AnswerReader.LIMIT))
		.build();

	private final Supplier<? extends ClientHttpConnector> source;

	private final boolean reactorNetty;

	private final Redirects redirects;

	private final RecentSends recent = new RecentSends();

	private final @Nullable ReactorNettyExchange direct;

	private volatile ClientHttpConnector delegate;

	/**
	 * Uses a connector.
	 * @param source makes the connector, and another one where it can't be trusted any
	 * more
	 * @param mayFollowRedirects whether it's unknown that the connector follows none
	 */
	ApiConnector(Supplier<? extends ClientHttpConnector> source, boolean mayFollowRedirects) {
		this.source = source;
		this.delegate = source.get();
		this.reactorNetty = isReactorNetty(this.delegate);
		this.direct = this.reactorNetty ? ReactorNetty.direct(this.delegate) : null;
		if (this.reactorNetty) {
			// It asks for the request once more, and doesn't get it.
			this.redirects = Redirects.NEVER;
		}
		else if (mayFollowRedirects) {
			this.redirects = Redirects.UNKNOWN;
		}
		else {
			this.redirects = (this.delegate instanceof JdkClientHttpConnector) ? Redirects.NEVER : Redirects.PERHAPS;
		}
		logWhatIsMissing();
	}

	private void logWhatIsMissing() {
		if (this.reactorNetty) {
			return;
		}
		String repeated = switch (this.redirects) {
			case NEVER -> "only a 429 is repeated, and a failed connection is an unknown outcome";
			case PERHAPS -> "no message is repeated, and a failed connection is an unknown outcome";
			case UNKNOWN -> "since it may follow redirects, too, a refusal counts as an unknown outcome";
		};
		logger.info("Requests go through " + this.delegate.getClass().getName()
				+ ", which can't prove that a request wasn't sent: " + repeated
				+ ". With Reactor Netty on the class path more can be repeated safely");
	}

	Redirects redirects() {
		return this.redirects;
	}

	/**
	 * Makes an exchange.
	 * @param request what is asked
	 * @param authorization the header of that name, which nothing replaces, or
	 * {@code null} for none
	 * @param attempt what it belongs to
	 * @return the answer's head; an error where the attempt may not be put on the wire
	 */
	Mono<ClientHttpResponse> exchange(ClientRequest request, @Nullable String authorization, Attempt attempt) {
		return Mono.defer(() -> begin(request, authorization, attempt)).contextWrite(ApiConnector::givenUp);
	}

	private Mono<ClientHttpResponse> begin(ClientRequest request, @Nullable String authorization, Attempt attempt) {
		if (!attempt.tryBegin() || (!this.reactorNetty && !attempt.tryHandOver())) {
			return Mono.error(new RepeatedExchangeException());
		}
		if (this.direct != null && request instanceof ApiRequest unchanged) {
			return this.direct.begin(unchanged, authorization, attempt);
		}
		ClientHttpConnector used = this.delegate;
		if (this.reactorNetty) {
			return ReactorNetty.exchange(used, request, authorization, attempt);
		}
		attempt.answeredBy(new Client(used));
		return used.connect(request.method(), request.url(),
				(outgoing) -> request.writeTo(new LastWord(outgoing, authorization, attempt.isSingle()), STRATEGIES));
	}

	// Some connectors end what is given up by a failure.
	private static Context givenUp(Context context) {
		return LateFailures.to(context,
				(failure) -> logger.debug("An exchange was given up, and failed: " + failure.getClass().getName()));
	}

	/**
	 * Makes an exchange that a filter needs for itself, with somebody else.
	 */
	Mono<ClientResponse> exchange(ClientRequest request) {
		return this.delegate
			.connect(request.method(), request.url(), (outgoing) -> request.writeTo(outgoing, STRATEGIES))
			.map((answer) -> response(answer).body(answer.getBody()).build());
	}

	/**
	 * Begins what filters and observations see of an answer.
	 */
	static ClientResponse.Builder response(ClientHttpResponse answer) {
		return ClientResponse.create(answer.getStatusCode(), STRATEGIES)
			.headers((headers) -> headers.addAll(answer.getHeaders()));
	}

	// Its connections aren't shown; what is on the way may still arrive.
	private synchronized void replace(ClientHttpConnector used) {
		if (this.delegate == used) {
			this.delegate = this.source.get();
			logger.warn("An answer on a connection belonged to another request; "
					+ ((this.delegate != used) ? "the HTTP client was replaced"
							: "the HTTP client can't be replaced, since the builder was given only this one"));
		}
	}

	private static boolean isReactorNetty(ClientHttpConnector connector) {
		try {
			return connector instanceof ReactorClientHttpConnector;
		}
		catch (NoClassDefFoundError ex) {
			return false;
		}
	}

	/**
	 * A client whose connections aren't shown.
	 */
	private final class Client implements Attempt.Peer {

		private final ClientHttpConnector connector;

		Client(ClientHttpConnector connector) {
			this.connector = connector;
		}

		@Override
		public void distrust() {
			replace(this.connector);
		}

		@Override
		public void asked(String text) {
			ApiConnector.this.recent.asked(text);
		}

		@Override
		public boolean isOfEarlierSend(Message answer, String text) {
			return ApiConnector.this.recent.isOfEarlierSend(answer, text);
		}

	}

	/**
	 * Loaded only where Reactor Netty is there.
	 */
	private static final class ReactorNetty {

		static @Nullable ReactorNettyExchange direct(ClientHttpConnector connector) {
			return (connector instanceof ReactorNettyConnector known) ? new ReactorNettyExchange(known.client()) : null;
		}

		// As ReactorNettyExchange does, by Spring's connector.
		static Mono<ClientHttpResponse> exchange(ClientHttpConnector connector, ClientRequest request,
				@Nullable String authorization, Attempt attempt) {
			HandOver handOver = new HandOver(attempt);
			return connector.connect(request.method(), request.url(), (outgoing) -> {
				checkHeaders(request);
				Exception obstacle = handOver.to(outgoing.getNativeRequest());
				return (obstacle == null) ? request.writeTo(new LastWord(outgoing, authorization, false), STRATEGIES)
						: Mono.error(obstacle);
			}).cancelOn(Schedulers.fromExecutor(handOver));
		}

		// What can't be written is found before the request counts as handed over.
		private static void checkHeaders(ClientRequest request) {
			DefaultHttpHeaders checking = new DefaultHttpHeaders();
			request.headers().forEach(checking::set);
		}

	}

	/**
	 * Sets the credentials after everything else, and gives its body out once: a
	 * connector that repeats a request by itself, for a redirect or after a lost
	 * connection, finds nothing to send.
	 */
	private static final class LastWord extends ClientHttpRequestDecorator {

		private final @Nullable String authorization;

		private final boolean once;

		private final AtomicBoolean given = new AtomicBoolean();

		LastWord(ClientHttpRequest delegate, @Nullable String authorization, boolean once) {
			super(delegate);
			this.authorization = authorization;
			this.once = once;
		}

		private void authorize() {
			beforeCommit(() -> Mono.fromRunnable(() -> {
				if (this.authorization != null) {
					getHeaders().set(HttpHeaders.AUTHORIZATION, this.authorization);
				}
				else {
					// Another host, to which the API redirected: nobody's credentials are
					// meant for it.
					getHeaders().remove(HttpHeaders.AUTHORIZATION);
					getCookies().clear();
				}
			}));
		}

		@Override
		public Mono<Void> writeWith(Publisher<? extends DataBuffer> body) {
			authorize();
			return super.writeWith(!this.once ? body : Flux.defer(
					() -> this.given.compareAndSet(false, true) ? body : Flux.error(new RepeatedExchangeException())));
		}

		@Override
		public Mono<Void> writeAndFlushWith(Publisher<? extends Publisher<? extends DataBuffer>> body) {
			authorize();
			return super.writeAndFlushWith(body);
		}

		@Override
		public Mono<Void> setComplete() {
			authorize();
			return super.setComplete();
		}

	}

}
