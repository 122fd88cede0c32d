package io.github.twiliospring.messaging.webhook;

import java.io.IOException;
import java.util.Collections;

import io.github.twiliospring.messaging.signature.RequestSigner;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.ServletResponseWrapper;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

/**
 * Translates requests and answers of the servlet stack.
 */
final class ServletExchange {

	private static final String REFUSAL = ServletExchange.class.getName() + ".REFUSAL";

	private ServletExchange() {
	}

	/**
	 * The path within the application, as it stands in the request line.
	 * @param request the request
	 * @return the raw path, beginning with a slash
	 */
	static String path(HttpServletRequest request) {
		String uri = request.getRequestURI();
		String contextPath = request.getContextPath();
		return uri.startsWith(contextPath) ? uri.substring(contextPath.length()) : uri;
	}

	/**
	 * Takes what is known before the body is.
	 * @param request the request
	 * @param routes knows the URL that was called
	 * @return the request without its body
	 */
	static WebhookRequest head(HttpServletRequest request, WebhookRoutes routes) {
		String path = path(request);
		String query = request.getQueryString();
		StringBuffer called = request.getRequestURL();
		String url = routes.url(called.substring(0, called.length() - path.length()), path, query);
		return new WebhookRequest(url, query, request.getContentType(), request.getContentLengthLong(),
				Collections.list(request.getHeaders(RequestSigner.SIGNATURE_HEADER)), new byte[0]);
	}

	/**
	 * Whether a filter keeps the answer to copy it back: once the request leaves its
	 * thread, that may be over, and the answer would be lost.
	 * @param response where an answer goes
	 * @return whether its stream isn't the container's own
	 */
	static boolean isBuffered(HttpServletResponse response) {
		try {
			ServletResponse current = response;
			while (current instanceof ServletResponseWrapper wrapper) {
				ServletResponse inner = wrapper.getResponse();
				if (wrapper.getOutputStream() != inner.getOutputStream() && !passesOn(wrapper.getClass())) {
					return true;
				}
				current = inner;
			}
			return false;
		}
		catch (IOException | IllegalStateException ex) {
			return true;
		}
	}

	// Those of Spring Security and Spring Session listen for the first byte and keep
	// none.
	private static boolean passesOn(Class<?> type) {
		for (Class<?> each = type; each != null; each = each.getSuperclass()) {
			if (each.getSimpleName().equals("OnCommittedResponseWrapper")) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Writes an answer.
	 * @param response where to
	 * @param answer the answer
	 * @throws IOException if the connection is gone
	 */
	static void write(HttpServletResponse response, WebhookResponse answer) throws IOException {
		response.setStatus(answer.status());
		if (answer.contentType() != null) {
			byte[] bytes = answer.bytes();
			response.setContentType(answer.contentType());
			response.setContentLength(bytes.length);
			response.getOutputStream().write(bytes);
		}
	}

	/**
	 * Answers a request whose body wasn't read to its end. Containers read the rest
	 * before they give the thread back, and wait for it, unless the request is in
	 * asynchronous mode and has a listener: it comes back by a dispatch.
	 * @param request the request, not in asynchronous mode yet
	 * @param response where to
	 * @param answer the answer
	 * @throws IOException if the connection is gone
	 */
	static void abandon(HttpServletRequest request, HttpServletResponse response, WebhookResponse answer)
			throws IOException {
		if (!request.isAsyncSupported() || isBuffered(response)) {
			write(response, answer);
			return;
		}
		AsyncContext async = request.startAsync(request, response);
		request.setAttribute(REFUSAL, answer);
		try {
			request.getInputStream().setReadListener(new IgnoringListener());
		}
		catch (IllegalStateException | UnsupportedOperationException ex) {
			// The stream of a wrapper: there's nothing that could be waited for.
		}
		async.dispatch(path(request));
	}

	/**
	 * Writes the answer to a request that was abandoned, when it comes back.
	 * @param request the request
	 * @param response where to
	 * @return {@code false} where it wasn't abandoned
	 * @throws IOException if the connection is gone
	 */
	static boolean writeRefusal(HttpServletRequest request, HttpServletResponse response) throws IOException {
		if (request.getAttribute(REFUSAL) instanceof WebhookResponse answer) {
			write(response, answer);
			return true;
		}
		return false;
	}

	/**
	 * Takes nothing.
	 */
	private static final class IgnoringListener implements ReadListener {

		@Override
		public void onDataAvailable() {
		}

		@Override
		public void onAllDataRead() {
		}

		@Override
		public void onError(Throwable failure) {
		}

	}

}
