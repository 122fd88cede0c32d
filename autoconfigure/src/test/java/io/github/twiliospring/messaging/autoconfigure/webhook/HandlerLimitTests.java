package io.github.twiliospring.messaging.autoconfigure.webhook;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.twiliospring.messaging.autoconfigure.webhook.WebhookApplication.Server;
import io.github.twiliospring.messaging.webhook.InboundMessage;
import io.github.twiliospring.messaging.webhook.StatusCallback;
import io.github.twiliospring.messaging.webhook.StatusUpdate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Mono;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;

import static io.github.twiliospring.messaging.autoconfigure.webhook.WebhookClient.form;
import static io.github.twiliospring.messaging.autoconfigure.webhook.WebhookClient.newSid;
import static io.github.twiliospring.messaging.autoconfigure.webhook.WebhookClient.sign;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * How long a method may run and may wait: its message is free at its limit, whatever the
 * method does.
 */
@ExtendWith(OutputCaptureExtension.class)
@Timeout(120)
class HandlerLimitTests {

	private static final Duration TIMEOUT = Duration.ofSeconds(30);

	private static final String[] SHORT = { "twilio.messaging.webhook.request.answer-timeout=300ms",
			"twilio.messaging.webhook.request.inbound-answer-timeout=300ms",
			"twilio.messaging.webhook.handler-limit=1s" };

	private final WebhookClient client = new WebhookClient();

	@ParameterizedTest
	@EnumSource(Server.class)
	void aMethodOverItsLimitIsInterruptedAndTheMessageIsFree(Server server, CapturedOutput output) {
		try (WebhookApplication application = WebhookApplication.start(server, false, Interrupted.class, SHORT)) {
			Interrupted handlers = application.bean(Interrupted.class);
			String form = form(newSid(), "sent");
			assertThat(this.client.postSigned(url(application), form)).isIn(500, 503);
			Awaitility.await().atMost(TIMEOUT).until(() -> handlers.interrupted.get() == 1);
			assertThat(this.client.postUntilTaken(url(application), form)).isEqualTo(204);
			assertThat(handlers.calls).hasValue(2);
			assertThat(output).contains("interrupted.track(StatusUpdate) took longer than PT1S");
		}
	}

	@ParameterizedTest
	@EnumSource(Server.class)
	void whatAMethodBringsAfterItsLimitDoesNotCount(Server server, CapturedOutput output) {
		try (WebhookApplication application = WebhookApplication.start(server, false, Deaf.class, SHORT)) {
			Deaf handlers = application.bean(Deaf.class);
			String form = form(newSid(), "sent");
			ExecutorService provider = Executors.newSingleThreadExecutor();
			provider.execute(() -> this.client.postSigned(url(application), form));
			Awaitility.await().atMost(TIMEOUT).until(() -> output.getOut().contains("took longer than PT1S"));
			handlers.failing = true;
			// Its first call is still at it, and a second one fails.
			assertThat(this.client.postSigned(url(application), form)).isIn(500, 503);
			Awaitility.await().atMost(TIMEOUT).untilAsserted(() -> assertThat(handlers.calls).hasValue(2));
			handlers.release.countDown();
			Awaitility.await().atMost(TIMEOUT).until(() -> output.getOut().contains("has ended after its limit"));
			handlers.failing = false;
			assertThat(this.client.postUntilTaken(url(application), form)).isEqualTo(204);
			assertThat(handlers.calls).hasValue(3);
			provider.shutdownNow();
		}
	}

	@ParameterizedTest
	@EnumSource(Server.class)
	void aReactiveMethodWithoutEndIsCanceledAtItsLimit(Server server, CapturedOutput output) {
		try (WebhookApplication application = WebhookApplication.start(server, false, Never.class, SHORT)) {
			String form = form(newSid(), "sent");
			assertThat(this.client.postSigned(url(application), form)).isEqualTo(503);
			assertThat(this.client.postUntilTaken(url(application), form)).isEqualTo(204);
			assertThat(output).contains("never.track(StatusUpdate) took longer than PT1S");
		}
	}

