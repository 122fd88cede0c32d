package io.github.twiliospring.messaging;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import io.github.twiliospring.messaging.error.MessageNotSentException;
import io.github.twiliospring.messaging.error.MessageOutcomeUnknownException;
import io.github.twiliospring.messaging.error.MessageRejectedException;
import io.github.twiliospring.messaging.error.MessagingUnavailableException;
import io.github.twiliospring.messaging.message.Message;
import io.github.twiliospring.messaging.message.MessageQuery;
import io.github.twiliospring.messaging.message.OutboundMessage;
import io.github.twiliospring.messaging.retry.TwilioRetryPolicies;
import io.micrometer.observation.tck.TestObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistryAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;

import org.springframework.http.client.reactive.JdkClientHttpConnector;

import static io.github.twiliospring.messaging.message.OutboundMessage.to;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Who is interrupted while a call is on its way learns whether it may have been done.
 */
@ExtendWith(NoDroppedErrors.class)
class InterruptedCallerTests {

	private static final String SID = "SM0123456789abcdef0123456789abcdef";

	private static final String TAKEN = "{\"sid\":\"" + SID + "\",\"status\":\"accepted\"}";

	private static final OutboundMessage MESSAGE = to("+15558675310").body("Hi").build();

	private final CountDownLatch asked = new CountDownLatch(1);

	private final CountDownLatch gone = new CountDownLatch(1);

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void aSendWhoseRequestWentOutIsUnknown(boolean reactorNetty) throws Exception {
		try (RawServer server = new RawServer(this::hangUntilTheClientGoes)) {
			MessagingTemplateBuilder builder = TestTemplates.patientlyAt(server.url())
				.statusCallback("https://shop.example/x");
			if (!reactorNetty) {
				builder.connector(JdkClientHttpConnector::new, true);
			}
			Caller<Message> caller = new Caller<>(() -> builder.build().blocking().send(MESSAGE));
			await(this.asked);
			caller.interrupt();
			assertThat(caller.failure()).isInstanceOfSatisfying(MessageOutcomeUnknownException.class, (unknown) -> {
				assertThat(unknown.getSendAttempt()).isNotNull();
				assertThat(unknown.getSendId()).isNotNull();
				assertThat(unknown.getOutboundMessage().body()).isEqualTo("Hi");
			})
				.hasMessage("Outcome unknown: the caller was interrupted before the answer came")
				.hasCauseInstanceOf(InterruptedException.class);
			assertThat(caller.wasInterruptedAfterwards()).isTrue();
			await(this.gone);
			assertThat(server.creates()).isOne();
		}
	}

	@Test
	void whoIsInterruptedBeforehandSendsNothing() throws Exception {
		try (RawServer server = new RawServer(this::hangUntilTheClientGoes)) {
			BlockingMessagingOperations blocking = TestTemplates.patientlyAt(server.url()).build().blocking();
			for (Callable<?> call : List.<Callable<?>>of(() -> blocking.send(MESSAGE), () -> blocking.cancel(SID))) {
				Caller<?> caller = new Caller<>(() -> {
					Thread.currentThread().interrupt();
					return call.call();
				});
				assertThat(caller.failure()).isInstanceOf(MessageNotSentException.class)
					.hasMessage("Not sent: the caller was interrupted before anything was written")
					.hasCauseInstanceOf(InterruptedException.class);
				assertThat(caller.wasInterruptedAfterwards()).isTrue();
			}
			assertThat(server.connections()).isZero();
		}
	}

	@Test
	void aSendThatWaitsForAConnectionIsNotSent() throws Exception {
		try (RawServer server = new RawServer(this::hangUntilTheClientGoes)) {
			ConnectionProvider one = ConnectionProvider.create("one", 1);
			MessagingTemplate template = TestTemplates.patientlyAt(server.url())
				.connector(new ReactorNettyConnector(HttpClient.create(one)))
				.build();
			Caller<Message> first = new Caller<>(() -> template.blocking().send(MESSAGE));
			await(this.asked);
			CountDownLatch subscribed = new CountDownLatch(1);
			MessagingOperations noted = new OwnOperations(template) {

				@Override
				public Mono<Message> send(OutboundMessage message) {
					return super.send(message).doOnRequest((n) -> subscribed.countDown());
				}

			};
			Caller<Message> second = new Caller<>(() -> noted.blocking().send(MESSAGE));
			await(subscribed);
			second.interrupt();
			assertThat(second.failure()).isInstanceOf(MessageNotSentException.class);
			assertThat(second.wasInterruptedAfterwards()).isTrue();
			first.interrupt();
			assertThat(first.failure()).isInstanceOf(MessageOutcomeUnknownException.class);
			await(this.gone);
			assertThat(server.creates()).isOne();
			one.dispose();
		}
	}

	@Test
	void aSendThatPausesBetweenAttemptsHasTheLastFailure() throws Exception {
		CountDownLatch paused = new CountDownLatch(1);
		try (RawServer server = new RawServer((exchange) -> {
			exchange.read();
			return exchange.answer(429, "{\"code\":20429}");
		})) {
			BlockingMessagingOperations blocking = TestTemplates.patientlyAt(server.url())
				.retryPolicies(TwilioRetryPolicies.exponential(3, Duration.ofSeconds(20), 2, Duration.ofSeconds(20)))
				.filter((request, next) -> next.exchange(request).doFinally((signal) -> paused.countDown()))
				.build()
				.blocking();
			Caller<Message> caller = new Caller<>(() -> blocking.send(MESSAGE));
			await(paused);
			caller.interrupt();
			assertThat(caller.failure()).isInstanceOf(MessageRejectedException.class);
			assertThat(caller.wasInterruptedAfterwards()).isTrue();
			assertThat(server.creates()).isOne();
		}
	}

