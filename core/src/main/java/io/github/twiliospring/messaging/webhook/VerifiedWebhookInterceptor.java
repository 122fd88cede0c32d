package io.github.twiliospring.messaging.webhook;

import java.io.IOException;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;

/**
 * Refuses what reaches an annotated method without having been verified: by a filter that
 * rewrites the path, by a forward, or under another mapping.
 */
final class VerifiedWebhookInterceptor implements HandlerInterceptor {

	private static final String ATTRIBUTE = VerifiedWebhookInterceptor.class.getName() + ".VERIFIED";

	// Compared by identity, so that no text from outside can stand for it.
	private static final Object VERIFIED = new Object();

	private VerifiedWebhookInterceptor() {
	}

	// Made here, where its interface is needed anyway: Spring MVC may be missing.
	static HandlerInterceptor create() {
		return new VerifiedWebhookInterceptor();
	}

	static void mark(HttpServletRequest request) {
		request.setAttribute(ATTRIBUTE, VERIFIED);
	}

	@Override
	public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler)
			throws IOException {
		if (request.getAttribute(ATTRIBUTE) == VERIFIED || !(handler instanceof HandlerMethod method)
				|| !VerifiedPaths.isAnnotated(method.getBeanType(), method.getMethod())) {
			return true;
		}
		ServletExchange.write(response, VerifiedPaths.REFUSAL);
		return false;
	}

}
