package io.github.twiliospring.messaging;

import java.net.InetAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient.Redirect;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

import io.github.twiliospring.messaging.error.MessageNotSentException;
import io.github.twiliospring.messaging.observation.MessagingObservationContext;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.netty.channel.ChannelOption;
import io.netty.resolver.AddressResolver;
import io.netty.resolver.AddressResolverGroup;
import io.netty.resolver.InetNameResolver;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Promise;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;
import reactor.netty.ConnectionObserver;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;
import reactor.netty.transport.TransportConfig;

import org.springframework.http.client.reactive.ClientHttpConnector;
import org.springframework.http.client.reactive.JdkClientHttpConnector;
import org.springframework.http.client.reactive.ReactorClientHttpConnector;
import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.ExchangeFunction;

import static io.github.twiliospring.messaging.message.OutboundMessage.to;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Thousands of sends while everything fails that can: no duplicate, no result lost, and
 * each send ends inside its deadline. The seed and the number of sends are system
 * properties.
 */
@ExtendWith(NoDroppedErrors.class)
class MixedFaultsTests {

	private static final Duration DEADLINE = Duration.ofSeconds(3);

	// For a busy machine; less than a second attempt with a deadline of its own takes.
	private static final Duration SLACK = DEADLINE.minusMillis(100);

	private static final Duration WAIT = Duration.ofSeconds(1);

	private static final List<String> RETRY_AFTER = List.of(Long.toString(WAIT.toSeconds()),
			DateTimeFormatter.RFC_1123_DATE_TIME.format(TestTemplates.NOW.plus(WAIT).atOffset(ZoneOffset.UTC)));

	// They ask for more than a deadline of three seconds leaves.
	private static final Set<Fault> TOO_LONG = Set.of(Fault.TOO_MANY_REQUESTS_RETRY_AFTER,
			Fault.TOO_MANY_REQUESTS_DATE);

	private static final Set<Fault> REFUSED_UNPROCESSED = Set.of(Fault.TOO_MANY_REQUESTS, Fault.INTERIM_THEN_429,
			Fault.TOO_MANY_REQUESTS_TOO_LONG);

	private final long seed = Long.getLong("seed", 20260301L);

	private final int sends = Integer.getInteger("faults.mixed.sends", 2000);

	private final Random random = new Random(this.seed);

	private final Fault[] faults = Stream.of(Fault.values())
		.filter((fault) -> !TOO_LONG.contains(fault))
		.toArray(Fault[]::new);

	private final Map<String, AtomicInteger> processed = new ConcurrentHashMap<>();

	private final Map<String, Long> askedToWait = new ConcurrentHashMap<>();

	private volatile boolean occupying;

	private boolean mayFollowRedirects;

	private final AtomicInteger notSent = new AtomicInteger();

	private final AtomicInteger waited = new AtomicInteger();

	private final Queue<String> early = new ConcurrentLinkedQueue<>();

	private final AtomicInteger endedIdle = new AtomicInteger();

	private final AtomicInteger endedInUse = new AtomicInteger();

	private final Map<String, AtomicInteger> atTheClient = new ConcurrentHashMap<>();

	@Test
	void losesAndDuplicatesNothingAndKeepsEveryDeadlineOnReactorNetty() throws Exception {
		losesAndDuplicatesNothing(ReactorNettyConnector::new);
	}

	@Test
	void losesAndDuplicatesNothingAndKeepsEveryDeadlineOnSpringsConnector() throws Exception {
		losesAndDuplicatesNothing(ReactorClientHttpConnector::new);
	}