	@Test
	void aChangeIsUnknownAndIsNotLookedInto() throws Exception {
		try (RawServer server = new RawServer(this::hangUntilTheClientGoes)) {
			Caller<Message> caller = new Caller<>(
					() -> TestTemplates.patientlyAt(server.url()).build().blocking().cancel(SID));
			await(this.asked);
			caller.interrupt();
			assertThat(caller.failure()).isInstanceOf(MessageOutcomeUnknownException.class)
				.hasMessageContaining("the caller was interrupted");
			assertThat(caller.wasInterruptedAfterwards()).isTrue();
			await(this.gone);
			assertThat(server.requests()).isOne();
		}
	}

	@Test
	void whatWasOnlyToBeReadIsUnavailable() throws Exception {
		try (RawServer server = new RawServer(this::hangUntilTheClientGoes)) {
			Caller<List<Message>> caller = new Caller<>(() -> TestTemplates.patientlyAt(server.url())
				.build()
				.blocking()
				.list(MessageQuery.query())
				.toList());
			await(this.asked);
			caller.interrupt();
			assertThat(caller.failure()).isInstanceOf(MessagingUnavailableException.class)
				.hasCauseInstanceOf(InterruptedException.class);
			assertThat(caller.wasInterruptedAfterwards()).isTrue();
			await(this.gone);
		}
	}

	@Test
	void ofManyMessagesEachIsSentUnknownOrNotSent() throws Exception {
		CountDownLatch inFlight = new CountDownLatch(4);
		try (RawServer server = new RawServer((exchange) -> {
			if (exchange.read().contains("Body=n0")) {
				return exchange.answer(201, TAKEN);
			}
			inFlight.countDown();
			return exchange.hang();
		})) {
			BlockingMessagingOperations blocking = TestTemplates.patientlyAt(server.url())
				.concurrency(4)
				.build()
				.blocking();
			Caller<List<SendResult>> caller = new Caller<>(() -> blocking
				.sendAll(IntStream.range(0, 5000).mapToObj((i) -> to("+15558675310").body("n" + i).build()).toList()));
			await(inFlight);
			caller.interrupt();
			List<SendResult> results = caller.result();
			assertThat(caller.wasInterruptedAfterwards()).isTrue();
			assertThat(results).hasSize(5000);
			assertThat(results.get(0).isSent()).isTrue();
			assertThat(results.subList(1, 5)).allSatisfy(
					(result) -> assertThat(result.failure()).isInstanceOf(MessageOutcomeUnknownException.class));
			assertThat(results.subList(5, 5000))
				.allSatisfy((result) -> assertThat(result.failure()).isInstanceOf(MessageNotSentException.class));
			assertThat(server.creates()).isEqualTo(5);
		}
	}

	@Test
	void whatAnApplicationPutsAroundASendIsNotWaitedForLong() throws Exception {
		CountDownLatch canceled = new CountDownLatch(1);
		CountDownLatch subscribed = new CountDownLatch(1);
		MessagingOperations deaf = new OwnOperations(TestTemplates.at("http://localhost:1").build()) {

			@Override
			public Mono<Message> send(OutboundMessage message) {
				return Mono.<Message>never().doOnRequest((n) -> subscribed.countDown()).doOnCancel(canceled::countDown);
			}

		};
		Instant before = Instant.now();
		Caller<Message> caller = new Caller<>(() -> deaf.blocking().send(MESSAGE));
		await(subscribed);
		caller.interrupt();
		assertThat(caller.failure()).isInstanceOfSatisfying(MessageOutcomeUnknownException.class, (unknown) -> {
			assertThat(unknown.getSendAttempt().message()).isSameAs(MESSAGE);
			assertThat(unknown.getAttemptedAt()).isBetween(before, Instant.now());
		});
		assertThat(caller.wasInterruptedAfterwards()).isTrue();
		await(canceled);
	}

	@Test
	void theMetricsSayWhatTheCallerWasTold() throws Exception {
		TestObservationRegistry registry = TestObservationRegistry.create();
		try (RawServer server = new RawServer(this::hangUntilTheClientGoes)) {
			Caller<Message> caller = new Caller<>(() -> TestTemplates.patientlyAt(server.url())
				.observationRegistry(registry)
				.build()
				.blocking()
				.send(MESSAGE));
			await(this.asked);
			caller.interrupt();
			assertThat(caller.failure()).isInstanceOf(MessageOutcomeUnknownException.class);
		}
		TestObservationRegistryAssert.assertThat(registry)
			.hasObservationWithNameEqualTo("twilio.messaging.operations")
			.that()
			.hasLowCardinalityKeyValue("twilio.messaging.outcome", "unknown")
			.hasBeenStopped();
	}

	private boolean hangUntilTheClientGoes(RawServer.Exchange exchange) throws IOException {
		exchange.read();
		this.asked.countDown();
		try {
			exchange.awaitNext();
		}
		finally {
			this.gone.countDown();
		}
		return false;
	}

	private static void await(CountDownLatch latch) throws InterruptedException {
		assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
	}

}
