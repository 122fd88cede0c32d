package io.github.twiliospring.messaging.autoconfigure.webhook;

import java.net.ConnectException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

import io.github.twiliospring.messaging.autoconfigure.webhook.WebhookApplication.Server;
import io.github.twiliospring.messaging.webhook.InboundMessage;
import io.github.twiliospring.messaging.webhook.Webhooks;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletResponse;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerResponse;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.WebFilter;

import static io.github.twiliospring.messaging.autoconfigure.webhook.WebhookClient.form;
import static io.github.twiliospring.messaging.autoconfigure.webhook.WebhookClient.newSid;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Whether requests get through to the webhook, and what is said where they don't.
 */
@ExtendWith(OutputCaptureExtension.class)
@Timeout(120)
class SelfTestTests {

	private static final Duration TIMEOUT = Duration.ofSeconds(20);

	private static final String ON = "twilio.messaging.webhook.self-test=true";

	private static final String WARNING = "doesn't get through to it";

	private final WebhookClient client = new WebhookClient();

	@ParameterizedTest
	@EnumSource(Server.class)
	void aPathThatIsServedIsTriedAndNothingIsCounted(Server server, CapturedOutput output) throws Exception {
		try (WebhookApplication application = WebhookApplication.start(server, true, Counting.class, ON)) {
			Map<String, String> missed = application.bean(Webhooks.class)
				.selfTest(URI.create("http://localhost:" + application.port()))
				.get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
			assertThat(missed).isEmpty();
			Counting counting = application.bean(Counting.class);
			assertThat(counting.observed).isEmpty();
			assertThat(this.client.postSigned(url(application), form(newSid(), "sent"))).isEqualTo(204);
			Awaitility.await()
				.atMost(TIMEOUT)
				.untilAsserted(() -> assertThat(counting.observed).containsExactlyInAnyOrder("http.server.requests",
						"twilio.messaging.webhook"));
		}
		assertThat(output).doesNotContain(WARNING);
	}

	@ParameterizedTest
	@EnumSource(names = { "TOMCAT", "JETTY" })
	void aServletFilterThatAnswersFirstIsSaid(Server server, CapturedOutput output) {
		try (WebhookApplication application = WebhookApplication.start(server, false, Redirecting.class, ON)) {
			assertThat(application.port()).isPositive();
			awaitWarning(output, "HTTP 302, a redirect to /login");
		}
	}

	@Test
	void aWebFilterThatAnswersFirstIsSaid(CapturedOutput output) {
		try (WebhookApplication application = WebhookApplication.start(Server.NETTY, false, Answering.class, ON)) {
			assertThat(application.port()).isPositive();
			awaitWarning(output, "HTTP 204");
		}
	}

	@ParameterizedTest
	@EnumSource(Server.class)
	void aLoginThatAsksFirstIsSaid(Server server, CapturedOutput output) {
		try (WebhookApplication application = WebhookApplication.start(server, true, WebhookApplication.Handlers.class,
				ON, "twilio.messaging.webhook.behind-security=true")) {
			assertThat(application.port()).isPositive();
			awaitWarning(output, "HTTP 40");
		}
	}

	@ParameterizedTest
	@EnumSource(Server.class)
	void nothingIsTriedInTestsUnlessAskedFor(Server server, CapturedOutput output) {
		try (WebhookApplication application = WebhookApplication.start(server, true, WebhookApplication.Handlers.class,
				"twilio.messaging.webhook.behind-security=true")) {
			assertThat(this.client.postSigned(url(application), form(newSid(), "sent"))).isIn(401, 403);
		}
		assertThat(output).doesNotContain(WARNING);
	}

	@ParameterizedTest
	@EnumSource(Server.class)
	void aValueThatNobodyExpectsIsNoPassport(Server server) {
		try (WebhookApplication application = WebhookApplication.start(server, false, Counting.class, ON)) {
			HttpRequest request = HttpRequest.newBuilder(URI.create(url(application)))
				.header("X-Twilio-Messaging-Self-Test", "x")
				.header("Content-Type", WebhookClient.FORM_TYPE)
				.POST(HttpRequest.BodyPublishers.ofString(form(newSid(), "sent")))
				.build();
			assertThat(this.client.send(request).statusCode()).isEqualTo(403);
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "TOMCAT", "JETTY" })
	void aServletPathOfSpringMvcHidesNeitherTheWebhookNorControllers(Server server, CapturedOutput output) {
		try (WebhookApplication application = WebhookApplication.start(server, false, Controlled.class, ON,
				"spring.mvc.servlet.path=/api")) {
			assertThat(this.client.postSigned(url(application), form(newSid(), "sent"))).isEqualTo(204);
			String local = "http://localhost:" + application.port();
			assertThat(this.client.post(local + "/api/own", "a=b")).isEqualTo(200);
			assertThat(this.client.post(local + "/own", "a=b")).isIn(404, 405);
			assertThat(this.client.post(local + "/twilio/inbound", "a=b")).isIn(404, 405);
		}
		assertThat(output).doesNotContain(WARNING);
	}

