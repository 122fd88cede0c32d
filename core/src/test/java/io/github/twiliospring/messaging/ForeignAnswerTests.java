package io.github.twiliospring.messaging;

import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

import io.github.twiliospring.messaging.error.MessageOutcomeUnknownException;
import io.github.twiliospring.messaging.error.MessagingException;
import io.github.twiliospring.messaging.error.MessagingUnavailableException;
import io.github.twiliospring.messaging.message.AddressRetention;
import io.github.twiliospring.messaging.message.FeedbackOutcome;
import io.github.twiliospring.messaging.message.Message;
import io.github.twiliospring.messaging.message.MessageQuery;
import io.github.twiliospring.messaging.message.OutboundMessage;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;
import reactor.netty.resources.LoopResources;

import org.springframework.http.client.reactive.ClientHttpConnector;
import org.springframework.http.client.reactive.JdkClientHttpConnector;
import org.springframework.http.client.reactive.ReactorClientHttpConnector;

import static io.github.twiliospring.messaging.message.OutboundMessage.to;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * An answer belongs to its question, whatever a peer writes on a connection that is used
 * again. The server keeps a book of the messages that it made; each answer names
 * recipient and text. Many tests wait for a timeout, several at a time.
 */
@ExtendWith(NoDroppedErrors.class)
class ForeignAnswerTests {

	private static final Duration A_MOMENT = Duration.ofMillis(30);

	// Where a request may be left without an answer.
	private static final Duration SHORT = Duration.ofSeconds(1);

	// Where each is answered, on a busy machine, too.
	private static final Duration LONG = Duration.ofSeconds(15);

	private static final LoopResources LOOPS = LoopResources.create("foreign", 2, true);

	private static final String SID = "SM0123456789abcdef0123456789abcdef";

	private static final String OTHER_SID = "SMffffffffffffffffffffffffffffffff";

	private static final String MEDIA_SID = "ME0123456789abcdef0123456789abcdef";

	private final Map<String, Integer> processed = new ConcurrentHashMap<>();

	private final AtomicInteger made = new AtomicInteger();

	private volatile String answeredLast = "";

	/**
	 * What a peer writes beside the one answer that it owes.
	 */
	enum Peer {

		EARLY_HINTS, PROCESSING, CONTINUE, SEVERAL_INTERIM, INTERIM_IN_ONE_PACKET, INTERIM_IN_PIECES, INTERIM_THEN_429,
		INTERIM_THEN_NOTHING, DUPLICATE_IN_ONE_PACKET, DUPLICATE_CUT_IN_TWO, DUPLICATE_WHEN_IDLE,
		DUPLICATE_DURING_THE_NEXT, REFUSAL_IN_ONE_PACKET, TIMEOUT_WHEN_IDLE, HALF_A_LINE_WHEN_IDLE,
		HALF_A_LINE_IN_ONE_PACKET, HALF_A_LINE_BEHIND_A_CUT_ANSWER, HALF_A_HEAD_BEHIND_A_CUT_ANSWER, NO_HTTP_WHEN_IDLE;

		/**
		 * Whether everything goes out as if nothing had happened.
		 */
		boolean isHarmless() {
			return ordinal() <= INTERIM_IN_PIECES.ordinal();
		}

		/**
		 * Whether all that's unasked comes with an answer, or before the next request.
		 */
		boolean isSeenInTime() {
			return name().endsWith("IN_ONE_PACKET");
		}

	}

	/**
	 * The HTTP clients.
	 */
	enum Client {

		REACTOR_NATIVE, REACTOR_NIO, REACTOR_OF_SPRING, JDK;

		ClientHttpConnector create(Duration responseTimeout) {
			if (this == JDK) {
				JdkClientHttpConnector connector = new JdkClientHttpConnector(java.net.http.HttpClient.newBuilder()
					.version(java.net.http.HttpClient.Version.HTTP_1_1)
					.build());
				connector.setReadTimeout(responseTimeout);
				return connector;
			}
			HttpClient client = HttpClient
				.create(ConnectionProvider.builder("one").maxConnections(1).pendingAcquireMaxCount(-1).build())
				.runOn(LOOPS, this != REACTOR_NIO)
				.responseTimeout(responseTimeout);
			return (this == REACTOR_OF_SPRING) ? new ReactorClientHttpConnector(client)
					: new ReactorNettyConnector(client);
		}

	}

