package io.github.twiliospring.messaging.autoconfigure.webhook;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.twiliospring.messaging.autoconfigure.webhook.WebhookApplication.Server;
import io.github.twiliospring.messaging.message.MessageStatus;
import io.github.twiliospring.messaging.webhook.StatusCallback;
import io.github.twiliospring.messaging.webhook.StatusUpdate;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Mono;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;

import static io.github.twiliospring.messaging.autoconfigure.webhook.WebhookClient.form;
import static io.github.twiliospring.messaging.autoconfigure.webhook.WebhookClient.newSid;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Methods that hang, and methods that end in a way that nobody hears of: each claim has
 * an end, and no other message waits for it.
 */
@ExtendWith(OutputCaptureExtension.class)
@Timeout(120)
class HungHandlerTests {

	private static final Duration TIMEOUT = Duration.ofSeconds(30);

	private static final String[] SHORT = { "twilio.messaging.webhook.request.answer-timeout=300ms",
			"twilio.messaging.webhook.request.inbound-answer-timeout=300ms",
			"twilio.messaging.webhook.handler-limit=1s" };

	private final WebhookClient client = new WebhookClient();

	@ParameterizedTest
	@EnumSource(Server.class)
	void methodsThatHangTakeNoOtherUpdateWithThem(Server server) throws Exception {
		int hung = 10;
		int burst = 200;
		ExecutorService provider = Executors.newFixedThreadPool(64);
		try (WebhookApplication application = WebhookApplication.start(server, false, Hanging.class,
				"twilio.messaging.webhook.max-concurrent-handlers=20")) {
			Hanging handlers = application.bean(Hanging.class);
			try {
				for (int i = 0; i < hung; i++) {
					String form = form("SMhang" + i, "sent");
					provider.execute(() -> this.client.postSigned(url(application), form));
				}
				Awaitility.await().atMost(TIMEOUT).until(() -> handlers.begun.get() == hung);
				List<Future<Integer>> answers = new ArrayList<>();
				for (int i = 0; i < burst; i++) {
					String form = form("SM" + i, "sent");
					answers.add(provider.submit(() -> this.client.postUntilTaken(url(application), form)));
				}
				for (Future<Integer> answer : answers) {
					assertThat(answer.get(TIMEOUT.toSeconds(), TimeUnit.SECONDS)).isEqualTo(204);
				}
				assertThat(handlers.handled).hasSize(burst).allSatisfy((sid, times) -> assertThat(times).hasValue(1));
			}
			finally {
				handlers.release.countDown();
			}
		}
		finally {
			provider.shutdownNow();
		}
	}

	@ParameterizedTest
	@EnumSource(Server.class)
	void errorsThatReactorThrowsAreAnsweredAndTheUpdateComesAgain(Server server) {
		List<Error> errors = List.of(new StackOverflowError(), new NoClassDefFoundError("com/example/Missing"),
				new OutOfMemoryError("of a test"));
		try (WebhookApplication application = WebhookApplication.start(server, false, Fatal.class, SHORT)) {
			Fatal handlers = application.bean(Fatal.class);
			for (Error error : errors) {
				for (MessageStatus status : List.of(MessageStatus.SENT, MessageStatus.DELIVERED,
						MessageStatus.FAILED)) {
					String form = form(newSid(), status.value());
					handlers.failure = error;
					assertThat(this.client.postSigned(url(application), form)).as("%s, %s", status, error)
						.isIn(500, 503);
					handlers.failure = null;
					assertThat(this.client.postUntilTaken(url(application), form)).as("%s, %s", status, error)
						.isEqualTo(204);
				}
			}
			assertThat(handlers.handled).hasValue(9);
		}
	}

	@ParameterizedTest
	@EnumSource(Server.class)
	void anObservationHandlerThatFailsLosesNoUpdate(Server server) {
		try (WebhookApplication application = WebhookApplication.start(server, false, Unobservable.class)) {
			assertThat(this.client.postSigned(url(application), form(newSid(), "sent"))).isEqualTo(204);
			assertThat(application.bean(Unobservable.class).handled).hasValue(1);
		}
	}

