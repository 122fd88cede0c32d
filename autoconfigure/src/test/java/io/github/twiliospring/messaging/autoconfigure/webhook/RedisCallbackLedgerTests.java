package io.github.twiliospring.messaging.autoconfigure.webhook;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.twiliospring.messaging.message.MessageStatus;
import io.github.twiliospring.messaging.testsupport.JavaProcess;
import io.github.twiliospring.messaging.webhook.ledger.CallbackLedger.Handling;
import io.github.twiliospring.messaging.webhook.ledger.CallbackLedger.Verdict;
import io.github.twiliospring.messaging.webhook.ledger.LedgerKey;
import io.github.twiliospring.messaging.webhook.ledger.RedisCallbackLedger;
import io.github.twiliospring.messaging.webhook.ledger.RedisCallbackLedger.RedisLedgerSettings;
import io.github.twiliospring.messaging.webhook.ledger.StatusMark;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

import org.springframework.boot.WebApplicationType;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;

import static io.github.twiliospring.messaging.autoconfigure.webhook.WebhookClient.form;
import static io.github.twiliospring.messaging.autoconfigure.webhook.WebhookClient.newSid;
import static io.github.twiliospring.messaging.autoconfigure.webhook.WebhookClient.sign;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The ledger on a real Redis server.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RedisCallbackLedgerTests {

	private static final Duration LEASE = Duration.ofSeconds(1);

	private static final String[] IMPATIENT = { "twilio.messaging.webhook.ledger.lease=" + LEASE.toMillis() + "ms",
			"twilio.messaging.webhook.request.answer-timeout=500ms" };

	private static final Duration TIMEOUT = Duration.ofSeconds(20);

	private RedisServer server;

	private LettuceConnectionFactory connections;

	private ReactiveStringRedisTemplate redis;

	// Two instances have nothing in common but the server.
	private RedisCallbackLedger one;

	private RedisCallbackLedger other;

	@BeforeAll
	void start() throws IOException {
		this.server = RedisServer.start();
		this.connections = new LettuceConnectionFactory("127.0.0.1", this.server.port());
		this.connections.afterPropertiesSet();
		this.connections.start();
		this.redis = new ReactiveStringRedisTemplate(this.connections);
		this.one = ledger(this.redis);
		this.other = ledger(this.redis);
	}

	@AfterAll
	void stop() {
		if (this.server != null) {
			this.connections.destroy();
			this.server.close();
		}
	}

	@Test
	void handsEachHandlerAMonotonicSequenceWhateverTheOrderAndTheInstance() {
		Random random = new Random(20260302);
		for (int round = 0; round < 60; round++) {
			LedgerKey key = newKey();
			List<MessageStatus> deliveries = new ArrayList<>(List.of(MessageStatus.values()));
			deliveries.addAll(List.of(MessageStatus.values()));
			Collections.shuffle(deliveries, random);
			List<StatusMark> handed = new ArrayList<>();
			boolean failOnce = random.nextBoolean();
			AtomicInteger calls = new AtomicInteger();
			for (MessageStatus status : deliveries) {
				StatusMark mark = mark(status);
				Mono<Void> handler = Mono.fromRunnable(() -> {
					if (calls.getAndIncrement() == 1 && failOnce) {
						throw new IllegalStateException("once");
					}
					handed.add(mark);
				});
				RedisCallbackLedger ledger = random.nextBoolean() ? this.one : this.other;
				ledger.handleOnce(key, mark, handler).onErrorComplete().block(TIMEOUT);
			}
			assertThat(handed).as("round " + round).doesNotHaveDuplicates();
			List<StatusMark> ranked = handed.stream().filter(StatusMark::isRanked).toList();
			assertThat(ranked.stream().map(StatusMark::rank)).isSorted().doesNotHaveDuplicates();
			assertThat(ranked.get(ranked.size() - 1).status()).isEqualTo("read");
		}
	}

	@Test
	void runsFiftyConcurrentDuplicatesAtTwoInstancesOnceAndGivesAllTheSameAnswer() {
		LedgerKey key = newKey();
		AtomicInteger runs = new AtomicInteger();
		Sinks.Empty<Void> finish = Sinks.empty();
		Mono<String> handler = Mono.<Void>fromRunnable(() -> {
			runs.incrementAndGet();
			Schedulers.parallel().schedule(finish::tryEmitEmpty);
		}).then(finish.asMono()).thenReturn("answer");
		List<Handling> handlings = Flux.range(0, 50)
			.flatMap((i) -> ((i % 2 == 0) ? this.one : this.other)
				.answerOnce(key, mark(MessageStatus.DELIVERED), handler)
				.subscribeOn(Schedulers.parallel()), 50)
			.collectList()
			.block(TIMEOUT);
		assertThat(runs).hasValue(1);
		assertThat(handlings).hasSize(50).extracting(Handling::answer).containsOnly("answer");
		assertThat(handlings).extracting(Handling::verdict).containsOnlyOnce(Verdict.HANDLED);
	}

	@Test
	void releasesTheClaimOfAHandlerThatFailed() {
		LedgerKey key = newKey();
		// One that's longer than anybody waits here.
		RedisCallbackLedger failing = new RedisCallbackLedger(this.redis, new RedisLedgerSettings("test:",
				TIMEOUT.multipliedBy(5), Duration.ofDays(1), Duration.ofHours(1), TIMEOUT));
		assertThatExceptionOfType(IllegalStateException.class).isThrownBy(
				() -> failing.handleOnce(key, mark(MessageStatus.SENT), Mono.error(new IllegalStateException("once")))
					.block(TIMEOUT));
		assertThat(this.other.handleOnce(key, mark(MessageStatus.SENT), Mono.empty()).block(TIMEOUT))
			.isEqualTo(Verdict.HANDLED);
	}

	@Test
	void keepsTheClaimLongerThanItsLeaseWhileTheHandlerRunsThoughItsCallerHasGone() {
		LedgerKey key = newKey();
		Sinks.Empty<Void> finish = Sinks.empty();
		AtomicInteger runs = new AtomicInteger();
		Mono<Void> handler = Mono.<Void>fromRunnable(runs::incrementAndGet).then(finish.asMono());
		Disposable caller = this.one.handleOnce(key, mark(MessageStatus.SENT), handler).subscribe();
		Awaitility.await().atMost(TIMEOUT).untilAtomic(runs, org.hamcrest.Matchers.is(1));
		caller.dispose();
		StepVerifier.create(this.other.handleOnce(key, mark(MessageStatus.SENT), handler))
			.expectSubscription()
			.expectNoEvent(LEASE.multipliedBy(2))
			.then(finish::tryEmitEmpty)
			.expectNext(Verdict.DUPLICATE)
			.expectComplete()
			.verify(TIMEOUT);
		assertThat(runs).hasValue(1);
	}

	@Test
	void letsALaterStatusWaitForTheOneThatRunsElsewhere() {
		LedgerKey key = newKey();
		Sinks.Empty<Void> finish = Sinks.empty();
		List<String> events = new CopyOnWriteArrayList<>();
		Mono<Void> delivered = Mono.<Void>fromRunnable(() -> events.add("begun"))
			.then(finish.asMono())
			.doOnTerminate(() -> events.add("delivered"));
		this.one.handleOnce(key, mark(MessageStatus.DELIVERED), delivered).subscribe();
		Awaitility.await().atMost(TIMEOUT).until(() -> events.contains("begun"));
		Mono<Void> read = Mono.fromRunnable(() -> events.add("read"));
		Mono<Verdict> waiting = this.other.handleOnce(key, mark(MessageStatus.READ), read);
		StepVerifier.create(waiting.doOnSubscribe((subscription) -> finish.tryEmitEmpty()))
			.expectNext(Verdict.HANDLED)
			.expectComplete()
			.verify(TIMEOUT);
		assertThat(events).containsExactly("begun", "delivered", "read");
	}

	@Test
	void forgetsAMarkAfterItsRetention() {
		LedgerKey key = newKey();
		RedisCallbackLedger forgetful = new RedisCallbackLedger(this.redis,
				new RedisLedgerSettings("test:", Duration.ofMillis(100), Duration.ofMillis(200), LEASE, TIMEOUT));
		StatusMark sent = mark(MessageStatus.SENT);
		assertThat(forgetful.handleOnce(key, sent, Mono.empty()).block(TIMEOUT)).isEqualTo(Verdict.HANDLED);
		Awaitility.await()
			.atMost(TIMEOUT)
			.until(() -> forgetful.handleOnce(key, sent, Mono.empty()).block(TIMEOUT) == Verdict.HANDLED);
	}

	@Test
	void handsACallbackThatIsFiredAtTwoInstancesToOneOfThem() {
		try (WebhookApplication first = application(WebApplicationType.SERVLET, this.server.port());
				WebhookApplication second = application(WebApplicationType.REACTIVE, this.server.port())) {
			WebhookClient client = new WebhookClient();
			for (WebhookApplication application : List.of(first, second)) {
				String url = "http://localhost:" + application.port() + WebhookApplication.PATH;
				assertThat(client.postUntilTaken(url, form(newSid(), "sent"))).isEqualTo(204);
			}
			String sid = newSid();
			String form = form(sid, "delivered");
			List<Integer> answers = Flux.range(0, 20).flatMap((i) -> Mono.fromCallable(() -> {
				String url = "http://localhost:" + ((i % 2 == 0) ? first : second).port() + WebhookApplication.PATH;
				return client.post(url, form, sign(url, form));
			}).subscribeOn(Schedulers.boundedElastic()), 20).collectList().block(TIMEOUT);
			assertThat(answers).hasSize(20).containsOnly(204);
			List<MessageStatus> handed = new ArrayList<>(first.bean(Recorder.class).statusesOf(sid));
			handed.addAll(second.bean(Recorder.class).statusesOf(sid));
			assertThat(handed).containsExactly(MessageStatus.DELIVERED);
		}
	}

	@Test
	void handsACallbackToAnotherInstanceOnceTheLeaseOfAProcessThatWasKilledHasRunOut() throws Exception {
		WebhookClient client = new WebhookClient();
		String form = form(newSid(), "delivered");
		try (WebhookApplication survivor = application(WebApplicationType.SERVLET, this.server.port(), IMPATIENT)) {
			String url = "http://localhost:" + survivor.port() + WebhookApplication.PATH;
			try (JavaProcess killed = JavaProcess.start(HangingInstance.class, String.valueOf(this.server.port()))) {
				String port = killed.await("^" + HangingInstance.STARTED + "(.*)").group(1);
				assertThat(client.postSigned("http://localhost:" + port + WebhookApplication.PATH, form))
					.isEqualTo(503);
				killed.await("^" + HangingInstance.BEGUN);
				assertThat(client.postSigned(url, form)).as("while the other holds the claim").isEqualTo(503);
				killed.kill();
			}
			assertThat(survivor.bean(Recorder.class).seen).isEmpty();
			// What the process held in Redis is renewed no more.
			Awaitility.await().atMost(TIMEOUT).until(() -> client.postSigned(url, form) == 204);
			assertThat(client.postSigned(url, form)).as("repeated").isEqualTo(204);
			assertThat(survivor.bean(Recorder.class).seen).hasSize(1);
		}
	}

	private static WebhookApplication application(WebApplicationType stack, int redisPort, String... properties) {
		String[] all = Arrays.copyOf(properties, properties.length + 2);
		all[properties.length] = "spring.data.redis.port=" + redisPort;
		all[properties.length + 1] = "twilio.messaging.webhook.ledger.store=redis";
		return WebhookApplication.start(stack, false, RecorderConfiguration.class, all);
	}

	private static RedisCallbackLedger ledger(ReactiveStringRedisTemplate redis) {
		return new RedisCallbackLedger(redis,
				new RedisLedgerSettings("test:", LEASE, Duration.ofDays(1), Duration.ofHours(1), TIMEOUT));
	}

	private static LedgerKey newKey() {
		return new LedgerKey("AC1", newSid(), "orders.track(StatusUpdate)");
	}

	private static StatusMark mark(MessageStatus status) {
		return StatusMark.of(status, "teleported", false);
	}

	/**
	 * One instance in a process of its own, whose method begins and never ends.
	 */
	static final class HangingInstance {

		static final String STARTED = "Instance started on port ";

		static final String BEGUN = "Instance handles ";

		private HangingInstance() {
		}

		public static void main(String[] args) {
			WebhookApplication instance = application(WebApplicationType.REACTIVE, Integer.parseInt(args[0]),
					IMPATIENT);
			instance.bean(Recorder.class).method = (update) -> Mono
				.<Void>fromRunnable(() -> System.out.println(BEGUN + update.rawStatus()))
				.then(Mono.never());
			System.out.println(STARTED + instance.port());
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class RecorderConfiguration {

		@Bean
		Recorder recorder() {
			return new Recorder();
		}

	}

}
