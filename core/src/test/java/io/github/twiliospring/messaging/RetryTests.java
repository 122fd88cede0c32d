package io.github.twiliospring.messaging;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import io.github.twiliospring.messaging.error.MessageNotSentException;
import io.github.twiliospring.messaging.error.MessageOutcomeUnknownException;
import io.github.twiliospring.messaging.error.MessagingUnavailableException;
import io.github.twiliospring.messaging.error.MessageRejectedException;
import io.github.twiliospring.messaging.retry.RetryStrategy;
import io.github.twiliospring.messaging.retry.RetryStrategy;
import io.github.twiliospring.messaging.retry.TwilioRetryPolicies;
import io.github.twiliospring.messaging.retry.UnusableRetryPolicyException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

import org.springframework.retry.RetryContext;
import org.springframework.retry.backoff.FixedBackOffPolicy;
import org.springframework.retry.backoff.NoBackOffPolicy;
import org.springframework.retry.policy.SimpleRetryPolicy;

import static io.github.twiliospring.messaging.message.OutboundMessage.to;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Pauses, deadlines, budgets and cancelation.
 */
class RetryTests {

	private static final String CREATED = "{\"sid\":\"SM0123456789abcdef0123456789abcdef\",\"status\":\"queued\"}";

	@Test
	void waitsOnTheTimerAloneAndHoldsNoThread() throws Exception {
		try (RawServer server = new RawServer(Fault.TOO_MANY_REQUESTS_RETRY_AFTER.first(1))) {
			VirtualTimeScheduler timer = VirtualTimeScheduler.create();
			// The timer's time passes while a busy machine answers.
			MessagingTemplate template = template(server).scheduler(timer).deadline(Duration.ofHours(1)).build();
			StepVerifier.create(template.send("+15558675310", "Hi"))
				.then(() -> Awaitility.await().until(() -> server.requests() == 1))
				.then(() -> Awaitility.await()
					.until(() -> advance(timer, Duration.ofSeconds(1)) && server.requests() == 2))
				.expectNextCount(1)
				.verifyComplete();
			assertThat(server.requests()).isEqualTo(2);
			assertThat(Duration.ofMillis(timer.now(java.util.concurrent.TimeUnit.MILLISECONDS)))
				.isGreaterThanOrEqualTo(Duration.ofSeconds(7));
		}
	}

	@Test
	void endsAtTheDeadlineWithAnUnknownOutcomeWhereARequestIsOnTheWire() throws Exception {
		try (RawServer server = new RawServer(Fault.READ_TIMEOUT.behaviour())) {
			VirtualTimeScheduler timer = VirtualTimeScheduler.create();
			StepVerifier.create(template(server).scheduler(timer).build().send(to("+15558675310").body("Hi")))
				.then(() -> Awaitility.await().until(() -> server.creates() == 1))
				.then(() -> advance(timer, Duration.ofSeconds(31)))
				.verifyErrorSatisfies(
						(failure) -> assertThat(failure).isInstanceOf(MessageOutcomeUnknownException.class)
							.hasMessageContaining("PT30S"));
			assertThat(server.creates()).isOne();
		}
	}

	@Test
	void endsAtTheDeadlineAsNotSentWhereNoConnectionWasFree() throws Exception {
		try (RawServer server = new RawServer(Fault.READ_TIMEOUT.behaviour())) {
			ReactorNettyConnector one = new ReactorNettyConnector(HttpClient.create(ConnectionProvider.builder("one")
				.maxConnections(1)
				.pendingAcquireTimeout(Duration.ofMinutes(5))
				.build()));
			Disposable occupant = template(server).connector(one)
				.deadline(Duration.ofMinutes(5))
				.build()
				.send("+15558675310", "first")
				.subscribe();
			Awaitility.await().until(() -> server.creates() == 1);
			StepVerifier.create(
					template(server).connector(one).deadline(Duration.ofMillis(100)).build().send("+15558675310", "x"))
				.verifyError(MessageNotSentException.class);
			occupant.dispose();
			assertThat(server.creates()).isOne();
		}
	}

	@Test
	void repeatsA503ThatCountsAsNotProcessedAndEndsAsNotSent() throws Exception {
		try (RawServer server = new RawServer(Fault.UNAVAILABLE_503.behaviour())) {
			MessagingTemplate template = template(server).serviceUnavailableIsUnprocessed(true).build();
			StepVerifier.create(template.send("+15558675310", "Hi"))
				.verifyErrorSatisfies((failure) -> assertThat(failure).isInstanceOf(MessageNotSentException.class)
					.hasMessageContaining("503"));
			assertThat(server.creates()).isEqualTo(3);
			StepVerifier.create(template.fetch("SM0123456789abcdef0123456789abcdef"))
				.verifyErrorSatisfies(
						(failure) -> assertThat(failure).isInstanceOfSatisfying(MessagingUnavailableException.class,
								(unavailable) -> assertThat(unavailable.getError().httpStatus()).isEqualTo(503)));
		}
	}

	@Test
	void sendsOnceMoreAfterA503ThatCountsAsNotProcessed() throws Exception {
		try (RawServer server = new RawServer(Fault.UNAVAILABLE_503.first(1))) {
			assertThat(
					template(server).serviceUnavailableIsUnprocessed(true).build().send("+15558675310", "Hi").block())
				.isNotNull();
			assertThat(server.creates()).isEqualTo(2);
		}
	}

