package io.github.twiliospring.messaging.webhook.reactive;

import java.util.List;
import java.util.concurrent.TimeoutException;

import io.github.twiliospring.messaging.signature.RequestSigner;
import io.github.twiliospring.messaging.webhook.WebhookRequest;
import io.github.twiliospring.messaging.webhook.WebhookResponse;
import io.github.twiliospring.messaging.webhook.dispatch.WebhookEndpoint;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.core.Ordered;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;

/**
 * Serves the webhook ahead of the application's filters, for one exact path: signed
 * requests can carry neither a session nor a CSRF token, and a filter that reads the form
 * would break the signature. The signature is the authentication.
 */
public final class WebhookWebFilter implements WebFilter, Ordered {

	private static final int METHOD_NOT_ALLOWED = 405;

	private static final int REQUEST_TIMEOUT = 408;

	private static final int CONTENT_TOO_LARGE = 413;

	private final WebhookEndpoint endpoint;

	private final String path;

	private final @Nullable String publicUrl;

	private final int order;

	/**
	 * Makes a filter.
	 * @param endpoint what verifies and handles
	 * @param path the path within the application, beginning with a slash
	 * @param publicUrl scheme and host (and the prefix that a proxy strips) that the
	 * provider calls, or {@code null} to take them from the request
	 * @param order the place among the application's filters
	 */
	public WebhookWebFilter(WebhookEndpoint endpoint, String path, @Nullable String publicUrl, int order) {
		this.endpoint = endpoint;
		this.path = path;
		this.publicUrl = publicUrl;
		this.order = order;
	}

	@Override
	public int getOrder() {
		return this.order;
	}

	@Override
	public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
		ServerHttpRequest request = exchange.getRequest();
		if (!request.getPath().pathWithinApplication().value().equals(this.path)) {
			return chain.filter(exchange);
		}
		if (request.getMethod() != HttpMethod.POST) {
			exchange.getResponse().getHeaders().setAllow(java.util.Set.of(HttpMethod.POST));
			return write(exchange.getResponse(), WebhookResponse.problem(METHOD_NOT_ALLOWED, "POST is expected"));
		}
		return body(request).timeout(this.endpoint.limits().bodyTimeout())
			.flatMap((bytes) -> this.endpoint.handle(translate(request, bytes)))
			.onErrorResume(DataBufferLimitException.class,
					(ex) -> Mono.just(WebhookResponse.problem(CONTENT_TOO_LARGE, "The body is too large")))
			.onErrorResume(TimeoutException.class,
					(ex) -> Mono.just(WebhookResponse.problem(REQUEST_TIMEOUT, "The body took too long")))
			.flatMap((response) -> write(exchange.getResponse(), response));
	}

	private Mono<byte[]> body(ServerHttpRequest request) {
		int limit = this.endpoint.limits().maximumBytes();
		if (request.getHeaders().getContentLength() > limit) {
			return Mono.error(new DataBufferLimitException("Content-Length over " + limit));
		}
		return DataBufferUtils.join(request.getBody(), limit).map((buffer) -> {
			byte[] bytes = new byte[buffer.readableByteCount()];
			buffer.read(bytes);
			DataBufferUtils.release(buffer);
			return bytes;
		}).defaultIfEmpty(new byte[0]);
	}

	private WebhookRequest translate(ServerHttpRequest request, byte[] body) {
		HttpHeaders headers = request.getHeaders();
		String query = request.getURI().getRawQuery();
		String url = base(request) + request.getPath().value() + ((query != null) ? "?" + query : "");
		return new WebhookRequest(url, query, headers.getFirst(HttpHeaders.CONTENT_TYPE),
				headers.getOrDefault(RequestSigner.SIGNATURE_HEADER, List.of()), body);
	}

	private String base(ServerHttpRequest request) {
		if (this.publicUrl != null) {
			return this.publicUrl;
		}
		return request.getURI().getScheme() + "://" + request.getURI().getRawAuthority();
	}

	private static Mono<Void> write(ServerHttpResponse response, WebhookResponse answer) {
		response.setStatusCode(HttpStatusCode.valueOf(answer.status()));
		if (answer.contentType() == null) {
			return response.setComplete();
		}
		byte[] bytes = answer.bytes();
		response.getHeaders().set(HttpHeaders.CONTENT_TYPE, answer.contentType());
		response.getHeaders().setContentLength(bytes.length);
		DataBuffer buffer = response.bufferFactory().wrap(bytes);
		return response.writeWith(Mono.just(buffer));
	}

}
