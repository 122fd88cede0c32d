package io.github.twiliospring.messaging;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpClient.Redirect;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;

import io.github.twiliospring.messaging.error.MessageNotSentException;
import io.github.twiliospring.messaging.error.MessageOutcomeUnknownException;
import io.github.twiliospring.messaging.error.MessageRejectedException;
import io.github.twiliospring.messaging.error.MessagingException;
import io.github.twiliospring.messaging.error.MessagingUnavailableException;
import io.github.twiliospring.messaging.message.FeedbackOutcome;
import io.github.twiliospring.messaging.message.Message;
import io.github.twiliospring.messaging.message.OutboundMessage;
import io.github.twiliospring.messaging.retry.RetryStrategy;
import io.github.twiliospring.messaging.retry.TwilioRetryPolicies;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.Epoll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;
import reactor.netty.resources.LoopResources;

import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.client.reactive.ClientHttpConnector;
import org.springframework.http.client.reactive.JdkClientHttpConnector;
import org.springframework.http.client.reactive.ReactorClientHttpConnector;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.ExchangeFilterFunction;
import org.springframework.web.reactive.function.client.WebClient;

import static io.github.twiliospring.messaging.message.OutboundMessage.to;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * What becomes of a request under every fault, against a server on a bare socket that
 * counts the creates it received. Prints a row for each. Many of them wait for a timeout,
 * several at a time.
 */
@ExtendWith(NoDroppedErrors.class)
class FaultMatrixTests {

	private static final Duration DEADLINE = Duration.ofSeconds(30);

	// For what comes at once, on a busy machine, too.
	private static final Duration LONG = Duration.ofSeconds(15);

	private static final OutboundMessage MESSAGE = to("+15558675310").body("Hi").build();

	private static final String SID = "SM0123456789abcdef0123456789abcdef";

	private static final String MEDIA_SID = "ME0123456789abcdef0123456789abcdef";

	private static final Class<?> ACCEPTED = Message.class;

	private static final Class<?> REJECTED = MessageRejectedException.class;

	private static final Class<?> UNKNOWN = MessageOutcomeUnknownException.class;

	private static final Class<?> NOT_SENT = MessageNotSentException.class;

	private static final Class<?> UNAVAILABLE = MessagingUnavailableException.class;

	private static final LoopResources LOOPS = LoopResources.create("matrix", 2, true);

	private static final Set<Fault> BEFORE_READING = Set.of(Fault.FIN_BEFORE_READING, Fault.RST_BEFORE_READING);

	/**
	 * The connectors that rows are run on.
	 */
	enum Connector {

		REACTOR_NATIVE, REACTOR_NIO, REACTOR_OF_SPRING, JDK;

		ClientHttpConnector create() {
			return create(LONG, LONG);
		}

		ClientHttpConnector create(Fault fault) {
			return create(LONG, fault.isSilent() ? Duration.ofSeconds(1) : LONG);
		}

		ClientHttpConnector create(Duration connectTimeout, Duration responseTimeout) {
			return (this == JDK) ? jdk(connectTimeout, responseTimeout)
					: connector(reactor(connectTimeout, responseTimeout));
		}

		ClientHttpConnector following() {
			return (this == JDK)
					? new JdkClientHttpConnector(
							java.net.http.HttpClient.newBuilder().followRedirects(Redirect.ALWAYS).build())
					: connector(reactor(LONG, LONG).followRedirect(true));
		}

		private ClientHttpConnector connector(HttpClient client) {
			return (this == REACTOR_OF_SPRING) ? new ReactorClientHttpConnector(client)
					: new ReactorNettyConnector(client);
		}

