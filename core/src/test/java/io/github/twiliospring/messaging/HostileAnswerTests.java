package io.github.twiliospring.messaging;

import java.net.http.HttpClient.Redirect;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.twiliospring.messaging.error.ApiError;
import io.github.twiliospring.messaging.error.MessageNotSentException;
import io.github.twiliospring.messaging.error.MessageRejectedException;
import io.github.twiliospring.messaging.error.MessagingException;
import io.github.twiliospring.messaging.message.FeedbackOutcome;
import io.github.twiliospring.messaging.message.MessageQuery;
import io.github.twiliospring.messaging.message.OutboundMessage;
import io.github.twiliospring.messaging.message.SendAttempt;
import io.netty.buffer.ByteBufUtil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.reactivestreams.Publisher;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.netty.http.client.HttpClient;
import reactor.netty.transport.ProxyProvider.Proxy;

import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.client.reactive.ClientHttpConnector;
import org.springframework.http.client.reactive.JdkClientHttpConnector;
import org.springframework.http.client.reactive.ReactorClientHttpConnector;

import static io.github.twiliospring.messaging.message.OutboundMessage.to;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Answers, each of whose texts is a witness, at every call: none of them reaches a log
 * line, a span, a meter, or the text of a value or failure. Prints what it searched.
 */
@ExtendWith(NoDroppedErrors.class)
class HostileAnswerTests {

	private static final String SM = "SM0123456789abcdef0123456789abcdef";

	private static final String ME = "ME0123456789abcdef0123456789abcdef";

	private static final String WITNESS = "Wit-ness";

	// Fits into an int.
	private static final String DIGITS = "2025550143";

	private static final Set<String> WITNESSES = Set.of(WITNESS.toLowerCase(), DIGITS);

	// They log the hosts that they look up and connect to.
	private static final Set<String> ADDRESSES = Set.of("reactor.netty.resources.PooledConnectionProvider:",
			"io.netty.resolver.dns.");

	// Every header that a client might read, and one that it doesn't know. Reactor Netty
	// logs their names.
	private static final String HEADERS = Stream
		.of("Twilio-Request-Id: %s", "Location: http://127.0.0.1:1/%s?%1$s", "Retry-After: %s", "Age: %s", "Server: %s",
				"Set-Cookie: %s=%1$s", "Cache-Control: %s", "X-Unknown: %s", "Content-Language: %s",
				"Warning: 299 - \"%s\"")
		.map((header) -> header.formatted(WITNESS) + "\r\n")
		.collect(Collectors.joining());

