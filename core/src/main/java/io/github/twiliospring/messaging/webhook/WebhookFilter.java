package io.github.twiliospring.messaging.webhook;

import java.io.IOException;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Serves the webhooks ahead of the application's filters, for their exact paths: signed
 * requests can carry neither a session nor a CSRF token, and a filter that reads the form
 * would break the signature. The signature is the authentication.
 * <p>
 * No thread of the container waits, neither for the body nor for the handlers; the filter
 * has to be registered with support for asynchronous requests.
 */
final class WebhookFilter implements Filter {

	private static final Log logger = LogFactory.getLog(WebhookFilter.class);

	private static final int METHOD_NOT_ALLOWED = 405;

	private final WebhookRoutes routes;

	/**
	 * Makes a filter.
	 * @param routes what is served
	 */
	WebhookFilter(WebhookRoutes routes) {
		this.routes = routes;
	}

	@Override
	public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
			throws IOException, ServletException {
		if (!(request instanceof HttpServletRequest httpRequest)
				|| !(response instanceof HttpServletResponse httpResponse)) {
			chain.doFilter(request, response);
			return;
		}
		WebhookEndpoint endpoint = this.routes.find(ServletExchange.path(httpRequest));
		if (endpoint == null) {
			chain.doFilter(request, response);
		}
		else if (!"POST".equals(httpRequest.getMethod())) {
			httpResponse.setHeader("Allow", "POST");
			ServletExchange.write(httpResponse, WebhookResponse.problem(METHOD_NOT_ALLOWED, "POST is expected"));
		}
		else {
			serve(httpRequest, httpResponse, endpoint);
		}
	}

	private void serve(HttpServletRequest request, HttpServletResponse response, WebhookEndpoint endpoint) {
		AsyncContext async = request.startAsync(request, response);
		// The endpoint answers in time by itself.
		async.setTimeout(0);
		endpoint.receive(ServletExchange.read(request, this.routes, endpoint.limits().maximumBytes()))
			.subscribe((answer) -> {
				try {
					ServletExchange.write(response, answer);
				}
				catch (IOException ex) {
					logger.debug("The answer of a webhook couldn't be written", ex);
				}
			}, (failure) -> async.complete(), async::complete);
	}

}
