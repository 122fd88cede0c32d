package io.github.twiliospring.messaging.webhook;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.github.twiliospring.messaging.signature.RequestSigner;
import io.github.twiliospring.messaging.signature.RequestValidator;
import io.github.twiliospring.messaging.webhook.ledger.InMemoryCallbackLedger;
import io.micrometer.observation.ObservationRegistry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.http.server.reactive.ReactorHttpHandlerAdapter;
import org.springframework.web.server.adapter.WebHttpHandlerBuilder;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The reactive adapter over a real connection.
 */
class WebhookWebFilterTests {

	private static final String FORM = "AccountSid=AC1&MessageSid=SM1&MessageStatus=delivered&To=%2B15558675310&Body=+x+";

	private final AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext(
			Application.class);

	private final HttpClient client = HttpClient.newHttpClient();

	private DisposableServer server;

	@BeforeEach
	void start() {
		start(null);
	}

	@AfterEach
	void stop() {
		this.server.disposeNow();
		this.context.close();
	}

	@Test
	void letsAGenuineRequestInAndHandsItOn() throws Exception {
		assertThat(post(url(), FORM, sign(url(), FORM)).statusCode()).isEqualTo(204);
		assertThat(updates()).singleElement().satisfies((update) -> assertThat(update.to()).isEqualTo("+15558675310"));
	}

	@Test
	void refusesEveryRequestThatIsNotGenuine() throws Exception {
		String genuine = sign(url(), FORM);
		assertThat(post(url(), FORM).statusCode()).isEqualTo(403);
		assertThat(post(url(), FORM, "").statusCode()).isEqualTo(403);
		assertThat(post(url(), FORM, "AAAA").statusCode()).isEqualTo(403);
		assertThat(post(url(), FORM, genuine, genuine).statusCode()).isEqualTo(403);
		assertThat(post(url(), FORM.replace("delivered", "failed"), genuine).statusCode()).isEqualTo(403);
		assertThat(post(url(), FORM + "&Extra=1", genuine).statusCode()).isEqualTo(403);
		assertThat(post(url(), FORM.replace("&To=%2B15558675310", ""), genuine).statusCode()).isEqualTo(403);
		assertThat(post(url(), FORM.replace("Body=+x+", "Body=x"), genuine).statusCode()).isEqualTo(403);
		assertThat(post(url() + "?message-reference=other", FORM, genuine).statusCode()).isEqualTo(403);
		assertThat(post(url(), FORM, sign("https://elsewhere.example.com/twilio/status", FORM)).statusCode())
			.isEqualTo(403);
		assertThat(updates()).isEmpty();
	}

	@Test
	void takesPlusAndPercentTwentyForTheSameSpace() throws Exception {
		String form = FORM.replace("+x+", "%20x%20");
		assertThat(post(url(), form, sign(url(), FORM)).statusCode()).isEqualTo(204);
	}

	@Test
	void ignoresForwardedHeadersUnlessTheApplicationBelievesThem() throws Exception {
		HttpRequest spoofed = request(url(), FORM, sign("https://shop.example.com/twilio/status", FORM))
			.header("X-Forwarded-Proto", "https")
			.header("X-Forwarded-Host", "shop.example.com")
			.header("X-Forwarded-Port", "443")
			.build();
		assertThat(this.client.send(spoofed, BodyHandlers.ofString()).statusCode()).isEqualTo(403);
	}

	@Test
	void verifiesAgainstThePublicUrlWhereThereIsOne() throws Exception {
		this.server.disposeNow();
		start("https://shop.example.com/prefix");
		String url = url() + "?message-reference=a%20b";
		String publicUrl = "https://shop.example.com/prefix/twilio/status?message-reference=a%20b";
		assertThat(post(url, FORM, sign(publicUrl, FORM)).statusCode()).isEqualTo(204);
		assertThat(post(url, FORM, sign(url, FORM)).statusCode()).isEqualTo(403);
		assertThat(updates()).singleElement().satisfies((update) -> assertThat(update.reference()).isEqualTo("a b"));
	}

	@Test
	void answersOtherMethodsTypesAndPathsAsHttpDoes() throws Exception {
		HttpResponse<String> wrongMethod = this.client.send(HttpRequest.newBuilder(URI.create(url())).build(),
				BodyHandlers.ofString());
		assertThat(wrongMethod.statusCode()).isEqualTo(405);
		assertThat(wrongMethod.headers().firstValue("Allow")).contains("POST");
		HttpRequest json = HttpRequest.newBuilder(URI.create(url()))
			.header("Content-Type", "application/json")
			.header("X-Twilio-Signature", sign(url(), ""))
			.POST(BodyPublishers.ofString("{}"))
			.build();
		assertThat(this.client.send(json, BodyHandlers.ofString()).statusCode()).isEqualTo(415);
		assertThat(post(url() + "/other", FORM, sign(url() + "/other", FORM)).statusCode()).isEqualTo(501);
	}