	@ParameterizedTest
	@EnumSource(Server.class)
	void aBurstOfMoreThanMayRunAtOnceWaitsForItsTurn(Server server) throws Exception {
		int burst = 60;
		ExecutorService provider = Executors.newFixedThreadPool(burst);
		try (WebhookApplication application = WebhookApplication.start(server, false, Hanging.class,
				"twilio.messaging.webhook.max-concurrent-handlers=10",
				"twilio.messaging.webhook.request.answer-timeout=20s")) {
			List<Future<Integer>> answers = new ArrayList<>();
			for (int i = 0; i < burst; i++) {
				String form = form("SM" + i, "sent");
				answers.add(provider.submit(() -> this.client.postSigned(url(application), form)));
			}
			for (Future<Integer> answer : answers) {
				assertThat(answer.get(TIMEOUT.toSeconds(), TimeUnit.SECONDS)).isEqualTo(204);
			}
			assertThat(application.bean(Hanging.class).most.get()).isBetween(2, 10);
		}
		finally {
			provider.shutdownNow();
		}
	}

	@ParameterizedTest
	@EnumSource(Server.class)
	void aMethodThatBlocksWhereItMustNotStopsNoClock(Server server) throws Exception {
		try (WebhookApplication application = WebhookApplication.start(server, false, Blocked.class, SHORT)) {
			Blocked handlers = application.bean(Blocked.class);
			for (int i = 0; i < 10; i++) {
				assertThat(this.client.postSigned(url(application), form(newSid(), "sent"))).isIn(500, 503);
			}
			assertThat(handlers.begun.await(TIMEOUT.toSeconds(), TimeUnit.SECONDS)).isTrue();
			try {
				assertThat(WebhookClient.stall(application.port(), WebhookApplication.PATH, false, () -> {
				})).isEqualTo(408);
			}
			finally {
				handlers.release.countDown();
			}
		}
	}

	@ParameterizedTest
	@EnumSource(Server.class)
	void cancelCodeThatBlocksStopsNoClock(Server server, CapturedOutput output) throws Exception {
		try (WebhookApplication application = WebhookApplication.start(server, false, BlockedCancel.class, SHORT)) {
			BlockedCancel handlers = application.bean(BlockedCancel.class);
			List<String> forms = List.of(form(newSid(), "sent"), form(newSid(), "sent"), form(newSid(), "sent"),
					form(newSid(), "sent"), form(newSid(), "sent"));
			try {
				for (String form : forms) {
					assertThat(this.client.postSigned(url(application), form)).isEqualTo(503);
				}
				Awaitility.await().atMost(TIMEOUT).until(() -> handlers.canceling.get() == forms.size());
				for (String form : forms) {
					assertThat(this.client.postUntilTaken(url(application), form)).isEqualTo(204);
				}
				assertThat(WebhookClient.stall(application.port(), WebhookApplication.PATH, false, () -> {
				})).isEqualTo(408);
			}
			finally {
				handlers.release.countDown();
			}
			assertThat(output).contains("blockedCancel.track(StatusUpdate) took longer than PT1S");
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "TOMCAT", "JETTY" })
	void reactiveMethodsThatBlockTakeABoundedNumberOfThreads(Server server) throws Exception {
		ExecutorService provider = Executors.newSingleThreadExecutor();
		try (WebhookApplication application = WebhookApplication.start(server, false, BlockedAlone.class,
				"twilio.messaging.webhook.max-concurrent-handlers=1")) {
			BlockedAlone handlers = application.bean(BlockedAlone.class);
			String first = form(newSid(), "sent");
			Future<Integer> answer = provider.submit(() -> this.client.postSigned(url(application), first));
			assertThat(handlers.begun.await(TIMEOUT.toSeconds(), TimeUnit.SECONDS)).isTrue();
			assertThat(this.client.postSigned(url(application), form(newSid(), "sent"))).isEqualTo(503);
			handlers.release.countDown();
			assertThat(answer.get(TIMEOUT.toSeconds(), TimeUnit.SECONDS)).isEqualTo(204);
		}
		finally {
			provider.shutdownNow();
		}
	}

