package io.github.twiliospring.messaging.webhook;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import reactor.core.publisher.Mono;

/**
 * Serves the webhooks ahead of the application's filters, for their exact paths: signed
 * requests can carry neither a session nor a CSRF token, and a filter that reads the form
 * would break the signature. The signature is the authentication.
 * <p>
 * A request whose body is there is read, verified and handled on the container's thread,
 * and answered within the filter chain, as by a controller. Nobody waits on a thread for
 * a body that is still on its way, nor for a reactive method: the request comes back by a
 * dispatch. The filter has to be registered for those, too, and with support for
 * asynchronous requests.
 */
final class WebhookFilter implements Filter {

	private static final Log logger = LogFactory.getLog(WebhookFilter.class);

	private static final String THREAD = WebhookFilter.class.getName() + ".THREAD";

	private static final int NO_CONTENT = 204;

	private static final int METHOD_NOT_ALLOWED = 405;

	private static final int INTERNAL_SERVER_ERROR = 500;

	private static final int SERVICE_UNAVAILABLE = 503;

	// Longer than the endpoint's own limits.
	private static final Duration MARGIN = Duration.ofSeconds(10);

	private final WebhookRoutes routes;

	private final HandlerPool pool;

	// For what has to be waited for on the thread. Not the handlers' own places: bodies
	// are
	// unverified, and whoever sends them slowly mustn't have those.
	private final Semaphore held;

	private final AtomicBoolean warned = new AtomicBoolean();

	/**
	 * Makes a filter.
	 * @param routes what is served
	 * @param pool calls methods for requests that have been answered
	 */
	WebhookFilter(WebhookRoutes routes, HandlerPool pool) {
		this.routes = routes;
		this.pool = pool;
		this.held = new Semaphore(pool.limits().maximumConcurrentHandlers());
	}

	@Override
	public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
			throws IOException, ServletException {
		if (!(request instanceof HttpServletRequest httpRequest)
				|| !(response instanceof HttpServletResponse httpResponse)) {
			chain.doFilter(request, response);
			return;
		}
		if (request.getDispatcherType() == DispatcherType.ASYNC) {
			if (request.getAttribute(THREAD) instanceof ContainerThread thread) {
				work(thread, httpRequest, httpResponse);
			}
			else {
				chain.doFilter(request, response);
			}
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
		else if (this.routes.selfTest().arrived(httpRequest.getHeader(WebhookSelfTest.HEADER))) {
			ServletExchange.write(httpResponse, WebhookResponse.of(NO_CONTENT));
		}
		else {
			serve(httpRequest, httpResponse, endpoint);
		}
	}

	private void serve(HttpServletRequest request, HttpServletResponse response, WebhookEndpoint endpoint)
			throws IOException {
		ContainerThread thread = new ContainerThread(this.pool);
		request.setAttribute(THREAD, thread);
		Mono<WebhookRequest> arriving = read(request, response, thread);
		endpoint.receive(arriving, thread)
			.contextWrite(endpoint::currentObservation)
			.subscribe(thread::answer,
					(failure) -> thread.answer(WebhookResponse.problem(INTERNAL_SERVER_ERROR, "The webhook failed")));
		if (request.isAsyncStarted()) {
			leave(thread, request, request.getAsyncContext());
		}
		else {
			work(thread, request, response);
		}
	}

	private Mono<WebhookRequest> read(HttpServletRequest request, HttpServletResponse response,
			ContainerThread thread) {
		// Read before the body arrives: containers recycle requests that have ended.
		WebhookRequest head = ServletExchange.head(request, this.routes);
		try {
			ServletBody body = new ServletBody(request, this.pool.limits());
			if (body.hasArrived()) {
				return Mono.just(head.withBody(body.bytes()));
			}
			if (body.takesListener() && !ServletExchange.isBuffered(response)) {
				startAsync(request, response, thread);
				Mono<Long> end = this.pool.timer().delay(this.pool.limits().bodyTimeout());
				return WebhookTimer.limit(body.rest(), end, Mono.error(TimeoutException::new)).map(head::withBody);
			}
			return readHere(request, head, body);
		}
		catch (IOException | TimeoutException | IllegalStateException | BodyTooLargeException ex) {
			return Mono.error(ex);
		}
	}

	private Mono<WebhookRequest> readHere(HttpServletRequest request, WebhookRequest head, ServletBody body)
			throws IOException, TimeoutException {
		boolean place = this.held.tryAcquire();
		warn(request);
		if (!place) {
			return Mono.error(HandlerFailedException.busy());
		}
		try {
			return Mono.just(head.withBody(body.await()));
		}
		finally {
			this.held.release();
		}
	}

	private void warn(HttpServletRequest request) {
		if (this.warned.compareAndSet(false, true)) {
			logger.warn((request.isAsyncSupported()
					? "A filter ahead of the webhook reads requests, or keeps answers, by a stream of its own: %s. Order"
							+ " that filter behind the webhook"
					: "A filter ahead of the webhook was registered without support for asynchronous requests: %s. Let"
							+ " its registration say asyncSupported=true")
				.formatted("each body that comes late and each reactive method holds a thread of the server, of which"
						+ " they get at most max-concurrent-handlers"));
		}
	}

	private void work(ContainerThread thread, HttpServletRequest request, HttpServletResponse response)
			throws IOException {
		boolean stay = !request.isAsyncSupported() || ServletExchange.isBuffered(response);
		WebhookResponse answer = thread.work(false);
		if (answer == null && !stay) {
			leave(thread, request, startAsync(request, response, thread));
			return;
		}
		ServletExchange.write(response, (answer != null) ? answer : stay(thread, request));
	}

	private WebhookResponse stay(ContainerThread thread, HttpServletRequest request) {
		boolean place = this.held.tryAcquire();
		warn(request);
		if (!place) {
			thread.abandon();
			return WebhookResponse.problem(SERVICE_UNAVAILABLE, "No thread has time for it");
		}
		try {
			WebhookResponse answer = thread.work(true);
			return (answer != null) ? answer : WebhookResponse.problem(INTERNAL_SERVER_ERROR, "The webhook failed");
		}
		finally {
			this.held.release();
		}
	}

	// To the path as it came: with a prefix that a proxy strips, Jetty finds none by
	// itself.
	private static void leave(ContainerThread thread, HttpServletRequest request, AsyncContext context) {
		String path = ServletExchange.path(request);
		thread.leave(() -> context.dispatch(path));
	}

	// The chain's own objects, so that a filter that wraps them sees the answer, too.
	private AsyncContext startAsync(HttpServletRequest request, HttpServletResponse response, ContainerThread thread) {
		AsyncContext context = request.startAsync(request, response);
		WebhookLimits limits = this.pool.limits();
		context.setTimeout(limits.bodyTimeout()
			.plus(limits.answerTimeout())
			.plus(limits.inboundAnswerTimeout())
			.plus(MARGIN)
			.toMillis());
		context.addListener(new Ending(thread));
		return context;
	}

	/**
	 * Ends the work for a request that the container has given up.
	 */
	private record Ending(ContainerThread thread) implements AsyncListener {

		@Override
		public void onComplete(AsyncEvent event) {
			this.thread.abandon();
		}

		@Override
		public void onTimeout(AsyncEvent event) {
			logger.warn("The container has given up a webhook that was not answered");
			this.thread.abandon();
		}

		@Override
		public void onError(AsyncEvent event) {
			this.thread.abandon();
		}

		@Override
		public void onStartAsync(AsyncEvent event) {
		}

	}

}