	@Test
	void putsNothingOnTheWireAfterACancelationBeforeTheWrite() throws Exception {
		try (RawServer server = new RawServer(Fault.TOO_MANY_REQUESTS.behaviour())) {
			VirtualTimeScheduler timer = VirtualTimeScheduler.create();
			StepVerifier.create(template(server).scheduler(timer).build().send("+15558675310", "Hi"))
				.then(() -> Awaitility.await().until(() -> server.requests() == 1))
				.thenCancel()
				.verify();
			timer.advanceTimeBy(Duration.ofSeconds(60));
			assertThat(server.requests()).isOne();
		}
	}

	@Test
	void releasesTheConnectionAfterACancelationOnTheWire() throws Exception {
		AtomicInteger served = new AtomicInteger();
		RawServer.Behaviour behaviour = (exchange) -> {
			exchange.read();
			return (served.getAndIncrement() == 0) ? exchange.hang() : exchange.answer(201, CREATED);
		};
		try (RawServer server = new RawServer(behaviour)) {
			MessagingTemplate template = template(server)
				.connector(new ReactorNettyConnector(HttpClient.create(ConnectionProvider.create("one", 1))))
				.build();
			StepVerifier.create(template.send("+15558675310", "Hi"))
				.then(() -> Awaitility.await().until(() -> server.creates() == 1))
				.thenCancel()
				.verify();
			assertThat(template.send("+15558675310", "Hi").block(Duration.ofSeconds(10))).isNotNull();
		}
	}

	@Test
	void stopsRetryingWhereTheBudgetIsSpentAndEarnsItBackBySends() throws Exception {
		try (RawServer server = new RawServer(Fault.TOO_MANY_REQUESTS.behaviour())) {
			MessagingTemplate template = template(server).retryBudget(3).build();
			for (int i = 0; i < 10; i++) {
				StepVerifier.create(template.send("+15558675310", "Hi")).verifyError(MessageRejectedException.class);
			}
			// Ten sends earn the fourth retry.
			assertThat(server.requests()).isBetween(13, 14);
		}
	}

	@Test
	void asksThePolicyOnlyAboutAttemptsThatAreSafeToRepeat() throws Exception {
		List<String> asked = new CopyOnWriteArrayList<>();
		@SuppressWarnings("serial")
		SimpleRetryPolicy recording = new SimpleRetryPolicy(3) {

			@Override
			public void registerThrowable(RetryContext context, Throwable throwable) {
				asked.add(throwable.getClass().getSimpleName());
				super.registerThrowable(context, throwable);
			}

		};
		RetryStrategy strategy = RetryStrategy.of(new TwilioRetryPolicies(recording, new NoBackOffPolicy()));
		try (RawServer server = new RawServer(Fault.SERVER_ERROR_500.behaviour())) {
			StepVerifier.create(template(server).retryStrategy(strategy).build().send("+15558675310", "Hi"))
				.verifyError(MessageOutcomeUnknownException.class);
			assertThat(asked).isEmpty();
		}
		try (RawServer server = new RawServer(Fault.TOO_MANY_REQUESTS.behaviour())) {
			StepVerifier.create(template(server).retryStrategy(strategy).build().send("+15558675310", "Hi"))
				.verifyError(MessageRejectedException.class);
			assertThat(asked).containsExactly("MessageRejectedException", "MessageRejectedException",
					"MessageRejectedException");
			assertThat(server.requests()).isEqualTo(3);
		}
	}

	@Test
	void drawsAFreshJitterForEachSendAndKeepsToItsBounds() {
		RetryStrategy strategy = RetryStrategy.of(TwilioRetryPolicies.defaults());
		List<Long> first = IntStream.range(0, 200).mapToObj((i) -> pauses(strategy).get(0)).toList();
		assertThat(first).allMatch((pause) -> pause >= 500 && pause <= 1000);
		assertThat(first.stream().distinct().count()).isGreaterThan(50);
		List<Long> second = IntStream.range(0, 200).mapToObj((i) -> pauses(strategy).get(1)).toList();
		assertThat(second).allMatch((pause) -> pause >= 1000 && pause <= 2000);
		assertThat(pauses(strategy)).hasSize(2);
	}

	@Test
	void takesThePauseOfAnyPolicyThatTakesASleeper() {
		FixedBackOffPolicy fixed = new FixedBackOffPolicy();
		fixed.setBackOffPeriod(1234);
		assertThat(pauses(RetryStrategy.of(new TwilioRetryPolicies(new SimpleRetryPolicy(2), fixed))))
			.containsExactly(1234L);
	}

	@Test
	@SuppressWarnings("serial")
	void refusesABackOffPolicyWhoseOverridesWouldBeLost() {
		FixedBackOffPolicy patient = new FixedBackOffPolicy() {

			@Override
			protected void doBackOff() {
				this.toString();
				super.doBackOff();
			}

		};
		assertThatExceptionOfType(UnusableRetryPolicyException.class)
			.isThrownBy(() -> new TwilioRetryPolicies(new SimpleRetryPolicy(2), patient))
			.withMessageContaining("override withSleeper");
	}

	private static List<Long> pauses(RetryStrategy strategy) {
		RetryStrategy.Attempts attempts = strategy.begin();
		List<Long> pauses = new CopyOnWriteArrayList<>();
		Duration pause = attempts.afterFailure(new IllegalStateException());
		while (pause != null) {
			pauses.add(pause.toMillis());
			pause = attempts.afterFailure(new IllegalStateException());
		}
		attempts.end();
		return pauses;
	}

	private static boolean advance(VirtualTimeScheduler timer, Duration duration) {
		timer.advanceTimeBy(duration);
		return true;
	}

	private static MessagingTemplateBuilder template(RawServer server) {
		return TestTemplates.at(server.url());
	}

}
