package io.github.twiliospring.messaging.benchmarks.send;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;

import io.github.twiliospring.messaging.benchmarks.Child;
import io.github.twiliospring.messaging.benchmarks.Fixtures;
import io.github.twiliospring.messaging.benchmarks.outbox.OutboxBenchmark;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/**
 * Answers every create with the same message, but for its recipient, after a delay that
 * can be set. Runs in a process of its own.
 */
public final class StubServer {

	private static final int TOO_MANY_REQUESTS = 429;

	private static final byte[] MESSAGE = Fixtures.MESSAGE.getBytes(StandardCharsets.US_ASCII);

	private static final int RECIPIENT = Fixtures.MESSAGE.indexOf(Fixtures.RECIPIENT);

	private static final byte[] FIELD = "To=%2B".getBytes(StandardCharsets.US_ASCII);

	private final LongAdder requests = new LongAdder();

	private volatile long last;

	private volatile Duration latency = Duration.ZERO;

	private volatile String retryAfter = "";

	private StubServer() {
	}

	/**
	 * Serves until the standard input ends. It answers {@code port}; {@code latency
	 * millis}; {@code refuse seconds}, which makes it answer 429 with that Retry-After;
	 * {@code accept}, which ends it; {@code count}, the requests since the last count;
	 * and {@code last}, when the last request came, in microseconds.
	 */
	public static void serve() {
		StubServer stub = new StubServer();
		DisposableServer server = HttpServer.create().port(0).handle(stub::handle).bindNow();
		Child.serve((question) -> switch (question[0]) {
			case "port" -> server.port();
			case "latency" -> {
				stub.latency = Duration.ofMillis(Long.parseLong(question[1]));
				yield "set";
			}
			case "refuse" -> {
				stub.retryAfter = question[1];
				yield "set";
			}
			case "accept" -> {
				stub.retryAfter = "";
				yield "set";
			}
			case "last" -> stub.last;
			case "count" -> stub.requests.sumThenReset();
			default -> throw new IllegalArgumentException(question[0]);
		});
	}

	private Publisher<Void> handle(HttpServerRequest request, HttpServerResponse response) {
		this.requests.increment();
		this.last = OutboxBenchmark.now();
		if (!this.retryAfter.isEmpty()) {
			return request.receive()
				.then(response.status(TOO_MANY_REQUESTS).header("Retry-After", this.retryAfter).send());
		}
		response.status(201)
			.header("Content-Type", "application/json")
			.header("Content-Length", Integer.toString(MESSAGE.length));
		Duration pause = this.latency;
		return request.receive().aggregate().map(StubServer::answer).flatMap((answer) -> {
			Mono<Void> answered = response.sendObject(answer).then();
			return pause.isZero() ? answered : Mono.delay(pause).then(answered);
		});
	}

	private static ByteBuf answer(ByteBuf form) {
		byte[] answer = MESSAGE.clone();
		int to = ByteBufUtil.indexOf(Unpooled.wrappedBuffer(FIELD), form);
		form.getBytes(to + FIELD.length, answer, RECIPIENT + 1, Fixtures.RECIPIENT.length() - 1);
		return Unpooled.wrappedBuffer(answer);
	}

}
