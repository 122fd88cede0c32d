package io.github.twiliospring.messaging.webhook;

import java.net.URI;
import java.util.List;
import java.util.concurrent.TimeoutException;

import io.github.twiliospring.messaging.signature.RequestSigner;
import reactor.core.publisher.Mono;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;

/**
 * Translates requests and answers of WebFlux.
 */
final class ReactiveExchange {

	// As much as Tomcat takes, unless it's told otherwise.
	private static final long MOST_SWALLOWED = 2 * 1024 * 1024;

	private ReactiveExchange() {
	}

	/**
	 * Reads a request.
	 * @param request the request
	 * @param routes knows the URL that was called
	 * @param executor knows how long a body may be, and may take
	 * @return the request, or {@link BodyTooLargeException} or {@link TimeoutException}
	 */
	static Mono<WebhookRequest> read(ServerHttpRequest request, WebhookRoutes routes, HandlerExecutor executor) {
		WebhookLimits limits = executor.limits();
		Mono<byte[]> arriving = WebhookTimer.limit(body(request, limits.maximumBytes()),
				executor.timer().delay(limits.bodyTimeout()), Mono.error(TimeoutException::new));
		return arriving.map((body) -> {
			HttpHeaders headers = request.getHeaders();
			URI uri = request.getURI();
			String base = uri.getScheme() + "://" + uri.getRawAuthority() + request.getPath().contextPath().value();
			String url = routes.url(base, request.getPath().pathWithinApplication().value(), uri.getRawQuery());
			return new WebhookRequest(url, uri.getRawQuery(), headers.getFirst(HttpHeaders.CONTENT_TYPE),
					headers.getContentLength(), headers.getOrDefault(RequestSigner.SIGNATURE_HEADER, List.of()), body);
		});
	}

	private static Mono<byte[]> body(ServerHttpRequest request, int limit) {
		if (request.getHeaders().getContentLength() > limit) {
			return Mono.error(new BodyTooLargeException());
		}
		return DataBufferUtils.join(request.getBody(), limit).map((buffer) -> {
			byte[] bytes = new byte[buffer.readableByteCount()];
			buffer.read(bytes);
			DataBufferUtils.release(buffer);
			return bytes;
		}).defaultIfEmpty(new byte[0]).onErrorMap(DataBufferLimitException.class, (ex) -> new BodyTooLargeException());
	}

	/**
	 * Writes an answer.
	 * @param exchange the request, and where to
	 * @param answer the answer
	 * @return completion
	 */
	static Mono<Void> write(ServerWebExchange exchange, WebhookResponse answer) {
		ServerHttpResponse response = exchange.getResponse();
		if (response.isCommitted()) {
			// The server has answered what it couldn't read.
			return Mono.empty();
		}
		HttpStatusCode status = HttpStatusCode.valueOf(answer.status());
		response.setStatusCode(status);
		if (status == HttpStatus.REQUEST_TIMEOUT
				|| (status == HttpStatus.CONTENT_TOO_LARGE && !isSwallowed(exchange.getRequest()))) {
			// Otherwise the server takes the rest of the body to keep the connection.
			response.getHeaders().setConnection("close");
		}
		if (answer.contentType() == null) {
			return response.setComplete();
		}
		byte[] bytes = answer.bytes();
		response.getHeaders().set(HttpHeaders.CONTENT_TYPE, answer.contentType());
		response.getHeaders().setContentLength(bytes.length);
		DataBuffer buffer = response.bufferFactory().wrap(bytes);
		return response.writeWith(Mono.just(buffer));
	}

	// A connection that's closed with much unread loses the answer (RFC 9112, section
	// 9.6).
	private static boolean isSwallowed(ServerHttpRequest request) {
		long length = request.getHeaders().getContentLength();
		return length >= 0 && length <= MOST_SWALLOWED;
	}

}
