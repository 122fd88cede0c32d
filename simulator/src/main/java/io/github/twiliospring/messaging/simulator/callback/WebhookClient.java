package io.github.twiliospring.messaging.simulator.callback;

import java.io.ByteArrayOutputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

import io.github.twiliospring.messaging.simulator.engine.WebhookAnswer;
import io.github.twiliospring.messaging.simulator.engine.WebhookRequest;
import io.github.twiliospring.messaging.simulator.engine.Webhooks;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.netty.ByteBufFlux;
import reactor.netty.ByteBufMono;
import reactor.netty.NettyPipeline;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.HttpClientResponse;
import reactor.netty.resources.ConnectionProvider;
import reactor.netty.resources.LoopResources;

/**
 * Calls the application. Every request has a connection of its own, at most
 * {@value #CONNECTIONS} to one host at a time; the others wait their turn, so that
 * thousands of callbacks to a dead host cost neither sockets nor threads. Safe on any
 * thread, never blocks.
 */
public final class WebhookClient implements Webhooks {

	private static final int CONNECTIONS = 64;

	private static final int ANSWER_LIMIT = 64 * 1024;

	private final HostQueues queues;

	private final LoopResources loops;

	private @Nullable HttpClient client;

	/**
	 * A client on its own connections.
	 * @param loops the threads that it shares
	 */
	public WebhookClient(LoopResources loops) {
		this.loops = loops;
		this.queues = new HostQueues(CONNECTIONS, (next) -> loops.onClient(false).execute(next));
	}

	/** Calls nobody any more, but for what is under way. */
	public void close() {
		this.queues.close();
	}

	/** Made for the first callback: most simulators that start never send one. */
	private synchronized HttpClient client() {
		HttpClient made = this.client;
		if (made == null) {
			// A pooled connection that the application has just closed would lose a
			// callback.
			made = HttpClient.create(ConnectionProvider.newConnection())
				.runOn(this.loops, false)
				.disableRetry(true)
				.followRedirect(false)
				.keepAlive(false);
			this.client = made;
		}
		return made;
	}

	@Override
	public void call(WebhookRequest request, Duration readTimeout, CompletableFuture<Void> givenUp,
			Consumer<WebhookAnswer> whenDone) {
		String url = request.url().address();
		this.queues.inTurn(authority(url), givenUp, Mono.defer(() -> {
			AtomicBoolean connected = new AtomicBoolean();
			AtomicBoolean challenged = new AtomicBoolean();
			return exchange(request, null, readTimeout, connected, challenged)
				.flatMap((answer) -> challenged.get()
						? exchange(request, request.url().credentials(), readTimeout, connected, challenged)
						: Mono.just(answer))
				.onErrorResume((error) -> Mono
					.just(new WebhookAnswer(null, null, "", connected.get(), FailureReason.of(error, authority(url)))));
		})).subscribe(whenDone);
	}

	/**
	 * User name and password of the URL go out once they're asked for, as the provider's.
	 */
	private Mono<WebhookAnswer> exchange(WebhookRequest wanted, @Nullable String credentials, Duration readTimeout,
			AtomicBoolean connected, AtomicBoolean challenged) {
		Sinks.One<WebhookAnswer> lost = Sinks.one();
		boolean get = "GET".equals(wanted.method());
		String body = wanted.body();
		int connectTimeout = Math.toIntExact(wanted.url().connectTimeout().toMillis());
		Mono<WebhookAnswer> exchange = client().option(ChannelOption.CONNECT_TIMEOUT_MILLIS, connectTimeout)
			.doOnChannelInit((observer, channel, address) -> channel.pipeline()
				.addBefore(NettyPipeline.ReactiveBridge, "lostConnection", new LostConnectionHandler(lost)))
			.doOnRequest((request, connection) -> {
				connected.set(true);
				failWithoutAnswer(connection.channel(), readTimeout, lost);
			})
			.headers((target) -> {
				if (!get) {
					target.set(HttpHeaderNames.CONTENT_TYPE, "application/x-www-form-urlencoded; charset=UTF-8");
					target.set(HttpHeaderNames.CONTENT_LENGTH, body.length());
				}
				wanted.headers().forEach(target::set);
				if (credentials != null) {
					target.set(HttpHeaderNames.AUTHORIZATION, "Basic " + Base64.getEncoder()
						.encodeToString(decoded(credentials).getBytes(StandardCharsets.UTF_8)));
				}
			})
			.request(HttpMethod.valueOf(wanted.method()))
			.uri(wanted.url().address())
			.send(get ? Mono.empty() : ByteBufMono.fromString(Mono.just(body)))
			.response((response, content) -> {
				challenged.set(credentials == null && wanted.url().credentials() != null && asksForPassword(response));
				return read(response, content);
			})
			.single();
		// Listened to before there is a connection that could be lost.
		return Mono.firstWithSignal(lost.asMono(), exchange);
	}

	/** What a URL has no other way to write, such as an at sign, is escaped in it. */
	private static String decoded(String credentials) {
		try {
			return URLDecoder.decode(credentials.replace("+", "%2B"), StandardCharsets.UTF_8);
		}
		catch (IllegalArgumentException ex) {
			return credentials;
		}
	}

	private static boolean asksForPassword(HttpClientResponse response) {
		return response.status().equals(HttpResponseStatus.UNAUTHORIZED) && response.responseHeaders()
			.getAll(HttpHeaderNames.WWW_AUTHENTICATE)
			.stream()
			.anyMatch((challenge) -> challenge.regionMatches(true, 0, "Basic", 0, 5));
	}

	/** One that never comes, or trickles without an end, is given up as a whole. */
	private static void failWithoutAnswer(Channel channel, Duration timeout, Sinks.One<WebhookAnswer> lost) {
		TimeoutException error = new TimeoutException("No whole answer within " + timeout.toMillis() + " ms");
		Future<?> timer = channel.eventLoop()
			.schedule(() -> lost.tryEmitError(error), timeout.toMillis(), TimeUnit.MILLISECONDS);
		channel.closeFuture().addListener((closed) -> timer.cancel(false));
	}

	private static Mono<WebhookAnswer> read(HttpClientResponse response, ByteBufFlux content) {
		String type = response.responseHeaders().get(HttpHeaderNames.CONTENT_TYPE);
		// An endless answer is cut off.
		return content.asByteArray().scanWith(ByteArrayOutputStream::new, (all, chunk) -> {
			all.write(chunk, 0, Math.min(chunk.length, ANSWER_LIMIT - all.size()));
			return all;
		})
			.takeUntil((all) -> all.size() >= ANSWER_LIMIT)
			.last()
			.map((all) -> new WebhookAnswer(response.status().code(), type, all.toString(StandardCharsets.UTF_8), true,
					null));
	}

	private static String authority(String url) {
		int start = url.indexOf("://") + 3;
		int end = start;
		while (end < url.length() && "/?#".indexOf(url.charAt(end)) < 0) {
			end++;
		}
		return url.substring(0, end);
	}

}