	@ParameterizedTest
	@EnumSource(Server.class)
	void anIncomingMessageWaitsForAThreadForAsLongAsItsAnswerMayTake(Server server) throws Exception {
		ExecutorService provider = Executors.newFixedThreadPool(2);
		try (WebhookApplication application = WebhookApplication.start(server, false, Slow.class,
				"twilio.messaging.webhook.request.answer-timeout=200ms",
				"twilio.messaging.webhook.request.inbound-answer-timeout=20s",
				"twilio.messaging.webhook.max-concurrent-handlers=1")) {
			Slow handlers = application.bean(Slow.class);
			List<Future<Integer>> answers = new ArrayList<>();
			for (int i = 0; i < 2; i++) {
				String form = "AccountSid=AC1&MessageSid=" + newSid() + "&From=%2B15558675310&To=%2B15005550006&Body=x";
				String url = "http://localhost:" + application.port() + "/twilio/inbound";
				answers.add(provider.submit(() -> this.client.post(url, form, sign(url, form))));
			}
			for (Future<Integer> answer : answers) {
				assertThat(answer.get(TIMEOUT.toSeconds(), TimeUnit.SECONDS)).isEqualTo(200);
			}
			assertThat(handlers.calls).hasValue(2);
		}
		finally {
			provider.shutdownNow();
		}
	}

	@ParameterizedTest
	@EnumSource(Server.class)
	void aLongMethodAndAReactiveOneBothCount(Server server) {
		try (WebhookApplication application = WebhookApplication.start(server, false, Both.class,
				"twilio.messaging.webhook.request.answer-timeout=2s")) {
			String form = form(newSid(), "sent");
			int status = this.client.postSigned(url(application), form);
			if (server == Server.NETTY) {
				assertThat(status).isEqualTo(503);
				status = this.client.postUntilTaken(url(application), form);
			}
			assertThat(status).isEqualTo(204);
			Awaitility.await().atMost(TIMEOUT).until(() -> application.bean(Both.class).calls.get() == 2);
		}
	}

	private static String url(WebhookApplication application) {
		return "http://localhost:" + application.port() + WebhookApplication.PATH;
	}

	@Configuration(proxyBeanMethods = false)
	static class Slow {

		final AtomicInteger calls = new AtomicInteger();

		@InboundMessage
		void take() throws InterruptedException {
			TimeUnit.MILLISECONDS.sleep(400);
			this.calls.incrementAndGet();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Both {

		final AtomicInteger calls = new AtomicInteger();

		@StatusCallback
		@Order(1)
		void takesLong() throws InterruptedException {
			TimeUnit.SECONDS.sleep(3);
			this.calls.incrementAndGet();
		}

		@StatusCallback
		@Order(2)
		Mono<Void> reactive() {
			return Mono.delay(Duration.ofMillis(50)).doOnNext((tick) -> this.calls.incrementAndGet()).then();
		}

	}

	@Configuration("interrupted")
	static class Interrupted {

		final AtomicInteger calls = new AtomicInteger();

		final AtomicInteger interrupted = new AtomicInteger();

		@StatusCallback
		void track(StatusUpdate update) {
			if (this.calls.incrementAndGet() == 1) {
				try {
					new CountDownLatch(1).await();
				}
				catch (InterruptedException ex) {
					this.interrupted.incrementAndGet();
				}
			}
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Deaf {

		final CountDownLatch release = new CountDownLatch(1);

		final AtomicInteger calls = new AtomicInteger();

		volatile boolean failing;

		@StatusCallback
		void track(StatusUpdate update) {
			if (this.calls.incrementAndGet() == 1) {
				boolean ended = false;
				while (!ended) {
					try {
						this.release.await();
						ended = true;
					}
					catch (InterruptedException ex) {
						// A method that won't hear.
					}
				}
			}
			else if (this.failing) {
				throw new IllegalStateException("not yet");
			}
		}

	}

	@Configuration("never")
	static class Never {

		final AtomicInteger calls = new AtomicInteger();

		@StatusCallback
		Mono<Void> track(StatusUpdate update) {
			return (this.calls.incrementAndGet() == 1) ? Mono.never() : Mono.empty();
		}

	}

}
