package io.github.twiliospring.messaging.simulator.http;

import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.netty.channel.ChannelOption;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.ImmediateEventExecutor;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.resources.LoopResources;

/**
 * Serves HTTP with one function from request to answer. Never blocks; whatever fails
 * inside is logged here and answered without a trace of it.
 */
public final class SimulatorServer implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(SimulatorServer.class);

	private static final String LENGTH = "Content-Length";

	private static final Pattern ABSOLUTE = Pattern.compile("(?i:https?)://([^/?#]*)(.*)");

	private static final int BODY_LIMIT = 256 * 1024;

	// Up to here what is too large is read and dropped: a client that still writes when
	// the connection ends would lose the answer.
	private static final int DROPPED_LIMIT = 16 * 1024 * 1024;

	private static final Duration TRUNCATION_PAUSE = Duration.ofMillis(20);

	private static final Duration GRACE = Duration.ofSeconds(3);

	private final Function<Request, Response> handler;

	// Whatever is accepted while it closes is closed, too.
	private final ChannelGroup connections = new DefaultChannelGroup(ImmediateEventExecutor.INSTANCE, true);

	private final DisposableServer server;

	private SimulatorServer(String host, int port, @Nullable TlsFiles tls, LoopResources loops,
			Function<Request, Response> handler) {
		this.handler = handler;
		HttpServer server = HttpServer.create()
			.host(host)
			.port(port)
			.runOn(loops, false)
			.channelGroup(this.connections)
			.childOption(ChannelOption.TCP_NODELAY, true)
			.handle(this::serve);
		if (tls != null) {
			SslContext context = tls.context();
			server = server.secure((spec) -> spec.sslContext(context));
		}
		this.server = server.bindNow(Duration.ofSeconds(10));
	}

	/**
	 * Binds and serves.
	 * @param host name or address to bind to
	 * @param port the port, 0 for a free one
	 * @param loops the threads
	 * @param handler answers a request, short and never blocking
	 * @return the running server
	 * @throws reactor.netty.ChannelBindException if the port is taken
	 */
	public static SimulatorServer start(String host, int port, LoopResources loops,
			Function<Request, Response> handler) {
		return new SimulatorServer(host, port, null, loops, handler);
	}

	/**
	 * Binds and serves over TLS.
	 * @param host name or address to bind to
	 * @param port the port, 0 for a free one
	 * @param tls the certificate and its key
	 * @param loops the threads
	 * @param handler answers a request, short and never blocking
	 * @return the running server
	 * @throws reactor.netty.ChannelBindException if the port is taken
	 */
	public static SimulatorServer startSecure(String host, int port, TlsFiles tls, LoopResources loops,
			Function<Request, Response> handler) {
		return new SimulatorServer(host, port, tls, loops, handler);
	}

	/**
	 * Where it listens.
	 * @return the port
	 */
	public int port() {
		return ((InetSocketAddress) this.server.address()).getPort();
	}

	@Override
	public void close() {
		this.server.dispose();
		// A client would write its next request to a connection that it thinks idle, and
		// wait for ever.
		this.connections.close();
		this.server.onDispose().block(GRACE);
	}

	private Publisher<Void> serve(HttpServerRequest request, HttpServerResponse response) {
		return readBody(request).map((body) -> answer(toRequest(request, body.text(), body.isCutOff())))
			.onErrorResume(BodyTooLargeException.class,
					(ex) -> Mono.just(answer(toRequest(request, "", true)).with("Connection", "close")))
			.map((answer) -> request.method().equals(HttpMethod.HEAD) ? answer.withoutBody() : answer)
			.flatMap((answer) -> Mono.from(write(response, answer)));
	}

	private Response answer(Request request) {
		try {
			return this.handler.apply(request);
		}
		catch (RuntimeException ex) {
			logger.error("{} {} failed", request.method(), request.path(), ex);
			return Response.text(500, "Internal error of the simulator; its log says more");
		}
	}

	private static Mono<Body> readBody(HttpServerRequest request) {
		return request.receive().asByteArray().reduceWith(Body::new, Body::add);
	}

	private static Request toRequest(HttpServerRequest request, String body, boolean isCutOff) {
		Map<String, String> headers = new LinkedHashMap<>();
		request.requestHeaders()
			.forEach((header) -> headers.merge(header.getKey().toLowerCase(Locale.ROOT), header.getValue(),
					(first, next) -> first + ", " + next));
		String uri = withoutAuthority(request.uri(), headers);
		int query = uri.indexOf('?');
		String path = (query >= 0) ? uri.substring(0, query) : uri;
		return new Request(request.method().name(), path, (query >= 0) ? uri.substring(query + 1) : "", headers, body,
				isCutOff, "https".equals(request.scheme()));
	}

	/** Clients give a proxy a whole address, whose host takes the header's place. */
	private static String withoutAuthority(String uri, Map<String, String> headers) {
		Matcher absolute = ABSOLUTE.matcher(uri);
		if (!absolute.matches()) {
			return uri;
		}
		headers.put("host", absolute.group(1));
		String rest = absolute.group(2);
		return rest.startsWith("/") ? rest : "/" + rest;
	}

	private static Publisher<Void> write(HttpServerResponse response, Response answer) {
		Response.Disruption disruption = answer.disruption();
		if (disruption == null) {
			return send(response, answer);
		}
		Publisher<Void> disrupted = switch (disruption.kind()) {
			case LATE -> send(response, answer);
			case TRUNCATED -> truncate(response, answer);
			case RESET -> reset(response);
			case HANG -> Mono.never();
		};
		return disruption.delay().isZero() ? disrupted : Mono.delay(disruption.delay()).thenMany(disrupted);
	}

	private static Publisher<Void> send(HttpServerResponse response, Response answer) {
		response.status(answer.status());
		answer.headers().forEach(response::header);
		Publisher<String> events = answer.events();
		if (events != null) {
			// One of HTTP/1.0, a proxy perhaps, may know no chunks; the end of the
			// connection ends the stream.
			response.chunkedTransfer(!response.version().equals(HttpVersion.HTTP_1_0));
			return response.sse().sendString(Flux.from(events), StandardCharsets.UTF_8);
		}
		if (answer.status() == 204 || answer.status() == 304 || answer.headers().containsKey(LENGTH)) {
			return response.send();
		}
		response.header(LENGTH, Integer.toString(answer.body().length));
		return response.sendByteArray(Mono.just(answer.body()));
	}

	private static Publisher<Void> truncate(HttpServerResponse response, Response answer) {
		byte[] body = answer.body();
		response.status(answer.status());
		answer.headers().forEach(response::header);
		response.header(LENGTH, Integer.toString(Math.max(2, body.length)));
		// The half has to be on its way before the connection ends.
		Flux<byte[]> half = Flux.concat(Mono.just(Arrays.copyOf(body, body.length / 2)),
				Mono.delay(TRUNCATION_PAUSE).then(reset(response)).cast(byte[].class));
		return response.sendByteArray(half);
	}

	private static Mono<Void> reset(HttpServerResponse response) {
		return Mono.fromRunnable(() -> response.withConnection((connection) -> {
			// Without lingering, closing sends a reset instead of a regular end.
			connection.channel().config().setOption(ChannelOption.SO_LINGER, 0);
			connection.channel().close();
		})).then(Mono.never());
	}

	private static final class Body {

		private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

		private int length;

		Body add(byte[] chunk) {
			this.length += chunk.length;
			if (this.length > DROPPED_LIMIT) {
				throw new BodyTooLargeException();
			}
			if (!isCutOff()) {
				this.bytes.writeBytes(chunk);
			}
			return this;
		}

		boolean isCutOff() {
			return this.length > BODY_LIMIT;
		}

		String text() {
			return isCutOff() ? "" : this.bytes.toString(StandardCharsets.UTF_8);
		}

	}

	private static final class BodyTooLargeException extends RuntimeException {

		private static final long serialVersionUID = 1L;

		BodyTooLargeException() {
			super(null, null, false, false);
		}

	}

}
