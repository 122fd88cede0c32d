package io.github.twiliospring.messaging;

import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import io.github.twiliospring.messaging.error.MessageNotSentException;
import io.github.twiliospring.messaging.message.Message;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;
import reactor.netty.resources.LoopResources;

import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.client.reactive.ClientHttpConnector;
import org.springframework.http.client.reactive.ReactorClientHttpConnector;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.web.reactive.function.client.ClientRequest;

import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The way of a request that no filter has rewritten; what it proves is the fault
 * matrix's.
 */
class ReactorNettyExchangeTests {

	private static final String SID = "SM0123456789abcdef0123456789abcdef";

	@RegisterExtension
	final WireMockExtension api = WireMockExtension.newInstance().build();

	static Stream<Function<MessagingTemplate, Mono<?>>> calls() {
		return Stream.of((template) -> template.send("+15558675310", "caf\u00e9 & \ud83d\ude00"),
				(template) -> template.fetch(SID), (template) -> template.delete(SID));
	}

	@ParameterizedTest
	@MethodSource("calls")
	void looksTheSameOnTheWireAsWhatAFilterRebuilt(Function<MessagingTemplate, Mono<?>> call) {
		this.api.stubFor(any(anyUrl()).willReturn(okJson("{\"sid\":\"" + SID + "\"}")));
		call.apply(template().build()).block();
		call.apply(template().filter((request, next) -> next.exchange(ClientRequest.from(request).build())).build())
			.block();
		List<LoggedRequest> requests = this.api.findAll(anyRequestedFor(anyUrl()));
		assertThat(requests).hasSize(2);
		assertThat(headers(requests.get(0))).isEqualTo(headers(requests.get(1)))
			.containsEntry("x-team", List.of("orders"))
			.containsKey("authorization")
			.containsEntry("accept", List.of("application/json"));
		assertThat(requests.get(0).getCookies().get("zone").getValue()).isEqualTo("a");
		assertThat(requests.get(0).getBodyAsString()).isEqualTo(requests.get(1).getBodyAsString());
		assertThat(requests.get(0).getUrl()).isEqualTo(requests.get(1).getUrl());
	}

	@Test
	void aFilterThatWritesIntoHeadersChangesNoOtherCall() {
		this.api.stubFor(any(anyUrl()).willReturn(okJson("{\"sid\":\"" + SID + "\"}")));
		AtomicBoolean first = new AtomicBoolean(true);
		Set<String> prefixes = ConcurrentHashMap.newKeySet();
		MessagingTemplate template = template().filter((request, next) -> {
			prefixes.add(request.logPrefix());
			assertThat(request.logPrefix())
				.contains(String.valueOf(request.attribute(ClientRequest.LOG_ID_ATTRIBUTE).orElseThrow()))
				.isEqualTo(ClientRequest.from(request).build().logPrefix());
			if (first.getAndSet(false)) {
				new HttpHeaders(request.headers()).set("X-User-Token", "secret");
			}
			return next.exchange(request);
		}).build();
		template.fetch(SID).block();
		template.fetch(SID).block();
		this.api.verify(1, anyRequestedFor(anyUrl()).withoutHeader("X-User-Token"));
		assertThat(prefixes).hasSize(2);
	}

	@Test
	void aHeaderThatCannotBeWrittenIsNotSent() {
		MessagingTemplate template = TestTemplates.at(this.api.baseUrl())
			.webClient((builder) -> builder.defaultHeader("X-Team", "orders\nX-Other: a"))
			.build();
		assertThatExceptionOfType(MessageNotSentException.class)
			.isThrownBy(() -> template.send("+15558675310", "Hi").block());
		this.api.verify(0, anyRequestedFor(anyUrl()));
	}

	private MessagingTemplateBuilder template() {
		return TestTemplates.at(this.api.baseUrl())
			.webClient((builder) -> builder.defaultHeader("X-Team", "orders").defaultCookie("zone", "a"));
	}

	private static Map<String, List<String>> headers(LoggedRequest request) {
		return request.getHeaders()
			.all()
			.stream()
			.collect(Collectors.toMap((header) -> header.key().toLowerCase(Locale.ROOT), (header) -> header.values(),
					(one, other) -> one, TreeMap::new));
	}

	// The pool may give the only connection on within the read that brought the answer.
	static Stream<Function<HttpClient, ClientHttpConnector>> connectors() {
		return Stream.of(ReactorNettyConnector::new, ReactorClientHttpConnector::new);
	}

	@ParameterizedTest
	@MethodSource("connectors")
	void aCallerWhoGivesUpBreaksNobodyElsesSend(Function<HttpClient, ClientHttpConnector> connector) throws Exception {
		long seed = System.nanoTime();
		System.out.println("cancels, seed " + seed);
		Random random = new Random(seed);
		AtomicInteger answers = new AtomicInteger();
		ConnectionProvider one = ConnectionProvider.create("one", 1);
		try (RawServer server = new RawServer(
				(exchange) -> exchange.read().startsWith("GET") ? exchange.answer(200, "{\"sid\":\"" + SID + "\"}")
						: exchange.answer(201, "{\"sid\":\"SM%032x\"}".formatted(answers.incrementAndGet())))) {
			AtomicInteger heads = new AtomicInteger();
			MessagingTemplate template = TestTemplates.at(server.url())
				.connector(connector.apply(HttpClient.create(one)
					.responseTimeout(Duration.ofSeconds(5))
					.doOnResponse((response, connection) -> heads.incrementAndGet())))
				.build();
			for (int round = 0; round < 300; round++) {
				int before = heads.get();
				Disposable caller = template.fetch(SID).subscribe((message) -> {
				}, (failure) -> {
				});
				CompletableFuture<Message> send = template.send("+15558675310", "Hi").toFuture();
				long patience = System.nanoTime() + Duration.ofSeconds(1).toNanos();
				while (heads.get() == before && System.nanoTime() < patience) {
					Thread.onSpinWait();
				}
				long moment = System.nanoTime() + random.nextInt(60_000);
				while (System.nanoTime() < moment) {
					Thread.onSpinWait();
				}
				caller.dispose();
				assertThat(send).as("round %d", round).succeedsWithin(Duration.ofSeconds(10));
			}
		}
		finally {
			one.dispose();
		}
	}

