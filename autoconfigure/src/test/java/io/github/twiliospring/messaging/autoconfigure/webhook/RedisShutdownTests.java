package io.github.twiliospring.messaging.autoconfigure.webhook;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import io.github.twiliospring.messaging.autoconfigure.webhook.WebhookApplication.Server;
import io.github.twiliospring.messaging.webhook.StatusCallback;
import io.github.twiliospring.messaging.webhook.StatusUpdate;
import io.github.twiliospring.messaging.webhook.StatusUpdateDispatcher;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What runs as an instance is stopped is marked in Redis before the connection goes, so
 * that no other instance runs it again, or waits for its claim.
 */
@Timeout(120)
class RedisShutdownTests {

	private static final Duration TIMEOUT = Duration.ofSeconds(30);

	private static RedisServer server;

	private final WebhookClient client = new WebhookClient();

	@BeforeAll
	static void start() throws IOException {
		server = RedisServer.start();
	}

	@AfterAll
	static void stop() {
		if (server != null) {
			server.close();
		}
	}

	@ParameterizedTest
	@CsvSource({ "NETTY,graceful,blocking", "NETTY,graceful,reactive", "TOMCAT,graceful,reactive",
			"TOMCAT,immediate,reactive", "JETTY,immediate,reactive" })
	void whatRunsAtTheEndOfAnInstanceRunsOnce(Server stack, String shutdown, String kind) throws Exception {
		Class<?> methods = kind.equals("blocking") ? Blocking.class : Reactive.class;
		try (WebhookApplication survivor = application(Server.TOMCAT, methods, shutdown)) {
			Work handed;
			String form = WebhookClient.form(WebhookClient.newSid(), "delivered");
			ExecutorService others = Executors.newFixedThreadPool(2);
			try (WebhookApplication ending = application(stack, methods, shutdown)) {
				handed = ending.bean(Work.class);
				handed.slow = true;
				others.execute(() -> this.client.postSigned(url(ending), form));
				assertThat(handed.begun.await(TIMEOUT.toSeconds(), TimeUnit.SECONDS)).isTrue();
				// A moment after the shutdown has begun, or the context would wait for
				// it.
				CompletableFuture.delayedExecutor(2, TimeUnit.SECONDS, others).execute(handed.end::countDown);
			}
			assertThat(handed.done).hasValue(1);
			assertThat(this.client.postUntilTaken(url(survivor), form)).isEqualTo(204);
			assertThat(survivor.bean(Work.class).done).hasValue(0);
			others.shutdownNow();
		}
	}

	@Test
	void whatASweepHandsOnAtTheEndIsMarked() throws Exception {
		StatusUpdate update = StatusUpdate.of(Map.of("AccountSid", List.of("AC1"), "MessageSid",
				List.of(WebhookClient.newSid()), "MessageStatus", List.of("delivered")), Map.of());
		Work handed;
		try (WebhookApplication ending = application(Server.NETTY, Reactive.class, "graceful")) {
			handed = ending.bean(Work.class);
			handed.slow = true;
			ending.bean(StatusUpdateDispatcher.class).dispatch(update).subscribe();
			assertThat(handed.begun.await(TIMEOUT.toSeconds(), TimeUnit.SECONDS)).isTrue();
			CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS).execute(handed.end::countDown);
		}
		assertThat(handed.done).hasValue(1);
		String key = server.command("KEYS", "*" + update.messageSid() + "*")
			.lines()
			.filter((line) -> line.startsWith("twilio:callback:"))
			.findFirst()
			.orElseThrow();
		assertThat(server.command("HGETALL", key)).contains("s:delivered").doesNotContain("claim");
	}

	@Test
	void waitsForNoClaimsWhereRedisIsAway() throws Exception {
		long begun;
		try (RedisServer own = RedisServer.start();
				WebhookApplication application = application(Server.NETTY, Reactive.class, "graceful",
						"spring.data.redis.port=" + own.port())) {
			String form = WebhookClient.form(WebhookClient.newSid(), "sent");
			assertThat(this.client.postUntilTaken(url(application), form)).isEqualTo(204);
			own.kill();
			assertThat(this.client.postSigned(url(application), WebhookClient.form(WebhookClient.newSid(), "sent")))
				.isIn(500, 503);
			begun = System.nanoTime();
		}
		// A phase of the shutdown may take half a minute.
		assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(20));
	}

	// As for a paused test context: the first command after it must hold no event loop.
	@Test
	void goesOnWhereTheConnectionWasStoppedAndStarted() throws Exception {
		try (WebhookApplication application = application(Server.NETTY, Reactive.class, "graceful",
				"spring.data.redis.timeout=1m")) {
			String form = WebhookClient.form(WebhookClient.newSid(), "sent");
			assertThat(this.client.postUntilTaken(url(application), form)).isEqualTo(204);
			application.pauseAndResume();
			assertThat(application.bean(LettuceConnectionFactory.class).isRunning()).isTrue();
			server.freeze();
			try {
				ExecutorService others = Executors.newFixedThreadPool(8);
				for (int i = 0; i < 8; i++) {
					others.execute(() -> this.client.postSigned(url(application),
							WebhookClient.form(WebhookClient.newSid(), "sent")));
				}
				for (int i = 0; i < 8; i++) {
					assertThat(this.client.post("http://localhost:" + application.port() + "/nothing", "a=b"))
						.isBetween(400, 499);
				}
				others.shutdownNow();
			}
			finally {
				server.thaw();
			}
			Awaitility.await()
				.atMost(TIMEOUT)
				.until(() -> this.client.postSigned(url(application), form), (status) -> status == 204);
		}
	}

	private static String url(WebhookApplication application) {
		return "http://localhost:" + application.port() + WebhookApplication.PATH;
	}

	private static WebhookApplication application(Server stack, Class<?> methods, String shutdown, String... more) {
		return WebhookApplication.start(stack, false, methods,
				Stream.concat(Stream.of("spring.data.redis.port=" + server.port(), "spring.data.redis.timeout=1s",
						"twilio.messaging.webhook.ledger.store=redis", "twilio.messaging.webhook.ledger.lease=1m",
						"twilio.messaging.webhook.request.answer-timeout=500ms", "server.shutdown=" + shutdown),
						Stream.of(more))
					.toArray(String[]::new));
	}

	/**
	 * What the method of one instance does.
	 */
	static class Work {

		final CountDownLatch begun = new CountDownLatch(1);

		final CountDownLatch end = new CountDownLatch(1);

		final AtomicInteger done = new AtomicInteger();

		volatile boolean slow;

		void run() {
			this.begun.countDown();
			if (this.slow) {
				try {
					this.end.await();
				}
				catch (InterruptedException ex) {
					throw new IllegalStateException("interrupted");
				}
				this.done.incrementAndGet();
			}
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Blocking {

		@Bean
		Work work() {
			return new Work();
		}

		@Bean
		BlockingMethod blockingMethod(Work work) {
			return new BlockingMethod(work);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Reactive {

		@Bean
		Work work() {
			return new Work();
		}

		@Bean
		ReactiveMethod reactiveMethod(Work work) {
			return new ReactiveMethod(work);
		}

	}

	record BlockingMethod(Work work) {

		@StatusCallback
		void track(StatusUpdate update) {
			this.work.run();
		}

	}

	record ReactiveMethod(Work work) {

		@StatusCallback
		Mono<Void> track(StatusUpdate update) {
			return Mono.<Void>fromRunnable(this.work::run).subscribeOn(Schedulers.boundedElastic());
		}

	}

}
