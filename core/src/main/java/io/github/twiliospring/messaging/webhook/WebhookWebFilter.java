package io.github.twiliospring.messaging.webhook;

import java.util.Set;

import reactor.core.publisher.Mono;

import org.springframework.core.Ordered;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;

/**
 * Serves the webhooks ahead of the application's filters, for their exact paths: signed
 * requests can carry neither a session nor a CSRF token, and a filter that reads the form
 * would break the signature. The signature is the authentication.
 */
final class WebhookWebFilter implements WebFilter, Ordered {

	private static final int NO_CONTENT = 204;

	private static final int METHOD_NOT_ALLOWED = 405;

	private final WebhookRoutes routes;

	private final HandlerExecutor executor;

	private final int order;

	/**
	 * Makes a filter.
	 * @param routes what is served
	 * @param executor calls the application's methods
	 * @param order the place among the application's filters
	 */
	WebhookWebFilter(WebhookRoutes routes, HandlerExecutor executor, int order) {
		this.routes = routes;
		this.executor = executor;
		this.order = order;
	}

	@Override
	public int getOrder() {
		return this.order;
	}

	@Override
	public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
		ServerHttpRequest request = exchange.getRequest();
		WebhookEndpoint endpoint = this.routes.find(request.getPath().pathWithinApplication().value());
		if (endpoint == null) {
			return chain.filter(exchange);
		}
		if (request.getMethod() != HttpMethod.POST) {
			exchange.getResponse().getHeaders().setAllow(Set.of(HttpMethod.POST));
			return ReactiveExchange.write(exchange, WebhookResponse.problem(METHOD_NOT_ALLOWED, "POST is expected"));
		}
		if (this.routes.selfTest().arrived(request.getHeaders().getFirst(WebhookSelfTest.HEADER))) {
			return ReactiveExchange.write(exchange, WebhookResponse.of(NO_CONTENT));
		}
		return endpoint.receive(ReactiveExchange.read(request, this.routes, this.executor), this.executor)
			.flatMap((response) -> ReactiveExchange.write(exchange, response));
	}

}
