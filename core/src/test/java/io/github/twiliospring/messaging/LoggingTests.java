package io.github.twiliospring.messaging;

import java.io.IOException;
import java.net.http.HttpClient.Redirect;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;

import io.github.twiliospring.messaging.error.MessageOutcomeUnknownException;
import io.github.twiliospring.messaging.error.MessagingException;
import io.github.twiliospring.messaging.message.FeedbackOutcome;
import io.github.twiliospring.messaging.message.MessageQuery;
import io.github.twiliospring.messaging.message.OutboundMessage;
import io.github.twiliospring.messaging.message.SendAttempt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.reactivestreams.Publisher;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.netty.http.client.HttpClient;
import reactor.test.StepVerifier;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.client.reactive.ClientHttpConnector;
import org.springframework.http.client.reactive.JdkClientHttpConnector;
import org.springframework.http.client.reactive.ReactorClientHttpConnector;
import org.springframework.web.reactive.function.client.WebClient;

import static io.github.twiliospring.messaging.message.OutboundMessage.to;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * What reaches the log where everything is logged at TRACE but for what the starter keeps
 * at INFO, and what reaches observations and exceptions: no token, no body, no whole
 * number.
 */
class LoggingTests {

	private static final String NUMBER = "+15558675310";

	private static final String BODY = "a confidential text";

	private static final String SM = "SM0123456789abcdef0123456789abcdef";

	private static final String ME = "ME0123456789abcdef0123456789abcdef";

	private static final String[] SECRETS = { "5558675310", BODY, "a+confidential", "a%20confidential",
			TestTemplates.AUTH_TOKEN, "presigned-secret", Base64.getEncoder()
				.encodeToString((TestTemplates.ACCOUNT_SID + ":" + TestTemplates.AUTH_TOKEN).getBytes()) };

	private static final RawServer.Behaviour RESET = RawServer.Exchange::reset;

	private static final RawServer.Behaviour HANG = RawServer.Exchange::hang;

	private Printed printed;

	private final Queue<RawServer.Behaviour> script = new ConcurrentLinkedQueue<>();

	private final Queue<String> requests = new ConcurrentLinkedQueue<>();

	@BeforeEach
	void logEverything() {
		this.printed = new Printed();
	}

	@AfterEach
	void logAsBefore() {
		this.printed.close();
	}

	static Stream<ClientHttpConnector> connectors() {
		JdkClientHttpConnector jdk = new JdkClientHttpConnector(
				java.net.http.HttpClient.newBuilder().followRedirects(Redirect.NEVER).build());
		jdk.setReadTimeout(Duration.ofSeconds(2));
		HttpClient client = HttpClient.create().responseTimeout(Duration.ofSeconds(2));
		return Stream.of(new ReactorNettyConnector(client), new ReactorClientHttpConnector(client), jdk);
	}

