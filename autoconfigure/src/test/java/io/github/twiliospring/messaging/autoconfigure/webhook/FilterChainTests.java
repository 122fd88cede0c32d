package io.github.twiliospring.messaging.autoconfigure.webhook;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import io.github.twiliospring.messaging.autoconfigure.webhook.WebhookApplication.Server;
import io.github.twiliospring.messaging.webhook.InboundMessage;
import io.github.twiliospring.messaging.webhook.IncomingMessage;
import io.github.twiliospring.messaging.webhook.Reply;
import io.github.twiliospring.messaging.webhook.StatusCallback;
import io.github.twiliospring.messaging.webhook.StatusUpdate;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Mono;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.web.filter.ShallowEtagHeaderFilter;
import org.springframework.web.server.WebFilter;
import org.springframework.web.util.ContentCachingRequestWrapper;
import org.springframework.web.util.ContentCachingResponseWrapper;

import static io.github.twiliospring.messaging.autoconfigure.webhook.WebhookClient.form;
import static io.github.twiliospring.messaging.autoconfigure.webhook.WebhookClient.newSid;
import static io.github.twiliospring.messaging.autoconfigure.webhook.WebhookClient.sign;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Filters of the application ahead of the webhook: whatever they wrap, no update and no
 * reply is lost.
 */
@ExtendWith(OutputCaptureExtension.class)
@Timeout(120)
class FilterChainTests {

	private static final String INBOUND = "/twilio/inbound";

	private final WebhookClient client = new WebhookClient();

	@ParameterizedTest
	@EnumSource(names = { "TOMCAT", "JETTY" })
	void aFilterThatCopiesTheResponseBackSendsTheReply(Server server) throws Exception {
		for (Class<?> filter : new Class<?>[] { EtagFilter.class, CopyingFilter.class, PlainCopyingFilter.class }) {
			try (WebhookApplication application = WebhookApplication.start(server, false, filter)) {
				for (String text : new String[] { "blocking", "reactive" }) {
					HttpResponse<String> answer = post(application, INBOUND, message(text));
					assertThat(answer.statusCode()).isEqualTo(200);
					assertThat(answer.body()).contains("<Body>" + text);
				}
				assertThat(late(application, INBOUND, message("late"))).contains("<Body>late");
				assertThat(post(application, WebhookApplication.PATH, form(newSid(), "sent")).statusCode())
					.isEqualTo(204);
				String large = form(newSid(), "sent") + "&Filler=" + "a".repeat(64 * 1024);
				assertThat(post(application, WebhookApplication.PATH, large).statusCode()).isEqualTo(413);
			}
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "TOMCAT", "JETTY" })
	void aWrapperThatTakesNoListenerIsReadOnTheThread(Server server) throws Exception {
		for (Class<?> filter : new Class<?>[] { ThrowingStreamFilter.class, SilentStreamFilter.class }) {
			try (WebhookApplication application = WebhookApplication.start(server, false, filter)) {
				assertThat(post(application, INBOUND, message("blocking")).body()).contains("<Body>blocking");
				assertThat(post(application, INBOUND, message("reactive")).body()).contains("<Body>reactive");
				assertThat(late(application, INBOUND, message("late"))).contains("<Body>late");
			}
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "TOMCAT", "JETTY" })
	void aFilterThatHasReadTheFormIsNamedAsTheReason(Server server, CapturedOutput output) {
		for (Class<?> filter : new Class<?>[] { FormReadingFilter.class, TextReadingFilter.class }) {
			try (WebhookApplication application = WebhookApplication.start(server, false, filter)) {
				assertSaysThatTheBodyWasRead(application);
			}
		}
		assertThat(output).contains("read before it could be verified").doesNotContain("check the auth token");
	}

	@Test
	void aWebFilterThatHasReadTheFormIsNamedAsTheReason(CapturedOutput output) {
		try (WebhookApplication application = WebhookApplication.start(Server.NETTY, false,
				FormReadingWebFilter.class)) {
			assertSaysThatTheBodyWasRead(application);
		}
		assertThat(output).contains("read before it could be verified").doesNotContain("check the auth token");
	}