	private void losesAndDuplicatesNothing(Function<HttpClient, ClientHttpConnector> connectors) throws Exception {
		FlakyPool pool = new FlakyPool();
		ClientHttpConnector connector = connectors.apply(HttpClient.create(pool)
			.resolver(new FlakyResolver())
			.option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 100)
			.responseTimeout(Duration.ofMinutes(2))
			.followRedirect(true));
		try {
			losesAndDuplicatesNothing("flaky.test", connector, (server) -> occupy(server, connector));
		}
		finally {
			pool.dispose();
		}
		assertThat(this.atTheClient).containsOnlyKeys("connection refused", "unknown host", "connect timeout",
				"pool exhausted", "TLS handshake cut", "certificate error", "repeated by a filter");
		assertThat(this.waited).hasPositiveValue();
	}

	@Test
	void losesAndDuplicatesNothingAndKeepsEveryDeadlineOnTheJdksClient() throws Exception {
		losesAndDuplicatesNothing(Redirect.NEVER);
		assertThat(this.waited).hasPositiveValue();
	}

	@Test
	void losesAndDuplicatesNothingWhereTheJdksClientFollowsRedirects() throws Exception {
		losesAndDuplicatesNothing(Redirect.ALWAYS);
		assertThat(this.waited).as("a refusal may be that of the redirect's target").hasValue(0);
	}

	private void losesAndDuplicatesNothing(Redirect redirect) throws Exception {
		this.mayFollowRedirects = redirect != Redirect.NEVER;
		JdkClientHttpConnector jdk = new JdkClientHttpConnector(
				java.net.http.HttpClient.newBuilder().followRedirects(redirect).build());
		jdk.setReadTimeout(Duration.ofSeconds(20));
		losesAndDuplicatesNothing("localhost", jdk, (server) -> Disposables.disposed());
		assertThat(this.atTheClient).containsOnlyKeys("TLS handshake cut", "certificate error", "repeated by a filter");
	}

	// The only connection of the narrow pool waits for an answer that never comes.
	private Disposable occupy(RawServer server, ClientHttpConnector connector) {
		this.occupying = true;
		Disposable occupant = TestTemplates.at("http://flaky.test:" + server.port())
			.connector(connector)
			.deadline(Duration.ofMinutes(2))
			.build()
			.send(to("+15558675310").body("occupant").build())
			.subscribe();
		Awaitility.await().until(() -> server.creates() == 1);
		this.occupying = false;
		return occupant;
	}

	private void losesAndDuplicatesNothing(String host, ClientHttpConnector connector,
			Function<RawServer, Disposable> preparation) throws Exception {
		System.out.println("mix of faults, seed " + this.seed);
		Queue<Duration> durations = new ConcurrentLinkedQueue<>();
		ObservationRegistry registry = ObservationRegistry.create();
		registry.observationConfig().observationHandler(new Stopwatch(durations));
		AtomicInteger accepted = new AtomicInteger();
		try (RawServer server = new RawServer(this::serve);
				RawServer cutter = new RawServer((exchange) -> exchange.finish());
				RawServer untrusted = new RawServer(this::serve, SelfSigned.serverSocket())) {
			Disposable prepared = preparation.apply(server);
			MessagingTemplate template = TestTemplates.at("http://" + host + ":" + server.port())
				.connector(() -> connector, this.mayFollowRedirects)
				.filter(this::repeatNowAndThen)
				.filter((request, next) -> switch (roll(80)) {
					case 0 -> next.exchange(diverted(request, cutter, "TLS handshake cut"));
					case 1 -> next.exchange(diverted(request, untrusted, "certificate error"));
					default -> next.exchange(request);
				})
				.observationRegistry(registry)
				.retryBudget(1000)
				.deadline(DEADLINE)
				.build();
			List<SendResult> results = template
				.sendAll(Flux.range(0, this.sends).map((i) -> to("+15558675310").body("n" + i).build()))
				.timeout(Duration.ofSeconds(60))
				.collectList()
				.block();
			prepared.dispose();
			assertThat(untrusted.requests()).isZero();
			assertThat(untrusted.connections()).isPositive();
			assertThat(cutter.connections()).isPositive();
			assertThat(results).hasSize(this.sends);
			results.forEach((result) -> {
				String body = "Body=" + result.request().body();
				int times = this.processed.getOrDefault(body, new AtomicInteger()).get();
				assertThat(times).as(body).isLessThanOrEqualTo(1);
				if (result.isSent()) {
					accepted.incrementAndGet();
					assertThat(times).as(body).isOne();
				}
				if (result.failure() instanceof MessageNotSentException) {
					assertThat(times).as(body).isZero();
					this.notSent.incrementAndGet();
				}
			});
		}
		assertThat(durations).hasSize(this.sends)
			.allSatisfy((duration) -> assertThat(duration).isLessThan(DEADLINE.plus(SLACK)));
		assertThat(this.early).as("repeated before the time that Retry-After named").isEmpty();
		System.out.printf(Locale.ROOT,
				"mix of faults: %d sends, %d accepted, %d not sent, at the client %s, connections ended idle %s and under"
						+ " the next request %s, %d waited as asked, longest %s; duplicates 0, results lost 0%n",
				this.sends, accepted.get(), this.notSent.get(), this.atTheClient, this.endedIdle, this.endedInUse,
				this.waited.get(), durations.stream().max(Duration::compareTo).orElseThrow());
		assertThat(this.endedIdle).hasPositiveValue();
		assertThat(accepted).hasValueGreaterThan(this.sends / 2);
	}

	private boolean serve(RawServer.Exchange exchange) throws java.io.IOException {
		if (this.occupying) {
			exchange.read();
			return exchange.hang();
		}
		int dice = roll(3 * this.faults.length);
		if (dice < RETRY_AFTER.size()) {
			exchange.onRead((request) -> {
				if (request.startsWith("POST")) {
					this.askedToWait.put(body(request), System.nanoTime());
				}
			});
			exchange.read();
			return exchange.answer(429, "", "Retry-After: " + RETRY_AFTER.get(dice));
		}
		dice -= RETRY_AFTER.size();
		Fault fault = (dice < this.faults.length) ? this.faults[dice] : Fault.NONE;
		exchange.onRead((request) -> arrived(fault, request));
		boolean more = fault.behaviour().serve(exchange);
		if (fault == Fault.NONE && roll(20) == 0) {
			(exchange.finishAndWait() ? this.endedIdle : this.endedInUse).incrementAndGet();
			return false;
		}
		return more;
	}

	private void arrived(Fault fault, String request) {
		if (!request.startsWith("POST")) {
			// The JDK's client follows a 301 or 302 with a GET.
			return;
		}
		String body = body(request);
		Long asked = this.askedToWait.remove(body);
		if (asked != null) {
			this.waited.incrementAndGet();
			if (System.nanoTime() - asked < WAIT.toNanos()) {
				this.early.add(body);
			}
		}
		if (!REFUSED_UNPROCESSED.contains(fault)) {
			this.processed.computeIfAbsent(body, (key) -> new AtomicInteger()).incrementAndGet();
		}
	}

	private static String body(String request) {
		return request.substring(request.indexOf("Body="));
	}

	private int roll(int sides) {
		synchronized (this.random) {
			return this.random.nextInt(sides);
		}
	}

	/**
	 * Names an address at which nobody listens, now and then.
	 */
	private final class FlakyResolver extends AddressResolverGroup<java.net.InetSocketAddress> {

		@Override
		protected AddressResolver<java.net.InetSocketAddress> newResolver(EventExecutor executor) {
			return new InetNameResolver(executor) {

				@Override
				protected void doResolve(String name, Promise<InetAddress> promise) throws Exception {
					settle(promise, address());
				}

				@Override
				protected void doResolveAll(String name, Promise<List<InetAddress>> promise) throws Exception {
					InetAddress address = address();
					settle(promise, (address != null) ? List.of(address) : null);
				}

			}.asAddressResolver();
		}

		private <T> void settle(Promise<T> promise, T found) {
			if (found != null) {
				promise.setSuccess(found);
			}
			else {
				promise.setFailure(new UnknownHostException("flaky.test"));
			}
		}

		private InetAddress address() throws UnknownHostException {
			return switch (MixedFaultsTests.this.occupying ? -1 : roll(40)) {
				case 0 -> noted("unknown host", null);
				// RFC 5737: an address that nobody has.
				case 1 -> noted("connect timeout", InetAddress.getByAddress(new byte[] { (byte) 192, 0, 2, 1 }));
				case 2, 3 -> noted("connection refused", InetAddress.getByAddress(new byte[] { 127, 0, 0, 2 }));
				default -> InetAddress.getByAddress(new byte[] { 127, 0, 0, 1 });
			};
		}

	}

	/**
	 * Takes from a pool whose only connection is in use, now and then.
	 */
	private final class FlakyPool implements ConnectionProvider {

		private final ConnectionProvider wide = ConnectionProvider.create("wide", 500);

		private final ConnectionProvider exhausted = ConnectionProvider.builder("exhausted")
			.maxConnections(1)
			.pendingAcquireMaxCount(-1)
			.pendingAcquireTimeout(Duration.ofMillis(100))
			.build();

		@Override
		public Mono<? extends Connection> acquire(TransportConfig config, ConnectionObserver observer,
				Supplier<? extends SocketAddress> address, AddressResolverGroup<?> resolver) {
			if (!MixedFaultsTests.this.occupying && roll(80) > 0) {
				return this.wide.acquire(config, observer, address, resolver);
			}
			return this.exhausted.acquire(config, observer, address, resolver)
				.doOnError(TimeoutException.class, (failure) -> noted("pool exhausted", failure));
		}

		@Override
		public void dispose() {
			this.wide.dispose();
			this.exhausted.dispose();
		}

	}

	// As an application's own filter might, without asking whether that's safe.
	private Mono<ClientResponse> repeatNowAndThen(ClientRequest request, ExchangeFunction next) {
		Mono<ClientResponse> exchange = next.exchange(request);
		return (roll(8) > 0) ? exchange : exchange.onErrorResume((failure) -> noted("repeated by a filter", exchange));
	}

	private ClientRequest diverted(ClientRequest request, RawServer server, String what) {
		return noted(what,
				ClientRequest.from(request).url(URI.create("https://127.0.0.1:" + server.port() + "/")).build());
	}

	private <T> T noted(String what, T value) {
		this.atTheClient.computeIfAbsent(what, (key) -> new AtomicInteger()).incrementAndGet();
		return value;
	}

	/**
	 * Takes the time of each send.
	 */
	private record Stopwatch(Queue<Duration> durations) implements ObservationHandler<MessagingObservationContext> {

		@Override
		public void onStart(MessagingObservationContext context) {
			context.put(Stopwatch.class, System.nanoTime());
		}

		@Override
		public void onStop(MessagingObservationContext context) {
			long start = context.getRequired(Stopwatch.class);
			this.durations.add(Duration.ofNanos(System.nanoTime() - start));
		}

		@Override
		public boolean supportsContext(Observation.Context context) {
			return context instanceof MessagingObservationContext;
		}

	}

}