	static Stream<Arguments> peers() {
		return Stream.of(Client.values())
			.flatMap((client) -> Stream.of(Peer.values()).map((peer) -> Arguments.of(client, peer)));
	}

	@ParameterizedTest
	@MethodSource("peers")
	@Execution(ExecutionMode.CONCURRENT)
	void reportsNoMessageAsSentThatIsAnothers(Client client, Peer peer) throws Exception {
		AtomicInteger served = new AtomicInteger();
		int sends = 16;
		boolean complete = peer.isHarmless() || (peer.isSeenInTime() && client != Client.JDK);
		try (RawServer server = new RawServer(
				(exchange) -> serve(exchange, (served.getAndIncrement() % 4 == 1) ? peer : null))) {
			MessagingTemplate template = template(server, client, complete ? LONG : SHORT).build();
			List<SendResult> results = template
				.sendAll(Flux.range(0, sends).map((i) -> to("+1555867%04d".formatted(i)).body("n" + i).build()))
				.collectList()
				.block(Duration.ofMinutes(1));
			assertThat(results).hasSize(sends).allSatisfy(this::isItsOwn);
			long sent = results.stream().filter(SendResult::isSent).count();
			System.out.printf("| %-14s | %-26s | %2d of %d accepted | %d made |%n", client, peer, sent, sends,
					this.made.get());
			if (complete) {
				assertThat(sent).isEqualTo(sends);
			}
			assertThat(this.processed.values()).containsOnly(1);
		}
	}

	static Stream<Arguments> unaskedBytes() {
		return Stream.of(Client.REACTOR_NATIVE, Client.REACTOR_NIO, Client.REACTOR_OF_SPRING)
			.flatMap((client) -> Stream
				.of("HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n",
						"HTTP/1.1 429 Too Many\r\nContent-Length: 0\r\n\r\n",
						"HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n", "HTTP/1.1 103 Early Hints\r\n\r\n",
						"HTTP/1.1 4", "\r\n", "hello?")
				.map((bytes) -> Arguments.of(client, bytes)));
	}

	@ParameterizedTest
	@MethodSource("unaskedBytes")
	void closesAConnectionOnWhichSomethingArrivesUnasked(Client client, String bytes) throws Exception {
		CountDownLatch closed = new CountDownLatch(1);
		AtomicInteger served = new AtomicInteger();
		try (RawServer server = new RawServer((exchange) -> {
			exchange.write(created(exchange.read()));
			if (served.getAndIncrement() == 0) {
				exchange.pause(A_MOMENT);
				exchange.write(bytes);
				if (!exchange.awaitNext()) {
					closed.countDown();
				}
				return false;
			}
			return true;
		})) {
			MessagingTemplate template = template(server, client).build();
			template.send("+15558675310", "first").block();
			assertThat(closed.await(30, TimeUnit.SECONDS)).isTrue();
			assertThat(template.send("+15558675310", "second").block().body()).isEqualTo("second");
			assertThat(server.connections()).isEqualTo(2);
		}
	}

	@ParameterizedTest
	@EnumSource(Client.class)
	void tellsTheAnswerToAnEarlierSendByItsTextWhereTheRecipientIsTheSame(Client client) throws Exception {
		AtomicReference<String> first = new AtomicReference<>();
		try (RawServer server = new RawServer((exchange) -> {
			String own = created(exchange.read());
			first.compareAndSet(null, own);
			exchange.write((this.made.get() == 3) ? first.get() : own);
			return true;
		})) {
			MessagingTemplate template = template(server, client).build();
			assertThat(template.send("+15558675310", "first").block().body()).isEqualTo("first");
			assertThat(template.send("+15558675310", "second").block().body()).isEqualTo("second");
			assertThatExceptionOfType(MessageOutcomeUnknownException.class)
				.isThrownBy(() -> template.send("+15558675310", "third").block())
				.withMessageContaining("belongs to another request");
			assertThat(server.creates()).isEqualTo(3);
		}
	}

