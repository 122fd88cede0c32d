package io.github.twiliospring.messaging.webhook;

import java.util.function.Supplier;

import reactor.core.publisher.Mono;

import org.springframework.core.Ordered;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.reactive.HandlerAdapter;
import org.springframework.web.reactive.HandlerResult;
import org.springframework.web.server.ServerWebExchange;

/**
 * Refuses what reaches an annotated method without having been verified: by a filter that
 * rewrites the path, or under another mapping. WebFlux has no interceptors, so this
 * stands ahead of the adapter that calls controllers.
 */
final class VerifiedWebhookHandlerAdapter implements HandlerAdapter, Ordered {

	private static final String ATTRIBUTE = VerifiedWebhookHandlerAdapter.class.getName() + ".VERIFIED";

	// Compared by identity, so that no text from outside can stand for it.
	private static final Object VERIFIED = new Object();

	private final Supplier<? extends HandlerAdapter> controllers;

	/**
	 * Makes an adapter.
	 * @param controllers gives the adapter that calls controllers
	 */
	VerifiedWebhookHandlerAdapter(Supplier<? extends HandlerAdapter> controllers) {
		this.controllers = controllers;
	}

	static void mark(ServerWebExchange exchange) {
		exchange.getAttributes().put(ATTRIBUTE, VERIFIED);
	}

	@Override
	public int getOrder() {
		return HIGHEST_PRECEDENCE;
	}

	@Override
	public boolean supports(Object handler) {
		return handler instanceof HandlerMethod method
				&& VerifiedPaths.isAnnotated(method.getBeanType(), method.getMethod());
	}

	@Override
	public Mono<HandlerResult> handle(ServerWebExchange exchange, Object handler) {
		if (exchange.getAttributes().get(ATTRIBUTE) == VERIFIED) {
			return this.controllers.get().handle(exchange, handler);
		}
		return ReactiveExchange.write(exchange, VerifiedPaths.REFUSAL).then(Mono.empty());
	}

}