	private static Map<String, String> answers() {
		String error = "\"message\":\"%s %s\",\"more_info\":\"https://%1$s.example/%1$s\",\"status\":\"%1$s\",\"detail\":\"%1$s\""
			.formatted(WITNESS, DIGITS);
		String message = ("{\"sid\":\"%%s\",\"account_sid\":%%s,\"to\":\"%s\",\"from\":\"%1$s\",\"body\":\"%1$s\",\"status\":\"%1$s\","
				+ "\"direction\":\"%1$s\",\"error_code\":%s,\"error_message\":\"%1$s\",\"price\":\"1\",\"price_unit\":\"%1$s\","
				+ "\"date_created\":\"%1$s\",\"uri\":\"/%1$s\",\"api_version\":\"%1$s\",\"parent_sid\":null,\"content_type\":\"%1$s\","
				+ "\"subresource_uris\":{\"%1$s\":\"%1$s\"}}")
			.formatted(WITNESS, DIGITS);
		String own = message.formatted(SM, "null");
		Map<String, String> answers = new TreeMap<>();
		for (int status : List.of(301, 307, 400, 401, 404, 408, 409, 429, 500, 503)) {
			answers.put(status + " unknown code", answer(status, "{\"code\":99999,%s}".formatted(error)));
			answers.put(status + " digits as code", answer(status, "{\"code\":%s,%s}".formatted(DIGITS, error)));
			answers.put(status + " known code", answer(status, "{\"code\":21211,%s}".formatted(error)));
			answers.put(status + " text as code", answer(status, "{\"code\":\"%s\",%s}".formatted(WITNESS, error)));
			answers.put(status + " no JSON", answer(status, "<html>" + WITNESS));
		}
		answers.put("201 own message", answer(201, own));
		answers.put("201 no SID", answer(201, message.formatted(WITNESS + DIGITS, "null")));
		answers.put("201 another account", answer(201, message.formatted(SM, "\"" + WITNESS + "\"")));
		answers.put("200 no JSON", answer(200, "{\"" + WITNESS));
		answers.put("200 broken text", answer(200, "{\"sid\":\"" + WITNESS));
		answers.put("200 two objects", answer(200, own + own));
		for (String next : List.of(WITNESS, "/2010-04-01/Accounts/%s/%1$s?%1$s".formatted(WITNESS),
				"http://%s.example/2010-04-01/Accounts/%1$s".formatted(WITNESS), "%" + WITNESS)) {
			answers.put("200 page, then " + next, answer(200,
					"{\"messages\":[%s],\"media_list\":[%1$s],\"next_page_uri\":\"%s\"}".formatted(own, next)));
		}
		for (String location : List.of("ftp://%s/", "http://%s.invalid/", "http://127.0.0.1:1/%s", "http://%s:x/ y",
				"//%s:99999/")) {
			answers.put("302 to " + location, "HTTP/1.1 302 %s\r\nLocation: %s\r\nContent-Length: 0\r\n\r\n"
				.formatted(WITNESS, location.formatted(WITNESS)));
		}
		answers.put("cut off", "HTTP/1.1 200 %s\r\nContent-Length: 1000\r\n\r\n%1$s".formatted(WITNESS));
		answers.put("no HTTP", WITNESS + " " + WITNESS + "\r\n\r\n");
		answers.put("no status", "HTTP/1.1 " + WITNESS + "\r\n\r\n");
		answers.put("no version", WITNESS + "/1.1 200 OK\r\n\r\n");
		answers.put("no length", "HTTP/1.1 200 OK\r\nContent-Length: " + WITNESS + "\r\n\r\n");
		answers.put("two lengths",
				"HTTP/1.1 200 OK\r\nContent-Length: 1%s\r\nContent-Length: 2\r\n\r\n".formatted(DIGITS));
		answers.put("no chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + WITNESS + "\r\n\r\n");
		answers.put("no header", "HTTP/1.1 200 OK\r\n" + WITNESS + "\r\n\r\n");
		answers.put("a header with a control", "HTTP/1.1 200 OK\r\nX: \u0001" + WITNESS + "\r\n\r\n");
		answers.put("an upgrade", "HTTP/1.1 101 %s\r\nConnection: Upgrade\r\nUpgrade: %1$s\r\n\r\n".formatted(WITNESS));
		answers.put("an interim answer", "HTTP/1.1 103 %s\r\nLink: %1$s\r\n\r\n".formatted(WITNESS)
				+ answer(400, "{\"code\":99999,%s}".formatted(error)));
		answers.put("two answers", answer(400, "{" + error + "}") + answer(200, WITNESS));
		return answers;
	}

	private static String answer(int status, String body) {
		return "HTTP/1.1 %d %s\r\n%sContent-Type: application/json; x=%2$s\r\nContent-Length: %d\r\n\r\n%s"
			.formatted(status, WITNESS, HEADERS, body.getBytes(StandardCharsets.UTF_8).length, body);
	}

	static Stream<ClientHttpConnector> connectors() {
		JdkClientHttpConnector jdk = new JdkClientHttpConnector(
				java.net.http.HttpClient.newBuilder().followRedirects(Redirect.NEVER).build());
		jdk.setReadTimeout(Duration.ofMillis(500));
		HttpClient client = HttpClient.create().responseTimeout(Duration.ofMillis(500));
		return Stream.of(new ReactorNettyConnector(client), new ReactorClientHttpConnector(client), jdk);
	}

	@ParameterizedTest
	@MethodSource("connectors")
	void printsNothingThatAnAnswerSays(ClientHttpConnector connector) throws Exception {
		AtomicReference<String> answer = new AtomicReference<>("");
		List<String> found = new ArrayList<>();
		int searched = 0;
		try (RawServer server = new RawServer((exchange) -> {
			exchange.read();
			exchange.write(answer.get());
			return exchange.finish();
		}); Printed printed = new Printed()) {
			MessagingTemplate template = TestTemplates.at(server.url())
				.connector(connector)
				.observationRegistry(printed.observed())
				.build();
			for (Map.Entry<String, String> row : answers().entrySet()) {
				answer.set(row.getValue());
				calls(template).forEach((name, call) -> drive(call, printed));
				searched += printed.lines().size();
				printed.lines()
					.stream()
					.filter((line) -> ADDRESSES.stream().noneMatch(line::startsWith))
					.filter((line) -> WITNESSES.stream().anyMatch(line.toLowerCase()::contains))
					.map((line) -> row.getKey() + ": " + line)
					.forEach(found::add);
				printed.lines().clear();
			}
		}
		System.out.println(answers().size() + " answers, " + searched + " texts searched");
		assertThat(found).isEmpty();
		assertThat(searched).isGreaterThan(1000);
	}

	@Test
	void keepsWhatAProxySaysOrAPeerWithoutTlsToItself() throws Exception {
		try (RawServer server = new RawServer((exchange) -> {
			exchange.write("HTTP/1.1 407 %s\r\nX: %1$s\r\nContent-Length: 0\r\n\r\n".formatted(WITNESS));
			return exchange.finish();
		}); Printed printed = new Printed()) {
			HttpClient direct = HttpClient.create();
			HttpClient proxied = direct.proxy((proxy) -> proxy.type(Proxy.HTTP).host("127.0.0.1").port(server.port()));
			for (HttpClient client : List.of(direct, proxied)) {
				MessagingTemplate template = TestTemplates.at("https://127.0.0.1:" + server.port())
					.connector(new ReactorNettyConnector(client))
					.observationRegistry(printed.observed())
					.build();
				MessagingException failure = catchThrowableOfType(MessagingException.class,
						() -> template.send("+15558675310", "Hi").block());
				assertThat(failure).isInstanceOf(MessageNotSentException.class);
				printed.failure(failure);
			}
			// Reactor Netty itself logs what its proxy said, before anything of ours was
			// written.
			String hexadecimal = ByteBufUtil.hexDump(WITNESS.getBytes(StandardCharsets.UTF_8));
			assertThat(printed.lines().stream().filter((line) -> !line.startsWith("reactor.netty.")))
				.hasSizeGreaterThan(3)
				.noneMatch((line) -> line.contains(WITNESS) || line.contains(hexadecimal));
		}
	}

	@Test
	void givesTheProvidersOwnTextToWhoAsksForIt() throws Exception {
		try (RawServer server = new RawServer((exchange) -> {
			exchange.read();
			return exchange.answer(400, "{\"code\":21211,\"message\":\"The number +15558675310 is wrong\","
					+ "\"more_info\":\"https://gateway.example/a\"}", "Twilio-Request-Id: RQ1");
		})) {
			MessageRejectedException failure = catchThrowableOfType(MessageRejectedException.class,
					() -> TestTemplates.at(server.url()).build().send("+15558675310", "Hi").block());
			assertThat(failure.getError())
				.isEqualTo(new ApiError(400, 21211, "The number +15558675310 is wrong", "RQ1"));
			assertThat(failure).hasMessage("Rejected: HTTP 400, error 21211 (Invalid 'To' phone number),"
					+ " see https://www.twilio.com/docs/errors/21211");
		}
	}

	private static Map<String, Publisher<?>> calls(MessagingTemplate template) {
		OutboundMessage message = to("+15558675310").body("Hi").build();
		return Map.of("send", template.send(message), "list", template.list(MessageQuery.query()), "fetch",
				template.fetch(SM), "cancel", template.cancel(SM), "delete", template.delete(SM), "media",
				template.listMedia(SM), "medium", template.fetchMedia(SM, ME), "content",
				template.mediaContent(SM, ME).map((buffer) -> DataBufferUtils.release(buffer)), "feedback",
				template.feedback(SM, FeedbackOutcome.CONFIRMED), "reconcile",
				template.reconcile(new SendAttempt(message, "id", TestTemplates.NOW), Set.of()));
	}

	private static void drive(Publisher<?> call, Printed printed) {
		Flux.from(call).doOnNext(printed::value).onErrorResume((failure) -> {
			LoggerFactory.getLogger("application").warn("A call failed", failure);
			printed.failure(failure);
			return Flux.empty();
		}).blockLast(Duration.ofSeconds(20));
	}

}