	static Stream<Arguments> answersInPlace() {
		return Stream.of(Client.values())
			.flatMap((client) -> Stream
				.of("504 Gateway Timeout\r\nContent-Length: 0\r\n\r\n",
						"500 Error\r\nContent-Length: 14\r\n\r\n{\"code\":20500}",
						"400 Bad Request\r\nContent-Length: 0\r\n\r\n",
						"200 Banned\r\nContent-Length: 13\r\n\r\n<html></html>")
				.map((answer) -> Arguments.of(client, answer)));
	}

	@ParameterizedTest
	@MethodSource("answersInPlace")
	void reportsNoMessageAsSentWhoseAnswerCameBehindOneInItsPlace(Client client, String inPlace) throws Exception {
		AtomicInteger served = new AtomicInteger();
		try (RawServer server = new RawServer((exchange) -> {
			String answer = created(exchange.read());
			if (served.getAndIncrement() % 4 == 1) {
				late(exchange, "HTTP/1.1 " + inPlace, answer);
			}
			else {
				exchange.write(answer);
			}
			return true;
		})) {
			MessagingTemplate template = template(server, client, SHORT).build();
			List<SendResult> results = template
				.sendAll(Flux.range(0, 12).map((i) -> to("+15558675310").body("n" + i).build()))
				.collectList()
				.block(Duration.ofMinutes(1));
			assertThat(results).hasSize(12).allSatisfy(this::isItsOwn);
			assertThat(this.processed.values()).containsOnly(1);
		}
	}

	@ParameterizedTest
	@EnumSource(Client.class)
	void takesTheLateBodyOfADeletionForNoRefusalOfASend(Client client) throws Exception {
		try (RawServer server = new RawServer((exchange) -> {
			String request = exchange.read();
			if (request.startsWith("DELETE")) {
				late(exchange, "HTTP/1.1 204 No Content\r\nContent-Length: 45\r\n\r\n",
						"HTTP/1.1 429 Too Many\r\nContent-Length: 0\r\n\r\n");
			}
			else {
				exchange.write(created(request));
			}
			return true;
		})) {
			MessagingTemplate template = template(server, client, (client != Client.JDK) ? LONG : SHORT).build();
			// The JDK's client refuses such a 204.
			template.delete(SID).onErrorComplete((failure) -> client == Client.JDK).block();
			SendResult result = template.sendAll(Flux.just(to("+15558675310").body("first").build())).blockLast();
			isItsOwn(result);
			// The JDK's client may find the body only when the send is on its way.
			assertThat(result.isSent() || client == Client.JDK).isTrue();
			assertThat(server.creates()).isLessThanOrEqualTo(1);
		}
	}

	private void isItsOwn(SendResult result) {
		Message message = result.message();
		if (message != null) {
			assertThat(message.to()).isEqualTo(result.request().to());
			assertThat(message.body()).isEqualTo(result.request().body());
			assertThat(this.processed).containsKey(result.request().body());
		}
		else {
			assertThat(result.failure()).isInstanceOf(MessagingException.class);
		}
	}

