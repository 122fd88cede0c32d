package io.github.twiliospring.messaging.webhook;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import io.github.twiliospring.messaging.benchmarks.Fixtures;
import io.github.twiliospring.messaging.message.MessageStatus;
import io.github.twiliospring.messaging.signature.RequestSigner;
import io.github.twiliospring.messaging.signature.RequestValidator;
import io.github.twiliospring.messaging.webhook.ledger.InMemoryCallbackLedger;
import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import reactor.core.publisher.Mono;

import org.springframework.beans.factory.support.DefaultListableBeanFactory;

/**
 * One status update from bytes to its method: form, signature, ledger, method. Of the
 * methods, one takes delivered messages, the others take failed ones.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class DispatchBenchmark {

	private static final int PREPARED = 1 << 16;

	/** Annotated methods in the application. */
	@Param({ "1", "10", "100" })
	public int handlers;

	private @Nullable WebhookEndpoint endpoint;

	private final WebhookRequest[] requests = new WebhookRequest[PREPARED];

	private final HandlerPool pool = new HandlerPool(WebhookLimits.defaults(), new WebhookTimer(), Thread::new);

	private int next;

	/**
	 * Starts with an empty ledger, and with signed requests, each of another message.
	 */
	@Setup(Level.Trial)
	public void start() {
		DefaultListableBeanFactory beans = new DefaultListableBeanFactory();
		beans.registerSingleton("delivered", new Delivered());
		for (int i = 1; i < this.handlers; i++) {
			beans.registerSingleton("failed" + i, new Failed());
		}
		StatusCallbackHandlers found = new StatusCallbackHandlers(beans, List.of());
		found.afterSingletonsInstantiated();
		// Half of the requests: none is a duplicate when they come again.
		StatusUpdateDispatcher dispatcher = new StatusUpdateDispatcher(found,
				new InMemoryCallbackLedger(PREPARED / 2, Duration.ofDays(10)), this.pool, null, Clock.systemUTC());
		WebhookGate gate = new WebhookGate(new RequestValidator(List.of(Fixtures.AUTH_TOKEN)),
				WebhookLimits.defaults());
		this.endpoint = WebhookEndpoint.forStatus(gate, dispatcher, ObservationRegistry.NOOP, null);
		RequestSigner signer = new RequestSigner(Fixtures.AUTH_TOKEN);
		for (int i = 0; i < PREPARED; i++) {
			Map<String, String> report = Fixtures.report(i);
			String url = Fixtures.PUBLIC_URL + Fixtures.STATUS_PATH + "?" + Fixtures.query(i);
			this.requests[i] = new WebhookRequest(url, Fixtures.query(i), "application/x-www-form-urlencoded",
					Fixtures.form(report).length(), List.of(signer.sign(url, Fixtures.listed(report))),
					Fixtures.form(report).getBytes(StandardCharsets.UTF_8));
		}
	}

	/**
	 * Receives a report.
	 * @return the answer
	 */
	@Benchmark
	public WebhookResponse receive() {
		WebhookEndpoint started = this.endpoint;
		if (started == null) {
			throw new IllegalStateException("Not started");
		}
		ContainerThread thread = new ContainerThread(this.pool);
		started.receive(Mono.just(this.requests[this.next++ & (PREPARED - 1)]), thread).subscribe(thread::answer);
		WebhookResponse answer = thread.work(true);
		if (answer == null || answer.status() != 204) {
			throw new IllegalStateException("The benchmark measures something else");
		}
		return answer;
	}

	/** Takes delivered messages. */
	static class Delivered {

		@StatusCallback(MessageStatus.DELIVERED)
		Mono<Void> delivered(StatusUpdate update) {
			return Mono.empty();
		}

	}

	/** Takes failed messages. */
	static class Failed {

		@StatusCallback(MessageStatus.FAILED)
		Mono<Void> failed(StatusUpdate update) {
			return Mono.empty();
		}

	}

}