	private void assertSaysThatTheBodyWasRead(WebhookApplication application) {
		HttpResponse<String> answer = post(application, WebhookApplication.PATH, form(newSid(), "sent"));
		assertThat(answer.statusCode()).isEqualTo(500);
		assertThat(answer.body()).isEqualTo("The body was read before");
		assertThat(chunked(application, form(newSid(), "sent")).body()).isEqualTo("The body was read before");
		assertThat(application.bean(Handlers.class).seen).isEmpty();
	}

	@ParameterizedTest
	@EnumSource(Server.class)
	void aBodyOfUnknownLengthIsTaken(Server server) {
		try (WebhookApplication application = WebhookApplication.start(server, false, Handlers.class)) {
			assertThat(chunked(application, form(newSid(), "sent")).statusCode()).isEqualTo(204);
			assertThat(application.bean(Handlers.class).seen).hasSize(1);
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "TOMCAT", "JETTY" })
	void reactiveMethodsThatHoldTheThreadAreBoundedAndTheFilterIsNamed(Server server, CapturedOutput output)
			throws Exception {
		for (Class<?> filter : new Class<?>[] { EtagFilter.class, SynchronousFilter.class }) {
			ExecutorService provider = Executors.newSingleThreadExecutor();
			try (WebhookApplication application = WebhookApplication.start(server, false, filter,
					"twilio.messaging.webhook.max-concurrent-handlers=1")) {
				Handlers handlers = application.bean(Handlers.class);
				Future<HttpResponse<String>> first = provider
					.submit(() -> post(application, INBOUND, message("waiting")));
				Awaitility.await()
					.atMost(Duration.ofSeconds(20))
					.untilAsserted(() -> assertThat(output)
						.contains((filter == EtagFilter.class) ? "by a stream of its own" : "asyncSupported=true"));
				assertThat(post(application, INBOUND, message("waiting")).statusCode()).isEqualTo(503);
				handlers.waited.complete("at last");
				HttpResponse<String> answer = first.get(20, TimeUnit.SECONDS);
				assertThat(answer.statusCode()).isEqualTo(200);
				assertThat(answer.body()).contains("<Body>at last");
			}
			finally {
				provider.shutdownNow();
			}
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "TOMCAT", "JETTY" })
	void aChainWithoutAsynchronousSupportAnswersAndIsNamed(Server server, CapturedOutput output) throws Exception {
		try (WebhookApplication application = WebhookApplication.start(server, false, SynchronousFilter.class)) {
			assertThat(post(application, INBOUND, message("blocking")).body()).contains("<Body>blocking");
			assertThat(post(application, INBOUND, message("reactive")).body()).contains("<Body>reactive");
			assertThat(late(application, INBOUND, message("late"))).contains("<Body>late");
			assertThat(post(application, WebhookApplication.PATH, form(newSid(), "sent")).statusCode()).isEqualTo(204);
		}
		assertThat(output).contains("asyncSupported=true");
	}

	@ParameterizedTest
	@EnumSource(names = { "TOMCAT", "JETTY" })
	void aPrefixThatAProxyStripsHidesNoReply(Server server) {
		try (WebhookApplication application = WebhookApplication.start(server, false, Handlers.class,
				"server.servlet.context-path=/ctx", "server.forward-headers-strategy=framework")) {
			for (String text : new String[] { "blocking", "reactive" }) {
				String form = message(text);
				String signed = "https://shop.example.com/shop/long" + INBOUND;
				HttpResponse<String> answer = this.client.post(
						"http://localhost:" + application.port() + "/ctx" + INBOUND, form, Map.of("X-Forwarded-Proto",
								"https", "X-Forwarded-Host", "shop.example.com", "X-Forwarded-Prefix", "/shop/long"),
						sign(signed, form));
				assertThat(answer.body()).contains("<Body>" + text);
			}
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "TOMCAT", "JETTY" })
	void lateBodiesBehindAWrapperHoldABoundedNumberOfThreads(Server server, CapturedOutput output) throws Exception {
		try (WebhookApplication application = WebhookApplication.start(server, false, CachingFilter.class,
				"twilio.messaging.webhook.max-concurrent-handlers=1",
				"twilio.messaging.webhook.request.body-timeout=1m")) {
			try (Socket stalled = begin(application, "x=1&y=2")) {
				Awaitility.await()
					.atMost(Duration.ofSeconds(20))
					.untilAsserted(() -> assertThat(output).contains("by a stream of its own"));
				assertThat(post(application, WebhookApplication.PATH, form(newSid(), "sent")).statusCode())
					.isEqualTo(503);
				stalled.getOutputStream().write("x=1&y=2".getBytes(StandardCharsets.US_ASCII));
				assertThat(new String(stalled.getInputStream().readNBytes("HTTP/1.1 403".length()),
						StandardCharsets.US_ASCII))
					.isEqualTo("HTTP/1.1 403");
			}
			assertThat(post(application, WebhookApplication.PATH, form(newSid(), "sent")).statusCode()).isEqualTo(204);
		}
	}