		private HttpClient reactor(Duration connectTimeout, Duration responseTimeout) {
			return HttpClient.create(ConnectionProvider.create("matrix", 10))
				.runOn(LOOPS, this != REACTOR_NIO)
				.option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) connectTimeout.toMillis())
				.responseTimeout(responseTimeout);
		}

		private static ClientHttpConnector jdk(Duration connectTimeout, Duration responseTimeout) {
			JdkClientHttpConnector connector = new JdkClientHttpConnector(java.net.http.HttpClient.newBuilder()
				.connectTimeout(connectTimeout)
				.followRedirects(Redirect.NEVER)
				.build());
			connector.setReadTimeout(responseTimeout);
			return connector;
		}

	}

	static Stream<Arguments> creates() {
		List<Arguments> rows = new ArrayList<>();
		for (Connector connector : Connector.values()) {
			for (Fault fault : Fault.values()) {
				rows.add(Arguments.of(connector, fault));
			}
		}
		return rows.stream();
	}

	@ParameterizedTest
	@MethodSource("creates")
	@Execution(ExecutionMode.CONCURRENT)
	void putsACreateOnTheWireOnceUnlessItSurelyWasNotProcessed(Connector connector, Fault fault) throws Exception {
		try (RawServer server = new RawServer(fault.behaviour())) {
			Row row = run("create", connector + " " + fault, server, server.url(), connector.create(fault),
					(template) -> template.send(MESSAGE));
			switch (fault) {
				case NONE, PROCESSING_102, EARLY_HINTS_103, SEVERAL_INTERIM, INTERIM_IN_ONE_PACKET, DUPLICATED_ANSWER,
						REFUSAL_BEHIND_THE_ANSWER, TIMEOUT_BEHIND_THE_ANSWER ->
					row.expect(1, Duration.ZERO, ACCEPTED);
				case REJECTED_400, REJECTED_401, REJECTED_403, REJECTED_404 -> row.expect(1, Duration.ZERO, REJECTED);
				case TOO_MANY_REQUESTS, INTERIM_THEN_429 -> row.expect(3, null, REJECTED);
				case TOO_MANY_REQUESTS_RETRY_AFTER -> row.expect(3, Duration.ofSeconds(14), REJECTED);
				case TOO_MANY_REQUESTS_DATE -> row.expect(3, Duration.ofSeconds(18), REJECTED);
				case TOO_MANY_REQUESTS_TOO_LONG -> row.expect(1, Duration.ZERO, REJECTED);
				case FIN_BEFORE_READING, RST_BEFORE_READING -> row.expect(0, null, UNKNOWN, NOT_SENT);
				default -> row.expect(1, Duration.ZERO, UNKNOWN);
			}
		}
	}

	@ParameterizedTest
	@MethodSource("creates")
	@Execution(ExecutionMode.CONCURRENT)
	void repeatsAReadFreely(Connector connector, Fault fault) throws Exception {
		try (RawServer server = new RawServer(fault.first(2))) {
			Row row = run("fetch", connector + " " + fault + " twice", server, server.url(), connector.create(fault),
					(template) -> template.fetch(SID));
			switch (fault) {
				case REJECTED_400, REJECTED_401, REJECTED_403, REJECTED_404, TOO_MANY_REQUESTS_TOO_LONG ->
					row.expect(1, Duration.ZERO, REJECTED);
				case NONE, PROCESSING_102, EARLY_HINTS_103, SEVERAL_INTERIM, INTERIM_IN_ONE_PACKET, DUPLICATED_ANSWER,
						REFUSAL_BEHIND_THE_ANSWER, TIMEOUT_BEHIND_THE_ANSWER ->
					row.expect(1, Duration.ZERO, ACCEPTED);
				case FIN_BEFORE_READING, RST_BEFORE_READING -> row.expect(1, null, ACCEPTED);
				default -> row.expect(3, null, ACCEPTED);
			}
		}
	}

	@ParameterizedTest
	@MethodSource("creates")
	@Execution(ExecutionMode.CONCURRENT)
	void opensContentFreelyAndRepeatsNothingOnceItHasBegun(Connector connector, Fault fault) throws Exception {
		try (RawServer server = new RawServer(fault.first(2))) {
			Row row = run("media", connector + " " + fault + " twice", server, server.url(), connector.create(fault),
					(template) -> template.mediaContent(SID, MEDIA_SID)
						.doOnNext(DataBufferUtils::release)
						.then(Mono.just("read")));
			switch (fault) {
				case REJECTED_400, REJECTED_401, REJECTED_403, REJECTED_404, TOO_MANY_REQUESTS_TOO_LONG ->
					row.expect(1, Duration.ZERO, REJECTED);
				case NONE, GARBAGE_201, EMPTY_201, OVERSIZED_201, PROCESSING_102, EARLY_HINTS_103, SEVERAL_INTERIM,
						INTERIM_IN_ONE_PACKET, DUPLICATED_ANSWER, REFUSAL_BEHIND_THE_ANSWER,
						TIMEOUT_BEHIND_THE_ANSWER ->
					row.expect(1, Duration.ZERO, String.class);
				case FIN_BEFORE_READING, RST_BEFORE_READING -> row.expect(1, null, String.class);
				case TRUNCATED_201 -> row.expect(1, Duration.ZERO, UNAVAILABLE);
				default -> row.expect(3, null, String.class);
			}
		}
	}

	/**
	 * The operations that change a message and may be repeated.
	 */
	enum Change {

		CANCEL((template) -> template.cancel(SID)), REDACT((template) -> template.redact(SID)),
		DELETE((template) -> template.delete(SID).thenReturn("deleted")),
		DELETE_MEDIA((template) -> template.deleteMedia(SID, MEDIA_SID).thenReturn("deleted")),
		FEEDBACK((template) -> template.feedback(SID, FeedbackOutcome.CONFIRMED).thenReturn("reported"));

		private final Function<MessagingTemplate, Mono<?>> call;

		Change(Function<MessagingTemplate, Mono<?>> call) {
			this.call = call;
		}

		boolean answersAMessage() {
			return this == CANCEL || this == REDACT;
		}

	}

	static Stream<Arguments> changes() {
		return creates().flatMap(
				(row) -> Stream.of(Change.values()).map((change) -> Arguments.of(change, row.get()[0], row.get()[1])));
	}

	@ParameterizedTest
	@MethodSource("changes")
	@Execution(ExecutionMode.CONCURRENT)
	void repeatsAChangeThatTwiceIsTheSameAsOnce(Change change, Connector connector, Fault fault) throws Exception {
		try (RawServer server = new RawServer(fault.first(1))) {
			Row row = run(change.name().toLowerCase(Locale.ROOT), connector + " " + fault + " once", server,
					server.url(), connector.create(fault), change.call);
			Class<?> success = change.answersAMessage() ? ACCEPTED : String.class;
			switch (fault) {
				case REJECTED_400, REJECTED_401, REJECTED_403, REJECTED_404, TOO_MANY_REQUESTS_TOO_LONG ->
					row.expect(1, Duration.ZERO, REJECTED);
				case NONE, FIN_BEFORE_READING, RST_BEFORE_READING, PROCESSING_102, EARLY_HINTS_103, SEVERAL_INTERIM,
						INTERIM_IN_ONE_PACKET, DUPLICATED_ANSWER, REFUSAL_BEHIND_THE_ANSWER,
						TIMEOUT_BEHIND_THE_ANSWER ->
					row.expect(1, null, success);
				case GARBAGE_201, EMPTY_201 -> row.expect(change.answersAMessage() ? 2 : 1, null, success);
				default -> row.expect(2, null, success);
			}
		}
	}

	@ParameterizedTest
	@EnumSource(Change.class)
	void leavesAChangeUnknownWhereNeitherTheAnswerNorAFetchArrives(Change change) throws Exception {
		try (RawServer server = new RawServer(Fault.RST_AFTER_READING.behaviour())) {
			run(change.name().toLowerCase(Locale.ROOT), "RST_AFTER_READING for ever", server, server.url(),
					Connector.REACTOR_NATIVE.create(), change.call)
				.expect((change != Change.FEEDBACK) ? 6 : 3, null, UNKNOWN);
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "SERVER_ERROR_500", "RST_AFTER_READING", "READ_TIMEOUT", "GARBAGE_201" })
	void endsAReadAsUnavailableAfterAllAttempts(Fault fault) throws Exception {
		try (RawServer server = new RawServer(fault.behaviour())) {
			run("fetch", fault.toString(), server, server.url(), Connector.REACTOR_NATIVE.create(fault),
					(template) -> template.fetch(SID))
				.expect(3, null, UNAVAILABLE);
		}
	}

	@ParameterizedTest
	@EnumSource(
			names = { "FIN_AFTER_READING", "RST_AFTER_READING", "READ_TIMEOUT", "SERVER_ERROR_500", "TRUNCATED_201" })
	void decidesByAFetchWhatBecameOfACancelWhoseAnswerWasLost(Fault fault) throws Exception {
		String canceled = "{\"sid\":\"%s\",\"status\":\"canceled\",\"body\":\"\"}".formatted(SID);
		AtomicInteger served = new AtomicInteger();
		RawServer.Behaviour behaviour = (exchange) -> {
			if (served.getAndIncrement() == 0) {
				return fault.behaviour().serve(exchange);
			}
			String request = exchange.read();
			return request.startsWith("GET") ? exchange.answer(200, canceled)
					: exchange.answer(409, "{\"code\":30409}");
		};
		try (RawServer server = new RawServer(behaviour)) {
			run("cancel", fault + " then 409", server, server.url(), Connector.REACTOR_NATIVE.create(fault),
					(template) -> template.cancel(SID))
				.expect(3, null, ACCEPTED);
		}
	}

	@Test
	void takesTheAbsenceOfAMessageForItsDeletionOnlyAfterALostAnswer() throws Exception {
		AtomicInteger served = new AtomicInteger();
		RawServer.Behaviour behaviour = (exchange) -> {
			exchange.read();
			return (served.getAndIncrement() == 0) ? exchange.reset() : exchange.answer(404, "{\"code\":20404}");
		};
		try (RawServer server = new RawServer(behaviour)) {
			run("delete", "RST_AFTER_READING then 404", server, server.url(), Connector.REACTOR_NATIVE.create(),
					(template) -> template.delete(SID).thenReturn("deleted"))
				.expect(3, null, String.class);
		}
		try (RawServer server = new RawServer(Fault.REJECTED_404.behaviour())) {
			run("delete", "REJECTED_404", server, server.url(), Connector.REACTOR_NATIVE.create(),
					(template) -> template.delete(SID).thenReturn("deleted"))
				.expect(1, Duration.ZERO, REJECTED);
		}
	}

	static Stream<Arguments> unconnected() {
		Map<String, Function<MessagingTemplate, Mono<?>>> calls = new LinkedHashMap<>();
		calls.put("create", (template) -> template.send(MESSAGE));
		calls.put("fetch", (template) -> template.fetch(SID));
		Stream.of(Change.values()).forEach((change) -> calls.put(change.name().toLowerCase(Locale.ROOT), change.call));
		return Stream.of(Connector.values())
			.flatMap((connector) -> calls.entrySet()
				.stream()
				.map((call) -> Arguments.of(connector, call.getKey(), call.getValue())));
	}

	@ParameterizedTest
	@MethodSource("unconnected")
	@Execution(ExecutionMode.CONCURRENT)
	void knowsThatNothingWasSentWithoutAConnection(Connector connector, String operation,
			Function<MessagingTemplate, Mono<?>> call) throws Exception {
		boolean proves = connector != Connector.JDK;
		Class<?> result = operation.equals("fetch") ? UNAVAILABLE : (proves ? NOT_SENT : UNKNOWN);
		ClientHttpConnector http = connector.create();
		// Its port is nobody else's meanwhile, and nobody listens on it.
		try (Socket deaf = new Socket();
				RawServer cutter = new RawServer((exchange) -> exchange.finish());
				RawServer untrusted = new RawServer(Fault.NONE.behaviour(), SelfSigned.serverSocket())) {
			deaf.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
			Map<String, String> urls = Map.of("CONNECTION_REFUSED", "http://127.0.0.1:" + deaf.getLocalPort(),
					"UNRESOLVABLE_HOST", "http://nowhere.invalid", "TLS_HANDSHAKE_CUT",
					"https://127.0.0.1:" + cutter.port(), "CERTIFICATE_ERROR", "https://127.0.0.1:" + untrusted.port());
			urls.forEach((fault, url) -> {
				Row row = run(operation, connector + " " + fault, null, url, http, call);
				row.expect(0, null, result);
				// All but a create that may have been sent is repeated, after a pause.
				assertThat(row.spent.isZero()).isEqualTo(!proves && operation.equals("create"));
			});
			assertThat(cutter.requests() + untrusted.requests()).isZero();
		}
	}

	@Test
	@EnabledOnOs(value = OS.LINUX, architectures = { "amd64", "aarch64" })
	void runsOnTheNativeTransportWhereThereIsOne() {
		assertThat(Epoll.isAvailable()).isTrue();
		assertThat(LoopResources.hasNativeSupport()).isTrue();
	}

	@ParameterizedTest
	@EnumSource(Connector.class)
	void knowsThatNothingWasSentWhenConnectingTakesTooLong(Connector connector) throws Exception {
		List<Socket> occupants = new ArrayList<>();
		try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			// Nobody accepts: once the backlog is full, further connections get no
			// answer.
			for (int i = 0; i < 3; i++) {
				Socket occupant = new Socket();
				occupants.add(occupant);
				try {
					occupant.connect(new InetSocketAddress(full.getInetAddress(), full.getLocalPort()), 200);
				}
				catch (IOException ex) {
					break;
				}
			}
			run("create", connector + " CONNECT_TIMEOUT", null, "http://127.0.0.1:" + full.getLocalPort(),
					connector.create(Duration.ofMillis(300), LONG), (template) -> template.send(MESSAGE))
				.expect(0, null, (connector != Connector.JDK) ? NOT_SENT : UNKNOWN);
		}
		finally {
			for (Socket occupant : occupants) {
				occupant.close();
			}
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "REACTOR_NATIVE", "REACTOR_NIO", "REACTOR_OF_SPRING" })
	void knowsThatNothingWasSentWhenThePoolIsExhausted(Connector transport) throws Exception {
		ConnectionProvider pool = ConnectionProvider.builder("one")
			.maxConnections(1)
			.pendingAcquireMaxCount(1)
			.pendingAcquireTimeout(Duration.ofMillis(100))
			.build();
		try (RawServer server = new RawServer(Fault.READ_TIMEOUT.behaviour())) {
			ClientHttpConnector connector = transport.connector(HttpClient.create(pool)
				.runOn(LOOPS, transport != Connector.REACTOR_NIO)
				.responseTimeout(Duration.ofSeconds(20)));
			Mono<Message> occupant = TestTemplates.at(server.url()).connector(connector).build().send(MESSAGE);
			reactor.core.Disposable subscription = occupant.subscribe((message) -> {
			}, (failure) -> {
			});
			org.awaitility.Awaitility.await().until(() -> server.creates() == 1);
			Row row = run("create", transport + " POOL_EXHAUSTED", server, server.url(), connector,
					(template) -> template.send(MESSAGE));
			row.expect(1, null, NOT_SENT);
			subscription.dispose();
		}
		finally {
			pool.dispose();
		}
	}

	@ParameterizedTest
	@EnumSource(Connector.class)
	void refusesASecondExchangeByARetryingFilter(Connector connector) throws Exception {
		ExchangeFilterFunction retrying = (request, next) -> next.exchange(request)
			.flatMap((response) -> response.statusCode().is5xxServerError() ? response.createError()
					: Mono.just(response))
			.retry(3);
		try (RawServer server = new RawServer(Fault.SERVER_ERROR_500.behaviour())) {
			MessagingTemplate template = TestTemplates.at(server.url())
				.connector(connector::create, false)
				.filter(retrying)
				.build();
			run("create", connector + " SERVER_ERROR_500 with a retrying filter", server, template.send(MESSAGE),
					Duration.ZERO)
				.expect(1, Duration.ZERO, UNKNOWN);
		}
	}

	@Test
	void writesNothingOnceAnAttemptCountsAsNotSent() throws Exception {
		// A filter that gives up without canceling leaves its exchange on the way.
		ExchangeFilterFunction impatient = (request, next) -> detached(next.exchange(request))
			.timeout(Duration.ofMillis(5));
		Sinks.Empty<Void> end = Sinks.empty();
		ClientHttpConnector slow = new ReactorNettyConnector(HttpClient.create(ConnectionProvider.newConnection())
			.mapConnect((connect) -> end.asMono().then(connect)));
		try (RawServer server = new RawServer(Fault.NONE.behaviour())) {
			MessagingTemplate template = TestTemplates.at(server.url()).connector(slow).filter(impatient).build();
			run("create", "a filter that gives up without canceling", server, template.send(MESSAGE), Duration.ZERO)
				.expect(0, null, NOT_SENT, UNKNOWN);
			end.tryEmitEmpty();
			org.awaitility.Awaitility.await().until(() -> server.connections() >= 1);
			org.awaitility.Awaitility.await().during(Duration.ofMillis(200)).until(() -> server.requests() == 0);
		}
	}

	static Stream<Arguments> redirects() {
		return Stream.of(Connector.values())
			.flatMap((connector) -> Stream.of(Fault.MOVED_301, Fault.FOUND_302, Fault.REDIRECT_307)
				.map((fault) -> Arguments.of(connector, fault)));
	}

	@ParameterizedTest
	@MethodSource("redirects")
	void createsOnceWhereTheConnectorWouldFollowARedirect(Connector connector, Fault fault) throws Exception {
		try (RawServer server = new RawServer(fault.behaviour())) {
			Row row = run("create", connector + " " + fault + " with a connector that follows", server,
					TestTemplates.at(server.url()).connector(connector.following()),
					(template) -> template.send(MESSAGE));
			assertThat(row.result()).isInstanceOf(UNKNOWN);
			assertThat(server.creates()).isOne();
			if (connector != Connector.JDK) {
				// The JDK's client asks for the new URL, with a GET after 301 and 302.
				assertThat(server.requests()).isOne();
			}
		}
	}

	@ParameterizedTest
	@EnumSource(Connector.class)
	void takesNoRefusalOfARedirectsTargetForThatOfTheMessage(Connector connector) throws Exception {
		RawServer.Behaviour behaviour = (exchange) -> exchange.read().startsWith("POST")
				? exchange.answer(302, "", "Location: /elsewhere") : exchange.answer(429, "{\"code\":20429}");
		try (RawServer server = new RawServer(behaviour)) {
			Row row = run("create", connector + " FOUND_302, then 429, with a connector that follows", server,
					TestTemplates.at(server.url()).connector(connector.following()),
					(template) -> template.send(MESSAGE));
			assertThat(row.result()).isInstanceOf(UNKNOWN);
			assertThat(server.creates()).isOne();
		}
	}

	@ParameterizedTest
	@EnumSource(Connector.class)
	void takesNoRefusalOfARedirectsTargetForThatOfACancel(Connector connector) throws Exception {
		RawServer.Behaviour behaviour = (exchange) -> {
			String request = exchange.read();
			if (request.contains("/elsewhere")) {
				return exchange.answer(404, "{\"code\":20404}");
			}
			return request.startsWith("POST") ? exchange.answer(302, "", "Location: /elsewhere")
					: exchange.answer(200, "{\"sid\":\"" + SID + "\",\"status\":\"canceled\"}");
		};
		try (RawServer server = new RawServer(behaviour)) {
			Row row = run("cancel", connector + " FOUND_302, then 404, with a connector that follows", server,
					TestTemplates.at(server.url()).connector(connector.following()),
					(template) -> template.cancel(SID));
			assertThat(row.result()).isInstanceOf(ACCEPTED);
		}
	}

	@Test
	void repeatsNothingOnAConnectorOfWhichNothingIsKnown() throws Exception {
		ClientHttpConnector reactor = Connector.REACTOR_NATIVE.create();
		ClientHttpConnector unknown = (method, uri, callback) -> reactor.connect(method, uri, callback);
		try (RawServer server = new RawServer(Fault.TOO_MANY_REQUESTS.behaviour())) {
			run("create", "TOO_MANY_REQUESTS on an unknown connector", server, server.url(), unknown,
					(template) -> template.send(MESSAGE))
				.expect(1, Duration.ZERO, REJECTED);
		}
		try (RawServer server = new RawServer(Fault.UNAVAILABLE_503.behaviour())) {
			MessagingTemplate template = TestTemplates.at(server.url())
				.connector(() -> unknown, false)
				.serviceUnavailableIsUnprocessed(true)
				.build();
			run("create", "UNAVAILABLE_503 as unprocessed on an unknown connector", server, template.send(MESSAGE),
					Duration.ZERO)
				.expect(1, Duration.ZERO, UNKNOWN);
		}
		try (RawServer server = new RawServer(Fault.TOO_MANY_REQUESTS.first(2))) {
			run("fetch", "TOO_MANY_REQUESTS twice on an unknown connector", server, server.url(), unknown,
					(template) -> template.fetch(SID))
				.expect(3, null, ACCEPTED);
		}
		try (RawServer server = new RawServer(Fault.REJECTED_400.behaviour())) {
			run("create", "REJECTED_400 on a connector that may follow redirects", server,
					TestTemplates.at(server.url()).connector(unknown), (template) -> template.send(MESSAGE))
				.expect(1, Duration.ZERO, UNKNOWN);
		}
	}

	// Goes on where it's canceled.
	private static Mono<ClientResponse> detached(Mono<ClientResponse> exchange) {
		return Mono.deferContextual((context) -> {
			Sinks.One<ClientResponse> result = Sinks.one();
			exchange.contextWrite(context).subscribe(result::tryEmitValue, result::tryEmitError);
			return result.asMono();
		});
	}

	@Test
	void writesNothingOnceTheSubscriberIsGone() throws Exception {
		ExchangeFilterFunction detaching = (request, next) -> detached(next.exchange(request));
		Sinks.Empty<Void> end = Sinks.empty();
		ClientHttpConnector slow = new ReactorNettyConnector(HttpClient.create(ConnectionProvider.newConnection())
			.mapConnect((connect) -> end.asMono().then(connect)));
		try (RawServer server = new RawServer(Fault.NONE.behaviour())) {
			Mono<Message> send = TestTemplates.at(server.url()).connector(slow).filter(detaching).build().send(MESSAGE);
			assertThat(send.map(Object.class::cast).timeout(Duration.ofMillis(5), Mono.just("gone")).block())
				.isEqualTo("gone");
			end.tryEmitEmpty();
			org.awaitility.Awaitility.await().until(() -> server.connections() >= 1);
			org.awaitility.Awaitility.await().during(Duration.ofMillis(200)).until(() -> server.requests() == 0);
		}
	}

	@Test
	void honoursARetryAfterWhoseAnswerBreaksOff() throws Exception {
		RawServer.Behaviour behaviour = (exchange) -> {
			exchange.read();
			exchange.write("HTTP/1.1 429 Slow down\r\nRetry-After: 61\r\nContent-Length: 500\r\n\r\n{");
			return exchange.finish();
		};
		try (RawServer server = new RawServer(behaviour)) {
			run("create", "TOO_MANY_REQUESTS_TOO_LONG, truncated", server, server.url(),
					Connector.REACTOR_NATIVE.create(), (template) -> template.send(MESSAGE))
				.expect(1, Duration.ZERO, REJECTED);
		}
	}

	@Test
	void callsAChangeRefusedAfterALostAnswerOnlyIfAFetchSaysSo() throws Exception {
		AtomicInteger served = new AtomicInteger();
		List<RawServer.Behaviour> script = List.of((exchange) -> {
			exchange.read();
			return exchange.reset();
		}, (exchange) -> {
			exchange.read();
			return exchange.answer(409, "{\"code\":30409}");
		}, (exchange) -> {
			exchange.read();
			return exchange.answer(200, "{\"sid\":\"%s\",\"status\":\"delivered\"}".formatted(SID));
		});
		try (RawServer server = new RawServer(
				(exchange) -> script.get(Math.min(served.getAndIncrement(), 2)).serve(exchange))) {
			run("cancel", "RST_AFTER_READING, then 409, then a delivered message", server, server.url(),
					Connector.REACTOR_NATIVE.create(), (template) -> template.cancel(SID))
				.expect(3, null, REJECTED);
		}
		AtomicInteger again = new AtomicInteger();
		try (RawServer server = new RawServer((exchange) -> (again.getAndIncrement() == 1)
				? script.get(1).serve(exchange) : script.get(0).serve(exchange))) {
			run("cancel", "RST_AFTER_READING, then 409, then no fetch", server, server.url(),
					Connector.REACTOR_NATIVE.create(), (template) -> template.cancel(SID))
				.expect(5, null, UNKNOWN);
		}
	}

	@Test
	void refusesTheConnectorsOwnRetryOnAReusedConnection() throws Exception {
		AtomicInteger served = new AtomicInteger();
		RawServer.Behaviour behaviour = (exchange) -> {
			exchange.read();
			if (served.getAndIncrement() == 0) {
				return exchange.answer(201, "{\"sid\":\"SM1\"}");
			}
			// The second request on this connection meets a server that hangs up.
			return exchange.reset();
		};
		try (RawServer server = new RawServer(behaviour)) {
			ClientHttpConnector retrying = new ReactorNettyConnector(
					HttpClient.create(ConnectionProvider.create("reuse", 1)).responseTimeout(Duration.ofSeconds(5)));
			MessagingTemplate template = TestTemplates.at(server.url()).connector(retrying).build();
			template.send(MESSAGE).block();
			run("create", "FIN on a reused connection", server, template.send(MESSAGE), Duration.ZERO).expect(2,
					Duration.ZERO, UNKNOWN);
			assertThat(server.connections()).isOne();
		}
	}

	@ParameterizedTest
	@EnumSource(Connector.class)
	void sendsOverANewConnectionWhereTheServerClosedTheIdleOne(Connector connector) throws Exception {
		CountDownLatch closed = new CountDownLatch(1);
		RawServer.Behaviour behaviour = (exchange) -> {
			exchange.read();
			exchange.answer(201, "{\"sid\":\"" + SID + "\"}");
			if (closed.getCount() == 0) {
				return true;
			}
			exchange.finishAndWait();
			closed.countDown();
			return false;
		};
		try (RawServer server = new RawServer(behaviour)) {
			MessagingTemplate template = TestTemplates.at(server.url()).connector(connector::create, false).build();
			template.send(MESSAGE).block();
			assertThat(closed.await(30, TimeUnit.SECONDS)).isTrue();
			run("create", connector + " FIN on an idle connection", server, template.send(MESSAGE), Duration.ZERO)
				.expect(2, Duration.ZERO, ACCEPTED);
			assertThat(server.connections()).isEqualTo(2);
		}
	}

	private static Row run(String operation, String name, RawServer server, String url, ClientHttpConnector connector,
			Function<MessagingTemplate, Mono<?>> call) {
		return run(operation, name, server, TestTemplates.at(url).connector(() -> connector, false), call);
	}

	private static Row run(String operation, String name, RawServer server, MessagingTemplateBuilder builder,
			Function<MessagingTemplate, Mono<?>> call) {
		TimeLapse timer = new TimeLapse(DEADLINE);
		MessagingTemplate template = builder.scheduler(timer)
			.deadline(DEADLINE)
			.retryPolicies(TwilioRetryPolicies.defaults())
			.build();
		Row row = run(operation, name, server, call.apply(template), null);
		return new Row(row.result, row.requests, timer.spent()).print(operation, name);
	}

	private static Row run(String operation, String name, RawServer server, Mono<?> call, Duration spent) {
		Object result;
		try {
			result = call.block(Duration.ofMinutes(1));
		}
		catch (MessagingException ex) {
			result = ex;
		}
		int requests = (server != null) ? server.requests() : 0;
		Row row = new Row(result, requests, (spent != null) ? spent : Duration.ZERO);
		return (spent != null) ? row.print(operation, name) : row;
	}

	/**
	 * What was observed.
	 */
	private record Row(Object result, int requests, Duration spent) {

		Row print(String operation, String name) {
			System.out.printf(Locale.ROOT, "| %-6s | %-58s | %d | %-32s | %5.1f s |%n", operation, name, this.requests,
					this.result.getClass().getSimpleName(), this.spent.toMillis() / 1000.0);
			return this;
		}

		void expect(int requests, Duration spent, Class<?>... types) {
			assertThat(this.result).isInstanceOfAny(types);
			assertThat(this.requests).isEqualTo(requests);
			if (spent != null) {
				assertThat(this.spent).isEqualTo(spent);
			}
		}

	}

}
