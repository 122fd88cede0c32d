package io.github.twiliospring.messaging.webhook;

import java.io.IOException;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.Stream;

import io.github.twiliospring.messaging.webhook.Admission.Admitted;
import io.github.twiliospring.messaging.webhook.Admission.Refused;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.util.function.SingletonSupplier;
import org.springframework.web.servlet.mvc.condition.PathPatternsRequestCondition;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import org.springframework.web.util.ServletRequestPathUtils;
import org.springframework.web.util.pattern.PathPattern;

/**
 * Verifies requests to the application's own endpoints, then lets them go on as if nobody
 * had read them. Reads the body on the container's thread, since the endpoint is called
 * on it, too.
 */
final class VerifiedWebhookFilter implements Filter {

	private final WebhookGate gate;

	private final WebhookRoutes routes;

	private final Supplier<VerifiedPaths> paths;

	/**
	 * Makes a filter.
	 * @param gate what lets genuine requests in
	 * @param routes knows the URL that was called
	 * @param paths which requests are verified; asked once, at the first request
	 */
	VerifiedWebhookFilter(WebhookGate gate, WebhookRoutes routes, Supplier<VerifiedPaths> paths) {
		this.gate = gate;
		this.routes = routes;
		this.paths = SingletonSupplier.of(paths);
	}

	/**
	 * The patterns of annotated controllers and methods.
	 * @param mappings the application's handler mappings
	 * @return their patterns
	 */
	static Stream<PathPattern> annotated(Stream<RequestMappingHandlerMapping> mappings) {
		return mappings.flatMap((mapping) -> mapping.getHandlerMethods().entrySet().stream())
			.filter((entry) -> VerifiedPaths.isAnnotated(entry.getValue().getBeanType(), entry.getValue().getMethod()))
			.flatMap((entry) -> patterns(entry.getKey()));
	}

	private static Stream<PathPattern> patterns(RequestMappingInfo mapping) {
		PathPatternsRequestCondition condition = mapping.getPathPatternsCondition();
		if (condition == null) {
			throw new IllegalStateException(
					"@VerifiedWebhook needs path patterns, not an AntPathMatcher, at " + mapping);
		}
		return condition.getPatterns().stream();
	}

	@Override
	public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
			throws IOException, ServletException {
		if (!(request instanceof HttpServletRequest httpRequest)
				|| !(response instanceof HttpServletResponse httpResponse)) {
			chain.doFilter(request, response);
		}
		else if (request.getDispatcherType() == DispatcherType.ASYNC) {
			if (!ServletExchange.writeRefusal(httpRequest, httpResponse)) {
				chain.doFilter(request, response);
			}
		}
		else if (this.paths.get().cover(ServletRequestPathUtils.parse(httpRequest).pathWithinApplication())) {
			verify(httpRequest, httpResponse, chain);
		}
		else {
			chain.doFilter(request, response);
		}
	}

	private void verify(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
			throws IOException, ServletException {
		Admission admission = read(request);
		if (admission instanceof Admitted admitted) {
			VerifiedWebhookInterceptor.mark(request);
			chain.doFilter(new ReplayedRequest(request, admitted.request().body(), admitted.genuine()), response);
			return;
		}
		WebhookResponse refusal = ((Refused) admission).answer();
		if (isRead(request)) {
			ServletExchange.write(response, refusal);
		}
		else {
			ServletExchange.abandon(request, response, refusal);
		}
	}

	private Admission read(HttpServletRequest request) {
		try {
			byte[] body = new ServletBody(request, this.gate.limits()).await();
			return this.gate.admit(ServletExchange.head(request, this.routes).withBody(body));
		}
		catch (IOException | TimeoutException | IllegalStateException | BodyTooLargeException ex) {
			return this.gate.refuse(ex);
		}
	}

	private static boolean isRead(HttpServletRequest request) throws IOException {
		try {
			return request.getInputStream().isFinished();
		}
		catch (IllegalStateException ex) {
			return true;
		}
	}

}