	@ParameterizedTest
	@MethodSource("connectors")
	void showsNoTokenBodyOrNumberOnAnyPathAtTrace(ClientHttpConnector connector) throws Exception {
		String message = "{\"sid\":\"%s\",\"to\":\"%s\",\"from\":\"%2$s\",\"body\":\"%s\",\"status\":\"queued\"}"
			.formatted(SM, NUMBER, BODY);
		String next = "/2010-04-01/Accounts/%s/Messages.json?To=%%2B15558675310&PageToken=PA1"
			.formatted(TestTemplates.ACCOUNT_SID);
		String page = "{\"messages\":[%s],\"next_page_uri\":\"%s\"}".formatted(message, next);
		String error = "{\"code\":21211,\"message\":\"%s is wrong\"}".formatted(NUMBER);
		String bucket = "Location: /bucket?X-Signature=presigned-secret";
		try (RawServer server = new RawServer(this::serve)) {
			MessagingTemplate template = TestTemplates.at(server.url())
				.connector(connector)
				.webClient((builder) -> builder.observationRegistry(this.printed.observed()))
				.observationRegistry(this.printed.observed())
				.build();
			OutboundMessage outbound = to(NUMBER).from(NUMBER).body(BODY).build();
			for (int status : List.of(201, 400, 401, 404, 429, 500, 503, 301)) {
				drive(template.send(outbound), answer(status, (status == 201) ? message : error));
			}
			drive(template.send(outbound), answer(201, "garbage " + NUMBER));
			drive(template.send(outbound), RESET);
			drive(template.send(outbound), HANG);
			drive(template.send(to("5558675310x").body(BODY)));
			drive(template.reconcile(new MessageOutcomeUnknownException("lost", TestTemplates.NOW,
					new SendAttempt(outbound, "id", TestTemplates.NOW), null, null)), answer(200, page),
					answer(500, error), answer(200, "{\"messages\":[" + message + "]}"));
			drive(template.list(MessageQuery.query().to(NUMBER).from(NUMBER)), answer(200, "garbage " + NUMBER));
			drive(template.list(MessageQuery.query().to(NUMBER)), answer(200, page), RESET);
			drive(template.fetch(SM), answer(200, message));
			drive(template.cancel(SM), answer(409, error));
			drive(template.redact(SM), answer(200, message));
			drive(template.delete(SM), answer(204, ""));
			drive(template.sendAll(Flux.just(outbound, to("5558675310x").body(BODY).build())), answer(400, error));
			drive(template.listMedia(SM), answer(200, "{\"media_list\":[{\"sid\":\"%s\"}]}".formatted(ME)));
			drive(template.listMedia(SM), answer(500, error));
			drive(template.fetchMedia(SM, ME), answer(200, "garbage " + NUMBER));
			drive(template.deleteMedia(SM, ME), answer(404, error));
			drive(template.deleteMedia(NUMBER, NUMBER));
			drive(template.feedback(SM, FeedbackOutcome.CONFIRMED), answer(201, "{}"));
			drive(template.mediaContent(SM, ME).map(LoggingTests::release), answer(307, "", bucket), answer(200, BODY));
			drive(template.mediaContent(SM, ME).map(LoggingTests::release), answer(307, "", bucket), RESET);
			drive(template.mediaContent(SM, ME).map(LoggingTests::release), answer(307, "", bucket + "&no uri"));
		}
		assertThat(this.requests).anyMatch((request) -> request.startsWith("GET " + next + " "))
			.anyMatch((request) -> request.startsWith("GET /bucket?X-Signature=presigned-secret "));
		assertThat(this.printed.lines()).hasSizeGreaterThan(100);
		assertThat(this.printed.lines().stream().filter((line) -> Stream.of(SECRETS).anyMatch(line::contains)))
			.isEmpty();
	}

	static Stream<Arguments> answersThatAreNoHttp() {
		String quoted = NUMBER + " " + BODY;
		return connectors().flatMap((connector) -> Stream
			.of(quoted + "\r\n\r\n", quoted, "HTTP/1.1 " + quoted + "\r\n\r\n", "HTTP/1.1 2" + quoted + "\r\n\r\n",
					"HTTP/1.1 200 OK\r\nContent-Length: " + quoted + "\r\n\r\n",
					"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + quoted + "\r\n\r\n")
			.map((answer) -> Arguments.of(connector, answer)));
	}

	@ParameterizedTest
	@MethodSource("answersThatAreNoHttp")
	void throwsAndLogsNothingThatAPeerWithoutHttpEchoes(ClientHttpConnector connector, String answer) throws Exception {
		try (RawServer server = new RawServer((exchange) -> {
			exchange.read();
			exchange.write(answer);
			return exchange.finish();
		})) {
			MessagingTemplate template = TestTemplates.at(server.url()).connector(connector).build();
			for (Publisher<?> call : List.of(template.send(to(NUMBER).from(NUMBER).body(BODY).build()),
					template.list(MessageQuery.query().to(NUMBER)),
					template.mediaContent(SM, ME).map(LoggingTests::release))) {
				StepVerifier.create(call).verifyErrorSatisfies((failure) -> {
					assertThat(failure).isInstanceOf(MessagingException.class).hasCauseInstanceOf(Throwable.class);
					this.printed.failure(failure);
				});
			}
		}
		assertThat(this.printed.lines().stream().filter((line) -> Stream.of(SECRETS).anyMatch(line::contains)))
			.isEmpty();
	}

	private boolean serve(RawServer.Exchange exchange) throws IOException {
		this.requests.add(exchange.read());
		RawServer.Behaviour behaviour = (this.script.size() > 1) ? this.script.poll() : this.script.peek();
		return behaviour.serve(exchange);
	}

	private void drive(Publisher<?> call, RawServer.Behaviour... answers) {
		this.script.clear();
		this.script.addAll(List.of(answers));
		Flux.from(call).doOnNext((value) -> this.printed.value(value)).onErrorResume((failure) -> {
			assertThat(failure).isInstanceOf(MessagingException.class);
			LoggerFactory.getLogger("application").warn("A call failed", failure);
			return Flux.empty();
		}).blockLast(Duration.ofSeconds(30));
	}

	private static RawServer.Behaviour answer(int status, String body, String... headers) {
		return (exchange) -> exchange.answer(status, body, headers);
	}

	private static int release(DataBuffer buffer) {
		int count = buffer.readableByteCount();
		DataBufferUtils.release(buffer);
		return count;
	}

}