	@Test
	void refusesTooMuchOfAnything() throws Exception {
		String large = FORM + "&Body=" + "a".repeat(70_000);
		assertThat(post(url(), large, sign(url(), large)).statusCode()).isEqualTo(413);
		String larger = large.repeat(25);
		assertThat(post(url(), larger, sign(url(), larger)).statusCode()).isEqualTo(413);
		String many = IntStream.range(0, 201).mapToObj((i) -> "p" + i + "=x").collect(Collectors.joining("&"));
		HttpResponse<String> response = post(url(), many, "x");
		assertThat(response.statusCode()).isEqualTo(400);
		assertThat(response.body()).contains("More than 200 parameters");
		assertThat(post(url(), "a=%zz", "x").statusCode()).isEqualTo(400);
	}

	@ParameterizedTest
	@ValueSource(strings = { "MessageSid=SM1&MessageStatus=sent", "AccountSid=AC1&MessageSid=SM1", "" })
	void refusesAGenuineRequestThatNamesNoMessageOrStatus(String form) throws Exception {
		assertThat(post(url(), form, sign(url(), form)).statusCode()).isEqualTo(400);
	}

	@Test
	void givesUpOnABodyThatTricklesIn() throws IOException {
		try (Socket socket = new Socket("localhost", this.server.port())) {
			OutputStream output = socket.getOutputStream();
			output.write(("POST /twilio/status HTTP/1.1\r\nHost: localhost\r\n"
					+ "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 500\r\n\r\nAccountSid=A")
				.getBytes(StandardCharsets.US_ASCII));
			output.flush();
			InputStream input = socket.getInputStream();
			assertThat(new String(input.readNBytes(12), StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 408");
		}
	}

	private void start(String publicUrl) {
		WebhookLimits limits = new WebhookLimits(64 * 1024, 200, Duration.ofSeconds(2), Duration.ofSeconds(4),
				Duration.ofSeconds(14), 50, Duration.ofMinutes(10));
		HandlerPool pool = Pools.pool(limits);
		StatusUpdateDispatcher dispatcher = new StatusUpdateDispatcher(
				this.context.getBean(StatusCallbackHandlers.class), new InMemoryCallbackLedger(100, Duration.ofDays(1)),
				pool, null, Clock.systemUTC());
		WebhookGate gate = new WebhookGate(new RequestValidator(List.of("token")), limits);
		WebhookRoutes routes = new WebhookRoutes(
				Map.of("/twilio/status", WebhookEndpoint.forStatus(gate, dispatcher, ObservationRegistry.NOOP, null)),
				publicUrl);
		HttpHandler handler = WebHttpHandlerBuilder.webHandler((exchange) -> {
			exchange.getResponse().setStatusCode(HttpStatus.NOT_IMPLEMENTED);
			return exchange.getResponse().setComplete();
		}).filter(new WebhookWebFilter(routes, pool, 0)).build();
		this.server = HttpServer.create()
			.host("localhost")
			.port(0)
			.handle(new ReactorHttpHandlerAdapter(handler))
			.bindNow();
	}

	private String url() {
		return "http://localhost:" + this.server.port() + "/twilio/status";
	}

	private List<StatusUpdate> updates() {
		return this.context.getBean(Application.class).updates;
	}

	private HttpResponse<String> post(String url, String form, String... signatures) throws Exception {
		return this.client.send(request(url, form, signatures).build(), BodyHandlers.ofString());
	}

	private static HttpRequest.Builder request(String url, String form, String... signatures) {
		HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url))
			.timeout(Duration.ofSeconds(10))
			.header("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8")
			.POST(BodyPublishers.ofString(form));
		for (String signature : signatures) {
			request.header("X-Twilio-Signature", signature);
		}
		return request;
	}

	private static String sign(String url, String form) {
		return new RequestSigner("token").sign(url, FormParameters.parse(form, 1000));
	}

	@Configuration(proxyBeanMethods = false)
	static class Application {

		final List<StatusUpdate> updates = new CopyOnWriteArrayList<>();

		@Bean
		StatusCallbackHandlers handlers(AnnotationConfigApplicationContext context) {
			return new StatusCallbackHandlers(context.getBeanFactory(), List.of());
		}

		@StatusCallback
		Mono<Void> track(StatusUpdate update) {
			return Mono.fromRunnable(() -> this.updates.add(update));
		}

	}

}
