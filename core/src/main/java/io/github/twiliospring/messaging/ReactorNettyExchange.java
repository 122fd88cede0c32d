package io.github.twiliospring.messaging;

import java.net.URI;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.cookie.DefaultCookie;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.netty.Connection;
import reactor.netty.NettyOutbound;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.HttpClientRequest;
import reactor.netty.http.client.HttpClientResponse;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.NettyDataBufferFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ResponseCookie;
import org.springframework.http.client.reactive.ClientHttpResponse;
import org.springframework.http.support.Netty4HeadersAdapter;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;

/**
 * An exchange with Reactor Netty's client itself: what Spring's objects between would
 * cost a request that nobody has rewritten is saved (docs/decisions/0012). Loaded only
 * where Reactor Netty is there.
 */
final class ReactorNettyExchange {

	private final HttpClient client;

	// Sends have the same method and URL each time.
	private volatile @Nullable Sender last;

	ReactorNettyExchange(HttpClient client) {
		this.client = client;
	}

	/**
	 * Makes the exchange.
	 * @param request what is asked
	 * @param authorization the header of that name, or {@code null} for none
	 * @param attempt what it belongs to, which has begun
	 * @return the answer's head
	 */
	Mono<ClientHttpResponse> begin(ApiRequest request, @Nullable String authorization, Attempt attempt) {
		AtomicReference<@Nullable Answer> answer = new AtomicReference<>();
		AtomicBoolean canceled = new AtomicBoolean();
		HandOver handOver = new HandOver(attempt);
		Sender sender = sender(request);
		return sender.sender().send((outgoing, outbound) -> {
			// What can't be written is found before the request counts as handed over.
			head(request, sender.fields(request.headers()), authorization, outgoing);
			Exception obstacle = handOver.to(outbound);
			return (obstacle == null) ? body(request, outbound) : Mono.error(obstacle);
		}).responseConnection((response, connection) -> {
			Answer begun = new Answer(response, connection);
			answer.set(begun);
			if (canceled.get()) {
				begun.abandon();
			}
			return Mono.<ClientHttpResponse>just(begun);
		}).next().doOnCancel(() -> {
			canceled.set(true);
			Answer begun = answer.get();
			if (begun != null) {
				begun.abandon();
			}
		}).cancelOn(Schedulers.fromExecutor(handOver));
	}

	private Sender sender(ApiRequest request) {
		Sender sender = this.last;
		if (sender == null || sender.method() != request.method() || sender.url() != request.url()) {
			HttpClient.RequestSender begun = at(
					this.client.request(io.netty.handler.codec.http.HttpMethod.valueOf(request.method().name())),
					request.url());
			sender = request.isShown()
					? new Sender(request.method(), request.url(), begun, HttpHeaders.EMPTY, List.of()) : new Sender(
							request.method(), request.url(), begun, request.headers(), Field.of(request.headers()));
			this.last = sender;
		}
		return sender;
	}

	// A storage's host may have an underscore, which no URI takes for a host.
	private static HttpClient.RequestSender at(HttpClient.RequestSender sender, URI url) {
		return (url.getHost() != null) ? sender.uri(url) : sender.uri(url.toString());
	}

	private static void head(ApiRequest request, List<Field> fields, @Nullable String authorization,
			HttpClientRequest outgoing) {
		io.netty.handler.codec.http.HttpHeaders headers = outgoing.requestHeaders();
		for (Field field : fields) {
			headers.set(field.name(), field.values());
		}
		if (authorization != null) {
			headers.set(HttpHeaderNames.AUTHORIZATION, authorization);
			request.cookies()
				.forEach((name, values) -> values
					.forEach((value) -> outgoing.addCookie(new DefaultCookie(name, value))));
		}
		else {
			// Another host, to which the API redirected.
			headers.remove(HttpHeaderNames.AUTHORIZATION);
		}
		byte[] form = request.form();
		if (form != null) {
			headers.set(HttpHeaderNames.CONTENT_LENGTH, form.length);
		}
	}

	private static Mono<Void> body(ApiRequest request, NettyOutbound outbound) {
		byte[] form = request.form();
		return (form != null) ? outbound.send(Mono.just(Unpooled.wrappedBuffer(form))).then() : Mono.empty();
	}

	/**
	 * An answer, which whoever asks for its body reads to the end or cancels.
	 */
	private static final class Answer implements ClientHttpResponse {

		private final HttpClientResponse response;

		private final Connection connection;

		private final EventLoop loop;

		private final HttpHeaders headers;

		private volatile boolean read;

		Answer(HttpClientResponse response, Connection connection) {
			this.response = response;
			this.connection = connection;
			this.loop = connection.channel().eventLoop();
			this.headers = HttpHeaders.readOnlyHttpHeaders(new Netty4HeadersAdapter(response.responseHeaders()));
		}

		@Override
		public HttpStatusCode getStatusCode() {
			return HttpStatusCode.valueOf(this.response.status().code());
		}

		@Override
		public HttpHeaders getHeaders() {
			return this.headers;
		}

		@Override
		public MultiValueMap<String, ResponseCookie> getCookies() {
			// Nobody asks for them.
			return new LinkedMultiValueMap<>();
		}

		@Override
		public Flux<DataBuffer> getBody() {
			this.read = true;
			NettyDataBufferFactory buffers = new NettyDataBufferFactory(this.connection.outbound().alloc());
			return this.connection.inbound().receive().map((ByteBuf buffer) -> buffers.wrap(buffer.retain()));
		}

		/**
		 * Ends it where nobody reads it. On its event loop, where an answer that ended
		 * meanwhile has already let go of its connection: another's request may be there.
		 */
		void abandon() {
			this.loop.execute(() -> {
				if (!this.read) {
					this.connection.dispose();
				}
			});
		}

	}

	/**
	 * What a request of that method and URL begins with.
	 */
	private record Sender(HttpMethod method, URI url, HttpClient.RequestSender sender, HttpHeaders headers,
			List<Field> fields) {

		List<Field> fields(HttpHeaders headers) {
			return (headers == this.headers) ? this.fields : Field.of(headers);
		}

	}

	/**
	 * A header by the name that Netty knows without counting its letters again.
	 */
	private record Field(CharSequence name, List<String> values) {

		static List<Field> of(HttpHeaders headers) {
			return headers.headerSet()
				.stream()
				.map((header) -> new Field(AsciiString.cached(header.getKey()), header.getValue()))
				.toList();
		}

	}

}