	@ParameterizedTest
	@EnumSource(names = { "TOMCAT", "JETTY" })
	void aContextPathThatNeedsEncodingIsTriedAndKillsNothing(Server server, CapturedOutput output) {
		try (WebhookApplication application = WebhookApplication.start(server, false, WebhookApplication.Handlers.class,
				ON, "server.servlet.context-path=/my app")) {
			String url = "http://localhost:" + application.port() + "/my%20app" + WebhookApplication.PATH;
			assertThat(this.client.postSigned(url, form(newSid(), "sent"))).isEqualTo(204);
		}
		assertThat(output).doesNotContain(WARNING);
	}

	@Test
	void aPathWhereNothingAnswersIsSaidAndTheOthersAreTried() throws Exception {
		try (WebhookApplication application = WebhookApplication.start(Server.NETTY, false, Silent.class, ON)) {
			Map<String, String> missed = application.bean(Webhooks.class)
				.selfTest(URI.create("http://localhost:" + application.port()))
				.get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
			assertThat(missed).containsExactly(Map.entry(WebhookApplication.PATH, "no answer"));
			assertThat(application.bean(Silent.class).asked).contains("/twilio/inbound");
		}
	}

	@Test
	void anApplicationThatStopsMeanwhileIsNoWarning(CapturedOutput output) {
		try (WebhookApplication application = WebhookApplication.start(Server.NETTY, false, Hanging.class, ON,
				"server.shutdown=immediate")) {
			assertThat(application.bean(Hanging.class).asked).succeedsWithin(TIMEOUT);
		}
		Awaitility.await()
			.atMost(TIMEOUT)
			.until(() -> Thread.getAllStackTraces()
				.keySet()
				.stream()
				.noneMatch((thread) -> thread.getName().equals("twilio-webhook-self-test")));
		assertThat(output).doesNotContain(WARNING);
	}

	@Test
	void aServerThatIsNotThereIsAFailureAndNoWarning() throws Exception {
		try (WebhookApplication application = WebhookApplication.start(Server.NETTY, false, Counting.class)) {
			int free;
			try (ServerSocket socket = new ServerSocket(0)) {
				free = socket.getLocalPort();
			}
			CompletableFuture<Map<String, String>> missed = application.bean(Webhooks.class)
				.selfTest(URI.create("http://localhost:" + free));
			assertThat(missed).failsWithin(TIMEOUT).withThrowableThat().withCauseInstanceOf(ConnectException.class);
		}
	}

	private static String url(WebhookApplication application) {
		return "http://localhost:" + application.port() + WebhookApplication.PATH;
	}

	private static void awaitWarning(CapturedOutput output, String answer) {
		Awaitility.await()
			.atMost(TIMEOUT)
			.untilAsserted(() -> assertThat(output).contains("/twilio/status " + WARNING).contains(answer));
	}

	@Configuration(proxyBeanMethods = false)
	static class Counting {

		final List<String> observed = new CopyOnWriteArrayList<>();

		@InboundMessage
		void take() {
		}

		@Bean
		ObservationHandler<Observation.Context> counter() {
			return new ObservationHandler<>() {

				@Override
				public void onStart(Observation.Context context) {
					if (List.of("http.server.requests", "twilio.messaging.webhook").contains(context.getName())) {
						Counting.this.observed.add(context.getName());
					}
				}

				@Override
				public boolean supportsContext(Observation.Context context) {
					return true;
				}

			};
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Redirecting {

		@Bean
		FilterRegistrationBean<Filter> redirecting() {
			FilterRegistrationBean<Filter> registration = new FilterRegistrationBean<>(
					(request, response, chain) -> ((HttpServletResponse) response).sendRedirect("/login?next=x"));
			registration.setOrder(Ordered.HIGHEST_PRECEDENCE);
			return registration;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Answering {

		@Bean
		@Order(Ordered.HIGHEST_PRECEDENCE)
		WebFilter answering() {
			return (exchange, chain) -> {
				exchange.getResponse().setStatusCode(HttpStatus.NO_CONTENT);
				return exchange.getResponse().setComplete();
			};
		}

	}

	/**
	 * Closes the connection of who asks for the path of status updates.
	 */
	@Configuration(proxyBeanMethods = false)
	static class Silent {

		final Set<String> asked = ConcurrentHashMap.newKeySet();

		@InboundMessage
		void take() {
		}

		@Bean
		@Order(Ordered.HIGHEST_PRECEDENCE)
		WebFilter silent() {
			return (exchange, chain) -> {
				String path = exchange.getRequest().getPath().value();
				this.asked.add(path);
				if (!path.equals(WebhookApplication.PATH)) {
					return chain.filter(exchange);
				}
				HttpServerResponse response = ServerHttpResponseDecorator.getNativeResponse(exchange.getResponse());
				response.withConnection((connection) -> connection.channel().close());
				return Mono.never();
			};
		}

	}

	/**
	 * Never answers who asks for the last path that is tried.
	 */
	@Configuration(proxyBeanMethods = false)
	static class Hanging {

		final CompletableFuture<Void> asked = new CompletableFuture<>();

		@InboundMessage
		void take() {
		}

		@Bean
		@Order(Ordered.HIGHEST_PRECEDENCE)
		WebFilter hanging() {
			return (exchange, chain) -> {
				if (exchange.getRequest().getPath().value().equals(WebhookApplication.PATH)) {
					return chain.filter(exchange);
				}
				this.asked.complete(null);
				return Mono.never();
			};
		}

	}

	@RestController
	static class Controlled {

		@PostMapping("/own")
		String own() {
			return "own";
		}

	}

}