	private boolean serve(RawServer.Exchange exchange, Peer peer) throws IOException {
		String request = exchange.read();
		if (peer == Peer.INTERIM_THEN_429) {
			exchange.write("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n");
			exchange.pause(A_MOMENT);
			return exchange.answer(429, "{\"code\":20429}");
		}
		String answer = created(request);
		String before = this.answeredLast;
		this.answeredLast = answer;
		if (peer == null) {
			exchange.write(answer);
			return true;
		}
		switch (peer) {
			case EARLY_HINTS -> late(exchange, "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n", answer);
			case PROCESSING -> late(exchange, "HTTP/1.1 102 Processing\r\n\r\n", answer);
			case CONTINUE -> late(exchange, "HTTP/1.1 100 Continue\r\n\r\n", answer);
			case SEVERAL_INTERIM ->
				late(exchange, "HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Hints\r\nLink: </a>\r\n\r\n",
						"HTTP/1.1 102 Processing\r\n\r\n" + answer);
			case INTERIM_IN_ONE_PACKET -> exchange.write("HTTP/1.1 103 Early Hints\r\n\r\n" + answer);
			case INTERIM_IN_PIECES -> late(exchange, "HTTP/1.1 103 Ear", "ly Hints\r\n\r\n" + answer);
			case INTERIM_THEN_NOTHING -> {
				exchange.write("HTTP/1.1 103 Early Hints\r\n\r\n");
				exchange.pause(Duration.ofSeconds(1));
				exchange.write(answer);
			}
			case DUPLICATE_IN_ONE_PACKET -> exchange.write(answer + answer);
			case DUPLICATE_CUT_IN_TWO -> late(exchange, answer + answer.substring(0, 40), answer.substring(40));
			case DUPLICATE_WHEN_IDLE -> late(exchange, answer, answer);
			case DUPLICATE_DURING_THE_NEXT -> exchange.write(before + answer);
			case REFUSAL_IN_ONE_PACKET -> exchange.write(answer + "HTTP/1.1 429 Too Many\r\nContent-Length: 0\r\n\r\n");
			case TIMEOUT_WHEN_IDLE ->
				late(exchange, answer, "HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n");
			case HALF_A_LINE_WHEN_IDLE -> late(exchange, answer, "HTTP/1.1 4");
			case HALF_A_LINE_IN_ONE_PACKET ->
				late(exchange, answer + "HTTP/1.1 4", "29 Too Many\r\nContent-Length: 0\r\n\r\n");
			case HALF_A_LINE_BEHIND_A_CUT_ANSWER -> {
				late(exchange, answer.substring(0, 14), answer.substring(14) + "HTTP/1.1 4");
				exchange.pause(A_MOMENT);
				exchange.write("29 Too Many\r\nContent-Length: 0\r\n\r\n");
			}
			case HALF_A_HEAD_BEHIND_A_CUT_ANSWER ->
				late(exchange, answer.substring(0, 16), answer.substring(16) + "HTTP/1.1 429 Too Many\r\nX: ");
			case NO_HTTP_WHEN_IDLE -> late(exchange, answer, "hello?");
			default -> throw new IllegalStateException(peer.name());
		}
		return true;
	}

	private static void late(RawServer.Exchange exchange, String first, String later) throws IOException {
		exchange.write(first);
		exchange.pause(A_MOMENT);
		exchange.write(later);
	}

	private String created(String request) {
		this.processed.merge(field(request, "Body"), 1, Integer::sum);
		return response("{\"sid\":\"SM%032d\",\"account_sid\":\"%s\",\"to\":\"%s\",\"body\":\"%s\"}".formatted(
				this.made.incrementAndGet(), TestTemplates.ACCOUNT_SID, field(request, "To"), field(request, "Body")));
	}

	private static String response(String json) {
		return "HTTP/1.1 201 Created\r\nContent-Length: " + json.length() + "\r\n\r\n" + json;
	}

	private static String field(String request, String name) {
		return Stream.of(request.substring(request.indexOf('\n') + 1).split("&"))
			.filter((field) -> field.startsWith(name + "="))
			.map((field) -> URLDecoder.decode(field.substring(name.length() + 1), StandardCharsets.UTF_8))
			.findFirst()
			.orElseThrow();
	}

