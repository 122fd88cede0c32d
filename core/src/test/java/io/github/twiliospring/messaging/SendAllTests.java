package io.github.twiliospring.messaging;

import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.twiliospring.messaging.message.OutboundMessage;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.test.StepVerifier;

import static io.github.twiliospring.messaging.message.OutboundMessage.to;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Many messages over a real connection. How many is a system property.
 */
class SendAllTests {

	private static final int MESSAGES = Integer.getInteger("send.all.messages", 20_000);

	// Results that are kept take three times as much.
	private static final long MOST_BYTES_PER_MESSAGE = 400;

	@Test
	void sendsManyMessagesInFlatMemory() {
		AtomicInteger inFlight = new AtomicInteger();
		AtomicInteger mostInFlight = new AtomicInteger();
		DisposableServer server = server(inFlight, mostInFlight);
		try {
			MessagingTemplate template = TestTemplates.at("http://127.0.0.1:" + server.port()).build();
			long[] used = new long[11];
			Flux<OutboundMessage> messages = Flux.range(0, MESSAGES)
				.map((i) -> to("+15558675310").body("n" + i).build());
			long sent = template.sendAll(messages).filter(SendResult::isSent).index().doOnNext((result) -> {
				int tenth = (int) ((result.getT1() + 1) * 10 / MESSAGES);
				if (used[tenth] == 0) {
					used[tenth] = usedMemory();
				}
			}).count().block(Duration.ofMinutes(8));
			assertThat(sent).isEqualTo(MESSAGES);
			assertThat(mostInFlight.get()).isLessThanOrEqualTo(64);
			System.out.printf("sendAll: %d messages, MB used at each tenth: %s%n", MESSAGES,
					Arrays.toString(Arrays.stream(used).map((bytes) -> bytes >> 20).toArray()));
			// Readings differ by a few megabytes: the middle of the first five.
			long early = Arrays.stream(used, 1, 6).sorted().toArray()[2];
			assertThat(used[10] - early).isLessThan(MESSAGES * MOST_BYTES_PER_MESSAGE);
		}
		finally {
			server.disposeNow();
		}
	}

	@Test
	void asksItsSourceForNoMoreThanIsInFlight() {
		AtomicInteger asked = new AtomicInteger();
		DisposableServer server = HttpServer.create()
			.host("127.0.0.1")
			.handle((request, response) -> request.receive().then(Mono.never()))
			.bindNow();
		try {
			MessagingTemplate template = TestTemplates.at("http://127.0.0.1:" + server.port()).concurrency(7).build();
			Flux<OutboundMessage> messages = Flux.range(0, 1000)
				.doOnRequest((n) -> asked.addAndGet((int) n))
				.map((i) -> to("+15558675310").body("n" + i).build());
			StepVerifier.create(template.sendAll(messages))
				.then(() -> assertThat(asked).hasValue(7))
				.thenCancel()
				.verify();
		}
		finally {
			server.disposeNow();
		}
	}

	private static DisposableServer server(AtomicInteger inFlight, AtomicInteger mostInFlight) {
		return HttpServer.create()
			.host("127.0.0.1")
			.handle((request, response) -> request.receive().aggregate().asString().flatMap((body) -> {
				mostInFlight.accumulateAndGet(inFlight.incrementAndGet(), Math::max);
				return response.status(201)
					.sendString(Mono.just("{\"sid\":\"SM1\",\"status\":\"accepted\"}")
						.doFinally((signal) -> inFlight.decrementAndGet()))
					.then();
			}))
			.bindNow();
	}

	private static long usedMemory() {
		System.gc();
		return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
	}

}
