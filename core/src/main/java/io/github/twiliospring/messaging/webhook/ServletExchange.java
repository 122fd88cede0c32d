package io.github.twiliospring.messaging.webhook;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.Collections;
import java.util.concurrent.TimeoutException;

import io.github.twiliospring.messaging.signature.RequestSigner;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * Translates requests and answers of the servlet stack.
 */
final class ServletExchange {

	private static final int BUFFER_SIZE = 4096;

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
	 * Reads a request without blocking. The request has to be in asynchronous mode.
	 * @param request the request
	 * @param routes knows the URL that was called
	 * @param limit the longest body
	 * @return the request, or {@link BodyTooLargeException}
	 */
	static Mono<WebhookRequest> read(HttpServletRequest request, WebhookRoutes routes, int limit) {
		// Read before the body arrives: containers recycle requests that have ended.
		WebhookRequest head = head(request, routes);
		return body(request, limit).map(head::withBody);
	}

	/**
	 * Reads a request on this thread. The deadline is looked at when something arrives: a
	 * body that stalls ends at the container's own read timeout.
	 * @param request the request
	 * @param routes knows the URL that was called
	 * @param limits what a request may be
	 * @return the request, or {@link BodyTooLargeException}, {@link TimeoutException} or
	 * {@link IOException}; it has been read or has failed already
	 */
	static Mono<WebhookRequest> readBlocking(HttpServletRequest request, WebhookRoutes routes, WebhookLimits limits) {
		long deadline = System.nanoTime() + limits.bodyTimeout().toNanos();
		ByteArrayOutputStream body = new ByteArrayOutputStream(BUFFER_SIZE);
		byte[] buffer = new byte[BUFFER_SIZE];
		try {
			ServletInputStream input = request.getInputStream();
			for (int length = input.read(buffer); length >= 0; length = input.read(buffer)) {
				if (body.size() + length > limits.maximumBytes()) {
					return Mono.error(new BodyTooLargeException());
				}
				if (System.nanoTime() - deadline > 0) {
					return Mono.error(new TimeoutException());
				}
				body.write(buffer, 0, length);
			}
		}
		catch (IOException ex) {
			boolean stalled = ex instanceof SocketTimeoutException || ex.getCause() instanceof SocketTimeoutException;
			return Mono.error(stalled ? new TimeoutException() : ex);
		}
		return Mono.just(head(request, routes).withBody(body.toByteArray()));
	}

	private static WebhookRequest head(HttpServletRequest request, WebhookRoutes routes) {
		String path = path(request);
		String query = request.getQueryString();
		StringBuffer called = request.getRequestURL();
		String url = routes.url(called.substring(0, called.length() - path.length()), path, query);
		return new WebhookRequest(url, query, request.getContentType(),
				Collections.list(request.getHeaders(RequestSigner.SIGNATURE_HEADER)), new byte[0]);
	}

	private static Mono<byte[]> body(HttpServletRequest request, int limit) {
		if (request.getContentLengthLong() > limit) {
			return Mono.error(new BodyTooLargeException());
		}
		return Mono.create((sink) -> {
			try {
				ServletInputStream input = request.getInputStream();
				input.setReadListener(new BodyReader(input, limit, sink));
			}
			catch (IOException | IllegalStateException ex) {
				sink.error(ex);
			}
		});
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
		response.flushBuffer();
	}

	/**
	 * Writes an answer to a request whose body wasn't read to its end. Containers read
	 * the rest before they give the thread back, and wait for it, unless the request is
	 * in asynchronous mode and has a listener.
	 * @param request the request, not in asynchronous mode yet
	 * @param response where to
	 * @param answer the answer
	 * @throws IOException if the connection is gone
	 */
	static void abandon(HttpServletRequest request, HttpServletResponse response, WebhookResponse answer)
			throws IOException {
		if (!request.isAsyncSupported()) {
			write(response, answer);
			return;
		}
		AsyncContext async = request.startAsync(request, response);
		try {
			request.getInputStream().setReadListener(new IgnoringListener());
			write(response, answer);
		}
		finally {
			async.complete();
		}
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

	/**
	 * Collects a body as it arrives.
	 */
	private static final class BodyReader implements ReadListener {

		private final ServletInputStream input;

		private final int limit;

		private final MonoSink<byte[]> sink;

		private final ByteArrayOutputStream body = new ByteArrayOutputStream(BUFFER_SIZE);

		private final byte[] buffer = new byte[BUFFER_SIZE];

		private boolean tooLarge;

		BodyReader(ServletInputStream input, int limit, MonoSink<byte[]> sink) {
			this.input = input;
			this.limit = limit;
			this.sink = sink;
		}

		@Override
		public void onDataAvailable() throws IOException {
			while (!this.tooLarge && this.input.isReady()) {
				int length = this.input.read(this.buffer);
				if (length < 0) {
					return;
				}
				if (this.body.size() + length > this.limit) {
					this.tooLarge = true;
					this.body.reset();
					this.sink.error(new BodyTooLargeException());
					return;
				}
				this.body.write(this.buffer, 0, length);
			}
		}

		@Override
		public void onAllDataRead() {
			if (!this.tooLarge) {
				this.sink.success(this.body.toByteArray());
			}
		}

		@Override
		public void onError(Throwable failure) {
			this.sink.error(failure);
		}

	}

}