	@ParameterizedTest
	@EnumSource(Client.class)
	void endsAtTheDeadlineWhereInterimAnswersNeverEnd(Client client) throws Exception {
		try (RawServer server = new RawServer((exchange) -> {
			exchange.read();
			for (int i = 0; i < 100; i++) {
				exchange.write("HTTP/1.1 102 Processing\r\n\r\n");
				exchange.pause(A_MOMENT);
			}
			return false;
		})) {
			assertThatExceptionOfType(MessageOutcomeUnknownException.class)
				.isThrownBy(
						() -> template(server, client).deadline((client != Client.JDK) ? Duration.ofSeconds(2) : LONG)
							.build()
							.send("+15558675310", "x")
							.block())
				// The JDK's client gives up after eight of them.
				.withMessageContaining((client != Client.JDK) ? "no answer within" : "the answer was lost");
			assertThat(server.creates()).isOne();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "\"to\":\"+15558675311\"", "\"to\":\"whatsapp:+15550000000\"",
			"\"account_sid\":\"ACffffffffffffffffffffffffffffffff\"" })
	void takesNoMessageForItsOwnThatNamesAnotherRecipientOrAccount(String field) throws Exception {
		try (RawServer server = new RawServer((exchange) -> {
			exchange.read();
			exchange.write(response("{\"sid\":\"" + SID + "\"," + field + "}"));
			return exchange.awaitNext();
		})) {
			MessagingTemplate template = template(server, Client.REACTOR_NIO).build();
			assertThatExceptionOfType(MessageOutcomeUnknownException.class)
				.isThrownBy(() -> template.send("+15558675310", "x").block())
				.withMessageContaining("belongs to another request");
			Awaitility.await().until(() -> {
				try {
					template.send("+15558675310", "x").block();
				}
				catch (MessageOutcomeUnknownException ex) {
					// Over a new connection, since the one before was closed.
				}
				return server.connections() >= 2;
			});
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "\"to\":\"+5215558675310\"", "\"to\":\"5558675310\"", "\"to\":null",
			"\"to\":\"whatsapp:+15558675310\"" })
	void acceptsANumberThatTheProviderHasRewritten(String field) throws Exception {
		try (RawServer server = new RawServer((exchange) -> {
			exchange.read();
			exchange.write(response("{\"sid\":\"" + SID + "\"," + field + "}"));
			return true;
		})) {
			assertThat(template(server, Client.REACTOR_NIO).build().send("+15558675310", "x").block().sid())
				.isEqualTo(SID);
		}
	}

	@Test
	void acceptsAnyRecipientWhereItsAddressIsToBeObfuscated() throws Exception {
		OutboundMessage message = to("+15558675310").body("x").addressRetention(AddressRetention.OBFUSCATE).build();
		try (RawServer server = new RawServer((exchange) -> {
			exchange.read();
			exchange.write(response("{\"sid\":\"" + SID + "\",\"to\":\"+10000000000\"}"));
			return true;
		})) {
			assertThat(template(server, Client.REACTOR_NIO).build().send(message).block()).isNotNull();
		}
	}

	@ParameterizedTest
	@EnumSource(Client.class)
	void reportsNoMessageThatWasReadInPlaceOfTheOneAskedFor(Client client) throws Exception {
		AtomicInteger served = new AtomicInteger();
		try (RawServer server = new RawServer((exchange) -> {
			exchange.read();
			String sid = (served.getAndIncrement() < 1) ? OTHER_SID : SID;
			return exchange.answer(200, "{\"sid\":\"" + sid + "\",\"status\":\"canceled\",\"body\":\"\"}");
		})) {
			MessagingTemplate template = template(server, client).build();
			assertThat(template.fetch(SID).block().sid()).isEqualTo(SID);
			served.set(0);
			assertThat(template.cancel(SID).block().sid()).isEqualTo(SID);
			served.set(0);
			assertThat(template.redact(SID).block().sid()).isEqualTo(SID);
			assertThat(server.requests()).isEqualTo(6);
		}
	}