	private static String url(WebhookApplication application) {
		return "http://localhost:" + application.port() + WebhookApplication.PATH;
	}

	@Configuration(proxyBeanMethods = false)
	static class Hanging {

		final CountDownLatch release = new CountDownLatch(1);

		final AtomicInteger begun = new AtomicInteger();

		final AtomicInteger running = new AtomicInteger();

		final AtomicInteger most = new AtomicInteger();

		final Map<String, AtomicInteger> handled = new ConcurrentHashMap<>();

		@StatusCallback
		void track(StatusUpdate update) throws InterruptedException {
			if (update.messageSid().startsWith("SMhang")) {
				this.begun.incrementAndGet();
				this.release.await();
			}
			else {
				this.most.accumulateAndGet(this.running.incrementAndGet(), Math::max);
				TimeUnit.MILLISECONDS.sleep(100);
				this.running.decrementAndGet();
				this.handled.computeIfAbsent(update.messageSid(), (sid) -> new AtomicInteger()).incrementAndGet();
			}
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Blocked {

		final CountDownLatch begun = new CountDownLatch(1);

		final CountDownLatch release = new CountDownLatch(1);

		@StatusCallback
		@Order(1)
		Mono<Void> never() {
			return Mono.never();
		}

		@StatusCallback
		@Order(2)
		Mono<Void> blocks() throws InterruptedException {
			this.begun.countDown();
			this.release.await();
			return Mono.empty();
		}

	}

	@Configuration("blockedCancel")
	static class BlockedCancel {

		final CountDownLatch release = new CountDownLatch(1);

		final AtomicInteger canceling = new AtomicInteger();

		private final Set<String> called = ConcurrentHashMap.newKeySet();

		@StatusCallback
		Mono<Void> track(StatusUpdate update) {
			return this.called.add(update.messageSid()) ? Mono.<Void>never().doOnCancel(this::block) : Mono.empty();
		}

		private void block() {
			this.canceling.incrementAndGet();
			try {
				this.release.await();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class BlockedAlone {

		final CountDownLatch begun = new CountDownLatch(1);

		final CountDownLatch release = new CountDownLatch(1);

		@StatusCallback
		Mono<Void> blocks() throws InterruptedException {
			this.begun.countDown();
			this.release.await();
			return Mono.empty();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Fatal {

		final AtomicInteger handled = new AtomicInteger();

		volatile Error failure;

		@StatusCallback(MessageStatus.SENT)
		Mono<Void> atOnce() {
			return Mono.fromRunnable(this::handle);
		}

		@StatusCallback(MessageStatus.DELIVERED)
		Mono<Void> later() {
			return Mono.delay(Duration.ofMillis(10)).doOnNext((tick) -> handle()).then();
		}

		@StatusCallback(MessageStatus.FAILED)
		void blocking() {
			handle();
		}

		private void handle() {
			Error failing = this.failure;
			if (failing != null) {
				throw failing;
			}
			this.handled.incrementAndGet();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Unobservable {

		final AtomicInteger handled = new AtomicInteger();

		@StatusCallback
		void track() {
			this.handled.incrementAndGet();
		}

		@Bean
		ObservationHandler<Observation.Context> failing() {
			return new ObservationHandler<>() {

				@Override
				public void onStart(Observation.Context context) {
					if (String.valueOf(context.getName()).startsWith("twilio.messaging.webhook")) {
						throw new IllegalStateException("no tracer");
					}
				}

				@Override
				public boolean supportsContext(Observation.Context context) {
					return true;
				}

			};
		}

	}

}
