package io.github.twiliospring.messaging.webhook;

import java.util.function.Supplier;
import java.util.stream.Stream;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import io.github.twiliospring.messaging.webhook.Admission.Admitted;
import io.github.twiliospring.messaging.webhook.Admission.Refused;
import org.springframework.core.Ordered;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;
import org.springframework.util.function.SingletonSupplier;
import org.springframework.web.reactive.result.method.annotation.RequestMappingHandlerMapping;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.ServerWebExchangeDecorator;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import org.springframework.web.util.pattern.PathPattern;

/**
 * Verifies requests to the application's own endpoints, then lets them go on as if nobody
 * had read them.
 */
final class VerifiedWebhookWebFilter implements WebFilter, Ordered {

	private final WebhookGate gate;

	private final WebhookRoutes routes;

	private final HandlerExecutor executor;

	private final Supplier<VerifiedPaths> paths;

	private final int order;

	/**
	 * Makes a filter.
	 * @param gate what lets genuine requests in
	 * @param routes knows the URL that was called
	 * @param executor knows how long a body may take
	 * @param paths which requests are verified; asked once, at the first request
	 * @param order the place among the application's filters
	 */
	VerifiedWebhookWebFilter(WebhookGate gate, WebhookRoutes routes, HandlerExecutor executor,
			Supplier<VerifiedPaths> paths, int order) {
		this.gate = gate;
		this.routes = routes;
		this.executor = executor;
		this.paths = SingletonSupplier.of(paths);
		this.order = order;
	}

	/**
	 * The patterns of annotated controllers and methods.
	 * @param mappings the application's handler mappings
	 * @return their patterns
	 */
	static Stream<PathPattern> annotated(Stream<RequestMappingHandlerMapping> mappings) {
		return mappings.flatMap((mapping) -> mapping.getHandlerMethods().entrySet().stream())
			.filter((entry) -> VerifiedPaths.isAnnotated(entry.getValue().getBeanType(), entry.getValue().getMethod()))
			.flatMap((entry) -> entry.getKey().getPatternsCondition().getPatterns().stream());
	}

	@Override
	public int getOrder() {
		return this.order;
	}

	@Override
	public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
		ServerHttpRequest request = exchange.getRequest();
		if (!this.paths.get().cover(request.getPath().pathWithinApplication())) {
			return chain.filter(exchange);
		}
		return ReactiveExchange.read(request, this.routes, this.executor)
			.map(this.gate::admit)
			.onErrorResume((failure) -> Mono.just(this.gate.refuse(failure)))
			.flatMap((admission) -> {
				if (admission instanceof Admitted admitted) {
					VerifiedWebhookHandlerAdapter.mark(exchange);
					return chain.filter(new ReplayedExchange(exchange, admitted.request().body(), admitted.genuine()));
				}
				return ReactiveExchange.write(exchange, ((Refused) admission).answer());
			});
	}

	/**
	 * An exchange whose request hasn't been read.
	 */
	private static final class ReplayedExchange extends ServerWebExchangeDecorator {

		private final ServerHttpRequest request;

		private final MultiValueMap<String, String> form = new LinkedMultiValueMap<>();

		ReplayedExchange(ServerWebExchange exchange, byte[] body, GenuineRequest genuine) {
			super(exchange);
			genuine.parameters().forEach((name, values) -> this.form.addAll(name, values));
			this.request = new ServerHttpRequestDecorator(exchange.getRequest()) {

				@Override
				public Flux<DataBuffer> getBody() {
					return Flux.defer(() -> (body.length != 0)
							? Flux.just(exchange.getResponse().bufferFactory().wrap(body.clone())) : Flux.empty());
				}

			};
		}

		@Override
		public ServerHttpRequest getRequest() {
			return this.request;
		}

		// The original would read the original body.
		@Override
		public Mono<MultiValueMap<String, String>> getFormData() {
			return Mono.just(this.form);
		}

	}

}