	@Test
	void takesNoAnswerThatNamesAnotherMessageForADeletionOrFeedback() throws Exception {
		try (RawServer server = new RawServer((exchange) -> {
			exchange.read();
			return exchange.answer(200,
					"{\"sid\":\"" + OTHER_SID + "\",\"account_sid\":\"" + TestTemplates.ACCOUNT_SID + "\"}");
		})) {
			MessagingTemplate template = template(server, Client.REACTOR_NIO).build();
			assertThatExceptionOfType(MessageOutcomeUnknownException.class)
				.isThrownBy(() -> template.delete(SID).block());
			assertThatExceptionOfType(MessageOutcomeUnknownException.class)
				.isThrownBy(() -> template.feedback(SID, FeedbackOutcome.CONFIRMED).block());
			assertThatExceptionOfType(MessageOutcomeUnknownException.class)
				.isThrownBy(() -> template.deleteMedia(SID, MEDIA_SID).block());
		}
	}

	@Test
	void listsNoMessagesOfAnotherRecipientAndReadsNoDoubledAnswer() throws Exception {
		try (RawServer server = new RawServer((exchange) -> exchange.answer(200,
				exchange.read().startsWith("GET") ? "{\"messages\":[{\"sid\":\"" + SID + "\",\"to\":\"+15550000000\"}]}"
						: "{\"sid\":\"" + SID + "\"}{\"sid\":\"" + OTHER_SID + "\"}"))) {
			MessagingTemplate template = template(server, Client.REACTOR_NIO).build();
			assertThatExceptionOfType(MessagingUnavailableException.class)
				.isThrownBy(() -> template.list(MessageQuery.query().to("+15558675310")).blockLast());
			assertThatExceptionOfType(MessageOutcomeUnknownException.class)
				.isThrownBy(() -> template.send("+15558675310", "x").block())
				.withMessageContaining("can't be read");
		}
	}

	@Test
	void listsNothingOfAnotherAccountAndNoMediaOfAnotherMessage() throws Exception {
		try (RawServer server = new RawServer((exchange) -> exchange.answer(200,
				exchange.read().contains("Media")
						? "{\"media_list\":[{\"sid\":\"" + MEDIA_SID + "\",\"parent_sid\":\"" + OTHER_SID + "\"}]}"
						: "{\"messages\":[{\"sid\":\"" + SID
								+ "\",\"account_sid\":\"ACffffffffffffffffffffffffffffffff\"}]}"))) {
			MessagingTemplate template = template(server, Client.REACTOR_NIO).build();
			assertThatExceptionOfType(MessagingUnavailableException.class)
				.isThrownBy(() -> template.list(MessageQuery.query()).blockLast());
			assertThatExceptionOfType(MessagingUnavailableException.class)
				.isThrownBy(() -> template.listMedia(SID).blockLast());
		}
	}

	@Test
	void replacesTheJdksClientOnceAnAnswerWasAnothers() throws Exception {
		AtomicInteger clients = new AtomicInteger();
		try (RawServer server = new RawServer((exchange) -> {
			exchange.read();
			exchange.write(response("{\"sid\":\"" + SID + "\",\"to\":\"+15550000000\"}"));
			return true;
		})) {
			MessagingTemplate template = TestTemplates.at(server.url()).connector(() -> {
				clients.incrementAndGet();
				return Client.JDK.create(LONG);
			}, false).build();
			assertThat(clients).hasValue(0);
			assertThatExceptionOfType(MessageOutcomeUnknownException.class)
				.isThrownBy(() -> template.send("+15558675310", "x").block());
			assertThat(clients).hasValue(2);
			assertThat(server.connections()).isOne();
			assertThatExceptionOfType(MessageOutcomeUnknownException.class)
				.isThrownBy(() -> template.send("+15558675310", "x").block());
			assertThat(server.connections()).isEqualTo(2);
		}
	}

	private static MessagingTemplateBuilder template(RawServer server, Client client) {
		return template(server, client, LONG);
	}

	private static MessagingTemplateBuilder template(RawServer server, Client client, Duration responseTimeout) {
		return TestTemplates.at(server.url())
			.connector(() -> client.create(responseTimeout), false)
			.concurrency(4)
			.deadline(responseTimeout.multipliedBy(5));
	}

}
