package io.github.twiliospring.messaging.simulator.callback;

import java.io.ByteArrayOutputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;

import io.netty.channel.ChannelOption;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import reactor.core.publisher.Mono;
import reactor.netty.ByteBufFlux;
import reactor.netty.ByteBufMono;
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
public final class WebhookClient {

	private static final int CONNECTIONS = 64;

	private static final int ANSWER_LIMIT = 64 * 1024;

	private final HostQueues queues = new HostQueues(CONNECTIONS);

	private final HttpClient client;

	/**
	 * A client on its own connections.
	 * @param loops the threads that it shares
	 */
	public WebhookClient(LoopResources loops) {
		// A pooled connection that the application has just closed would lose a callback.
		this.client = HttpClient.create(ConnectionProvider.newConnection())
			.runOn(loops, false)
			.disableRetry(true)
			.followRedirect(false)
			.keepAlive(false);
	}

	/**
	 * Makes one attempt.
	 * @param callback what to send
	 * @param readTimeout for the answer
	 * @return the answer, or why there's none; never an error
	 */
	Mono<WebhookAnswer> call(Callback callback, Duration readTimeout) {
		AtomicBoolean connected = new AtomicBoolean();
		String url = callback.url().address();
		boolean get = "GET".equals(callback.method());
		String body = get ? "" : encode(callback.parameters());
		Mono<WebhookAnswer> exchange = Mono.defer(() -> this.client
			.option(ChannelOption.CONNECT_TIMEOUT_MILLIS, Math.toIntExact(callback.url().connectTimeout().toMillis()))
			.responseTimeout(readTimeout)
			.doOnRequest((request, connection) -> connected.set(true))
			.headers((target) -> {
				callback.headers().forEach(target::set);
				if (!get) {
					target.set(HttpHeaderNames.CONTENT_TYPE, "application/x-www-form-urlencoded; charset=UTF-8");
					target.set(HttpHeaderNames.CONTENT_LENGTH, body.length());
				}
			})
			.request(HttpMethod.valueOf(callback.method()))
			.uri(url)
			.send(get ? Mono.empty() : ByteBufMono.fromString(Mono.just(body)))
			.response((response, content) -> read(response, content, readTimeout))
			.single())
			.onErrorResume((error) -> Mono.just(new WebhookAnswer(null, null, "", connected.get(), reason(error))));
		return this.queues.inTurn(authority(url), exchange);
	}

	private static Mono<WebhookAnswer> read(HttpClientResponse response, ByteBufFlux content, Duration timeout) {
		String type = response.responseHeaders().get(HttpHeaderNames.CONTENT_TYPE);
		// An endless answer is cut off by size, one that trickles by time.
		return content.asByteArray().scanWith(ByteArrayOutputStream::new, (all, chunk) -> {
			all.write(chunk, 0, Math.min(chunk.length, ANSWER_LIMIT - all.size()));
			return all;
		})
			.takeUntil((all) -> all.size() >= ANSWER_LIMIT)
			.last()
			.timeout(timeout)
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

	private static String reason(Throwable error) {
		String message = error.getMessage();
		return error.getClass().getSimpleName() + ((message != null) ? ": " + message : "");
	}

	static String encode(Map<String, String> form) {
		return form.entrySet()
			.stream()
			.map((entry) -> URLEncoder.encode(entry.getKey(), StandardCharsets.UTF_8) + "="
					+ URLEncoder.encode(entry.getValue(), StandardCharsets.UTF_8))
			.collect(Collectors.joining("&"));
	}

}