	// Where a line of Reactor Netty's stands, the refused connection isn't yet given
	// back.
	@ParameterizedTest
	@MethodSource("connectors")
	void aCallerWhoGivesUpAsAConnectionIsThereBreaksNobodyElsesSend(Function<HttpClient, ClientHttpConnector> connector)
			throws Exception {
		CountDownLatch canceling = new CountDownLatch(1);
		CountDownLatch refused = new CountDownLatch(1);
		CountDownLatch canceled = new CountDownLatch(1);
		AtomicInteger requests = new AtomicInteger();
		AppenderBase<ILoggingEvent> lines = new AppenderBase<>() {

			@Override
			protected void append(ILoggingEvent event) {
				if (event.getThreadName().startsWith("given-up")) {
					refused.countDown();
					spinUntil(canceled);
				}
			}

		};
		Logger logger = (Logger) LoggerFactory.getLogger("reactor.netty.http.client.HttpClientConnect");
		lines.start();
		logger.addAppender(lines);
		LoopResources loops = LoopResources.create("given-up", 1, true);
		ConnectionProvider one = ConnectionProvider.create("one", 1);
		try (RawServer server = new RawServer(Fault.NONE.behaviour())) {
			MessagingTemplate template = TestTemplates.at(server.url())
				.connector(connector
					.apply(HttpClient.create(one).runOn(loops).disableRetry(true).doOnRequest((request, to) -> {
						switch (requests.incrementAndGet()) {
							case 2 -> spinUntil(canceling);
							case 3 -> refused.countDown();
						}
					})))
				.filter((request, next) -> next.exchange(request).doOnCancel(() -> {
					canceling.countDown();
					spinUntil(refused);
				}))
				.build();
			template.send("+15558675310", "first").block();
			Disposable caller = template.send("+15558675310", "given up").subscribe();
			CompletableFuture<Message> send = template.send("+15558675310", "Hi").toFuture();
			caller.dispose();
			canceled.countDown();
			assertThat(send).succeedsWithin(Duration.ofSeconds(10));
			assertThat(server.creates()).isEqualTo(2);
		}
		finally {
			logger.detachAppender(lines);
			one.dispose();
			loops.dispose();
		}
	}

	// On an event loop, too, which mustn't park.
	private static void spinUntil(CountDownLatch latch) {
		long patience = System.nanoTime() + Duration.ofSeconds(10).toNanos();
		while (latch.getCount() > 0 && System.nanoTime() < patience) {
			continue;
		}
	}

	@Test
	void aHostWithAnUnderscoreIsAsked() throws Exception {
		Queue<String> heads = new ConcurrentLinkedQueue<>();
		try (RawServer storage = new RawServer((exchange) -> {
			exchange.onHead(heads::add);
			exchange.read();
			return exchange.answer(200, "picture");
		})) {
			ConnectionProvider resolved = (config, observer, address, resolver) -> ConnectionProvider.newConnection()
				.acquire(config, observer, () -> new InetSocketAddress("127.0.0.1", storage.port()), resolver);
			ReactorNettyExchange exchange = new ReactorNettyExchange(HttpClient.create(resolved));
			ApiRequest request = new ApiRequest(HttpMethod.GET, URI.create("http://a_bucket.example/x"),
					new HttpHeaders(), new LinkedMultiValueMap<>(), Map.of(), null);
			assertThat(exchange.begin(request, null, new Attempt(false, null))
				.flatMap((answer) -> DataBufferUtils.join(answer.getBody()))
				.doOnNext(DataBufferUtils::release)
				.block(Duration.ofSeconds(10))).isNotNull();
		}
		assertThat(heads).anyMatch((head) -> head.equalsIgnoreCase("Host: a_bucket.example"));
	}

	@Test
	void closesTheConnectionOfAnAnswerWhoseBodyNobodyReads() throws Exception {
		CountDownLatch begun = new CountDownLatch(1);
		CountDownLatch ended = new CountDownLatch(1);
		try (RawServer server = new RawServer((exchange) -> {
			exchange.read();
			exchange.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345");
			if (!exchange.awaitNext()) {
				ended.countDown();
			}
			return false;
		})) {
			ReactorNettyExchange exchange = new ReactorNettyExchange(
					HttpClient.create(ConnectionProvider.create("one", 1)));
			ApiRequest request = new ApiRequest(HttpMethod.GET, URI.create(server.url()), new HttpHeaders(),
					new LinkedMultiValueMap<>(), Map.of(), null);
			Disposable caller = exchange.begin(request, null, new Attempt(false, null)).flatMap((answer) -> {
				begun.countDown();
				return Mono.never();
			}).subscribe();
			assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
			caller.dispose();
			assertThat(ended.await(10, TimeUnit.SECONDS)).isTrue();
		}
	}

}