	private static Socket begin(WebhookApplication application, String form) throws IOException {
		Socket socket = new Socket("localhost", application.port());
		socket.setSoTimeout(20_000);
		socket.getOutputStream()
			.write(("POST " + WebhookApplication.PATH + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
					+ WebhookClient.FORM_TYPE + "\r\nContent-Length: " + form.length() + "\r\n\r\n")
				.getBytes(StandardCharsets.US_ASCII));
		return socket;
	}

	private HttpResponse<String> post(WebhookApplication application, String path, String form) {
		String url = "http://localhost:" + application.port() + path;
		return this.client.post(url, form, Map.of(), sign(url, form));
	}

	private HttpResponse<String> chunked(WebhookApplication application, String form) {
		String url = "http://localhost:" + application.port() + WebhookApplication.PATH;
		return this.client.send(HttpRequest.newBuilder(URI.create(url))
			.header("Content-Type", WebhookClient.FORM_TYPE)
			.header("X-Twilio-Signature", sign(url, form))
			.POST(BodyPublishers
				.ofInputStream(() -> new ByteArrayInputStream(form.getBytes(StandardCharsets.US_ASCII))))
			.build());
	}

	// The head first, and the body once the server waits for it.
	private static String late(WebhookApplication application, String path, String form) throws IOException {
		String url = "http://localhost:" + application.port() + path;
		try (Socket socket = new Socket("localhost", application.port())) {
			socket.setSoTimeout(20_000);
			OutputStream out = socket.getOutputStream();
			out.write(("POST " + path + " HTTP/1.1\r\nHost: localhost:" + application.port()
					+ "\r\nConnection: close\r\nExpect: 100-continue\r\nX-Twilio-Signature: " + sign(url, form)
					+ "\r\nContent-Type: " + WebhookClient.FORM_TYPE + "\r\nContent-Length: " + form.length()
					+ "\r\n\r\n")
				.getBytes(StandardCharsets.US_ASCII));
			byte[] interim = socket.getInputStream().readNBytes("HTTP/1.1 100".length());
			assertThat(new String(interim, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 100");
			out.write(form.getBytes(StandardCharsets.US_ASCII));
			return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		}
	}

	private static String message(String text) {
		return "AccountSid=AC1&MessageSid=" + newSid() + "&From=%2B15558675310&To=%2B15005550006&Body=" + text;
	}

	/**
	 * What answers.
	 */
	static class Handlers {

		final Set<String> seen = ConcurrentHashMap.newKeySet();

		@InboundMessage(keywords = "reactive")
		Mono<Reply> reactive(IncomingMessage message) {
			return Mono.delay(Duration.ofMillis(50)).map((tick) -> Reply.text(message.body()));
		}

		final CompletableFuture<String> waited = new CompletableFuture<>();

		@InboundMessage(keywords = "waiting")
		Mono<Reply> waiting() {
			return Mono.fromFuture(this.waited, true).map(Reply::text);
		}

		@InboundMessage
		Reply blocking(IncomingMessage message) {
			return Reply.text(message.body());
		}

		@StatusCallback
		void track(StatusUpdate update) {
			this.seen.add(update.messageSid());
		}

		static FilterRegistrationBean<Filter> first(Filter filter) {
			FilterRegistrationBean<Filter> registration = new FilterRegistrationBean<>(filter);
			registration.setOrder(Ordered.HIGHEST_PRECEDENCE);
			registration.setAsyncSupported(true);
			return registration;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class EtagFilter extends Handlers {

		@Bean
		FilterRegistrationBean<Filter> etagFilter() {
			FilterRegistrationBean<Filter> registration = first(new ShallowEtagHeaderFilter());
			registration.setDispatcherTypes(DispatcherType.REQUEST, DispatcherType.ASYNC);
			return registration;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class CopyingFilter extends Handlers {

		private static final String WRAPPER = "test.wrapper";

		@Bean
		FilterRegistrationBean<Filter> copyingFilter() {
			FilterRegistrationBean<Filter> registration = first((request, response, chain) -> {
				ContentCachingResponseWrapper wrapper = (response instanceof ContentCachingResponseWrapper before)
						? before : new ContentCachingResponseWrapper((HttpServletResponse) response);
				chain.doFilter(request, wrapper);
				if (!request.isAsyncStarted()) {
					wrapper.copyBodyToResponse();
				}
			});
			registration.setDispatcherTypes(DispatcherType.REQUEST, DispatcherType.ASYNC);
			return registration;
		}

	}

	/**
	 * Registered as Boot does by itself, and of no dispatch it knows.
	 */
	@Configuration(proxyBeanMethods = false)
	static class PlainCopyingFilter extends Handlers {

		@Bean
		FilterRegistrationBean<Filter> plainCopyingFilter() {
			return first((request, response, chain) -> {
				ContentCachingResponseWrapper wrapper = new ContentCachingResponseWrapper(
						(HttpServletResponse) response);
				chain.doFilter(request, wrapper);
				wrapper.copyBodyToResponse();
			});
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ThrowingStreamFilter extends Handlers {

		@Bean
		FilterRegistrationBean<Filter> wrappingFilter() {
			return first((request, response, chain) -> chain
				.doFilter(new WrappedRequest((HttpServletRequest) request, true), response));
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class SilentStreamFilter extends Handlers {

		@Bean
		FilterRegistrationBean<Filter> wrappingFilter() {
			return first((request, response, chain) -> chain
				.doFilter(new WrappedRequest((HttpServletRequest) request, false), response));
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class CachingFilter extends Handlers {

		@Bean
		FilterRegistrationBean<Filter> cachingFilter() {
			return first((request, response, chain) -> chain
				.doFilter(new ContentCachingRequestWrapper((HttpServletRequest) request, 0), response));
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class FormReadingFilter extends Handlers {

		@Bean
		FilterRegistrationBean<Filter> formReadingFilter() {
			return first((request, response, chain) -> {
				request.getParameter("MessageSid");
				chain.doFilter(request, response);
			});
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class FormReadingWebFilter extends Handlers {

		@Bean
		@Order(Ordered.HIGHEST_PRECEDENCE)
		WebFilter formReadingWebFilter() {
			return (exchange, chain) -> exchange.getFormData().then(chain.filter(exchange));
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class TextReadingFilter extends Handlers {

		@Bean
		FilterRegistrationBean<Filter> textReadingFilter() {
			return first((request, response, chain) -> {
				request.getReader().readLine();
				chain.doFilter(request, response);
			});
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class SynchronousFilter extends Handlers {

		@Bean
		FilterRegistrationBean<Filter> synchronousFilter() {
			FilterRegistrationBean<Filter> registration = first(
					(request, response, chain) -> chain.doFilter(request, response));
			registration.setAsyncSupported(false);
			return registration;
		}

	}

	/**
	 * A request whose stream is the wrapper's own, and knows no listeners.
	 */
	private static final class WrappedRequest extends HttpServletRequestWrapper {

		private final boolean throwing;

		WrappedRequest(HttpServletRequest request, boolean throwing) {
			super(request);
			this.throwing = throwing;
		}

		@Override
		public ServletInputStream getInputStream() throws IOException {
			ServletInputStream target = getRequest().getInputStream();
			return new ServletInputStream() {

				@Override
				public int read() throws IOException {
					return target.read();
				}

				@Override
				public boolean isFinished() {
					return target.isFinished();
				}

				@Override
				public boolean isReady() {
					return true;
				}

				@Override
				public void setReadListener(ReadListener listener) {
					if (WrappedRequest.this.throwing) {
						throw new UnsupportedOperationException();
					}
				}

			};
		}

	}

}
