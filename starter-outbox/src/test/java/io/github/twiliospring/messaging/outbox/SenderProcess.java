package io.github.twiliospring.messaging.outbox;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import reactor.core.publisher.Mono;

import org.springframework.http.HttpMethod;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.ExchangeFunction;

import static io.github.twiliospring.messaging.message.OutboundMessage.to;

/**
 * An instance of an application that sends what others have written, until it's killed.
 */
final class SenderProcess {

	private static final String CUSTOMER = "+15558675310";

	private SenderProcess() {
	}

	/**
	 * Runs it.
	 * @param arguments the database's URL, the API's, the heartbeat in milliseconds, and
	 * where it comes to a standstill, which it says: each of its first creates at one
	 */
	public static void main(String[] arguments) throws IOException {
		int options = Math.min(arguments.length, 3);
		Duration heartbeat = Duration.ofMillis((options > 2) ? Long.parseLong(arguments[2]) : 250);
		List<String> points = Arrays.asList(arguments).subList(options, arguments.length);
		Queue<String> exchanges = new ConcurrentLinkedQueue<>(points);
		TestOutbox instance = TestOutbox.of(arguments[0],
				TestOutbox.template(arguments[1])
					.deadline(Duration.ofSeconds(points.isEmpty() ? 30 : 60))
					.filter((request, next) -> exchange(request, next, exchanges)),
				(builder) -> builder.inFlight(points.isEmpty() ? 4 : 10)
					.heartbeat(heartbeat)
					.shutdownTimeout(Duration.ofSeconds(70)));
		if (points.contains("amid-the-insert")) {
			insert(instance.outbox);
		}
		if (points.contains("after-the-commit")) {
			commitAndDie(instance);
		}
		Runtime.getRuntime().addShutdownHook(new Thread(instance::close));
		instance.start();
		System.out.println("started");
		while (System.in.read() >= 0) {
			// Whoever started it is still there.
		}
		Runtime.getRuntime().halt(1);
	}

	private static Mono<ClientResponse> exchange(ClientRequest request, ExchangeFunction next, Queue<String> points) {
		String point = (request.method() == HttpMethod.POST) ? points.poll() : null;
		if ("before-the-write".equals(point)) {
			return standstill(point);
		}
		if ("before-the-mark".equals(point)) {
			return next.exchange(request).flatMap((answer) -> standstill(point));
		}
		return next.exchange(request);
	}

	private static void insert(MessagingOutbox outbox) {
		outbox.sendAll(batch().peek((request) -> {
			if (request.key().equals("entry-700")) {
				standstill("amid-the-insert").block();
			}
		}));
	}

	/**
	 * A thousand entries, none of which is due.
	 */
	static Stream<OutboxRequest> batch() {
		Instant when = Instant.parse("2100-01-01T00:00:00Z");
		return IntStream.range(0, 1000)
			.mapToObj((number) -> OutboxRequest.of("entry-" + number, to(CUSTOMER).body("Number " + number).build())
				.at(when));
	}

	// While another thread inserts a batch.
	private static void commitAndDie(TestOutbox instance) throws IOException {
		Thread batch = new Thread(() -> instance.outbox.sendAll(batch()));
		batch.setDaemon(true);
		batch.start();
		System.in.read();
		instance.transaction.executeWithoutResult((status) -> {
			instance.outbox.send("committed", to(CUSTOMER).body("committed"));
			TransactionSynchronizationManager.registerSynchronization(new Death());
		});
	}

	private static <T> Mono<T> standstill(String point) {
		return Mono.defer(() -> {
			System.out.println(point);
			return Mono.never();
		});
	}

	/**
	 * The process dies as soon as the transaction is committed.
	 */
	private static final class Death implements TransactionSynchronization {

		@Override
		public int getOrder() {
			return HIGHEST_PRECEDENCE;
		}

		@Override
		public void afterCommit() {
			Runtime.getRuntime().halt(137);
		}

	}

}
