package io.github.twiliospring.messaging.client;

import java.net.URI;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpMethod;
import org.springframework.http.client.reactive.ClientHttpConnector;
import org.springframework.http.client.reactive.ClientHttpRequest;
import org.springframework.http.client.reactive.ClientHttpRequestDecorator;
import org.springframework.http.client.reactive.ClientHttpResponse;
import org.springframework.http.client.reactive.ReactorClientHttpConnector;

/**
 * Lets one exchange of an attempt through to the real connector, whatever a filter, a
 * redirect or the connector's own retry tries, and notes when the request is handed to a
 * connection. Only Reactor Netty asks for the request once it has a connection; with
 * other connectors a request counts as handed over as soon as it's begun.
 */
final class SingleExchangeConnector implements ClientHttpConnector {

	private final ClientHttpConnector delegate;

	private final boolean asksOnceConnected;

	SingleExchangeConnector(ClientHttpConnector delegate) {
		this.delegate = delegate;
		this.asksOnceConnected = isReactorNetty(delegate);
	}

	private static boolean isReactorNetty(ClientHttpConnector connector) {
		try {
			return connector instanceof ReactorClientHttpConnector;
		}
		catch (NoClassDefFoundError ex) {
			return false;
		}
	}

	boolean provesNotSent() {
		return this.asksOnceConnected;
	}

	/**
	 * Whether the delegate follows redirects of a create. Reactor Netty's can't: it asks
	 * for the request once more.
	 */
	Redirects redirects() {
		return this.asksOnceConnected ? Redirects.NEVER : Redirects.of(this.delegate);
	}

	@Override
	public Mono<ClientHttpResponse> connect(HttpMethod method, URI uri,
			Function<? super ClientHttpRequest, Mono<Void>> requestCallback) {
		return Mono.deferContextual((context) -> {
			HiddenQuery query = HiddenQuery.of(uri, context);
			AttemptGate gate = context.getOrDefault(AttemptGate.KEY, null);
			if (gate == null || !gate.tryBegin()) {
				return Mono.error(new RepeatedExchangeException());
			}
			if (!this.asksOnceConnected && !gate.tryHandOver()) {
				return Mono.error(new RepeatedExchangeException());
			}
			return this.asksOnceConnected ? connectReactorNetty(method, uri, requestCallback, gate, query)
					: this.delegate.connect(method, (query != null) ? URI.create(query.restore(uri.toString())) : uri,
							(request) -> requestCallback
								.apply(gate.isSingle() ? new SingleBodyRequest(request) : request));
		});
	}

	private Mono<ClientHttpResponse> connectReactorNetty(HttpMethod method, URI uri,
			Function<? super ClientHttpRequest, Mono<Void>> requestCallback, AttemptGate gate,
			@Nullable HiddenQuery query) {
		HiddenQueryHandler.Exchange exchange = (query != null) ? new HiddenQueryHandler.Exchange(query) : null;
		return this.delegate.connect(method, uri, (request) -> {
			if (!gate.tryHandOver()) {
				return Mono.error(new RepeatedExchangeException());
			}
			if (exchange != null) {
				exchange.restoreIn(request);
			}
			return requestCallback.apply(request);
		});
	}

	/**
	 * Gives its body out once: a connector that repeats a request by itself, for a
	 * redirect or after a lost connection, finds nothing to send.
	 */
	private static final class SingleBodyRequest extends ClientHttpRequestDecorator {

		private final AtomicBoolean given = new AtomicBoolean();

		SingleBodyRequest(ClientHttpRequest delegate) {
			super(delegate);
		}

		@Override
		public Mono<Void> writeWith(Publisher<? extends DataBuffer> body) {
			return super.writeWith(Flux.defer(
					() -> this.given.compareAndSet(false, true) ? body : Flux.error(new RepeatedExchangeException())));
		}

	}

	/**
	 * Something between the client and the connector tried to put the same attempt on the
	 * wire again, or outside its reactive chain.
	 */
	@SuppressWarnings("serial")
	static final class RepeatedExchangeException extends IllegalStateException {

		RepeatedExchangeException() {
			super("A second exchange for one attempt was refused: filters must not repeat a request,"
					+ " nor subscribe to it outside its reactive chain; configure twilio.messaging.retry instead");
		}

	}

}
