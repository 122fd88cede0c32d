package io.github.twiliospring.messaging.autoconfigure.webhook;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import com.sun.net.httpserver.HttpServer;
import io.github.twiliospring.messaging.autoconfigure.webhook.WebhookApplication.Server;
import io.github.twiliospring.messaging.webhook.StatusCallback;
import io.github.twiliospring.messaging.webhook.StatusUpdate;
import io.github.twiliospring.messaging.webhook.sweep.MessageReferences;
import io.github.twiliospring.messaging.webhook.sweep.StatusSweep;
import io.github.twiliospring.messaging.webhook.sweep.StatusSweep.SweepResult;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import reactor.core.publisher.Mono;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A sweep comes to its end, and brings what it can, whatever the application's methods
 * do.
 */
@ExtendWith(OutputCaptureExtension.class)
@Timeout(120)
class SweepEndTests {

	private static final Duration TIMEOUT = Duration.ofSeconds(40);

	// More than are handed on at once.
	private static final int MESSAGES = 40;

	private HttpServer api;

	@BeforeEach
	void listMessages() throws IOException {
		String messages = IntStream.range(0, MESSAGES)
			.mapToObj((index) -> "{\"sid\":\"" + sid(index)
					+ "\",\"status\":\"delivered\",\"direction\":\"outbound-api\","
					+ "\"account_sid\":\"AC0123456789abcdef0123456789abcdef\",\"to\":\"+15558675310\",\"body\":\"Hi\"}")
			.collect(Collectors.joining(",", "{\"messages\":[", "],\"next_page_uri\":null}"));
		this.api = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		this.api.createContext("/", (exchange) -> {
			byte[] bytes = messages.getBytes(StandardCharsets.UTF_8);
			exchange.getResponseHeaders().set("Content-Type", "application/json");
			exchange.sendResponseHeaders(200, bytes.length);
			exchange.getResponseBody().write(bytes);
			exchange.close();
		});
		this.api.start();
	}

	@AfterEach
	void stop() {
		this.api.stop(0);
	}

	@Test
	void referencesThatNeverComeEndNoSweepAndTheNextOneBringsTheRest(CapturedOutput output) {
		try (WebhookApplication application = start(Unknown.class)) {
			Unknown unknown = application.bean(Unknown.class);
			try {
				assertThat(sweep(application)).isEqualTo(new SweepResult(MESSAGES, MESSAGES - 7, 7));
				assertThat(output).contains("couldn't be handed on; the next sweep tries again");
			}
			finally {
				unknown.release.countDown();
			}
			unknown.known = true;
			assertThat(sweep(application)).isEqualTo(new SweepResult(MESSAGES, 7, 0));
			assertThat(unknown.references).hasSize(MESSAGES);
			assertThat(output).doesNotContain("onErrorDropped");
		}
	}

	@Test
	void methodsThatHangEndNoSweep() {
		try (WebhookApplication application = start(Hanging.class)) {
			Hanging hanging = application.bean(Hanging.class);
			try {
				assertThat(sweep(application)).isEqualTo(new SweepResult(MESSAGES, MESSAGES - 4, 4));
			}
			finally {
				hanging.release.countDown();
			}
		}
	}

	private WebhookApplication start(Class<?> handlers) {
		return WebhookApplication.start(Server.NETTY, false, handlers,
				"twilio.base-url=http://localhost:" + this.api.getAddress().getPort(),
				"twilio.messaging.webhook.handler-limit=1s",
				"twilio.messaging.webhook.request.inbound-answer-timeout=1s");
	}

	private static SweepResult sweep(WebhookApplication application) {
		return application.bean(StatusSweep.class).since(Instant.EPOCH).block(TIMEOUT);
	}

	private static String sid(int index) {
		return "SM" + "%032x".formatted(index);
	}

	private static void await(CountDownLatch latch) {
		boolean ended = false;
		while (!ended) {
			try {
				latch.await();
				ended = true;
			}
			catch (InterruptedException ex) {
				// Code that won't hear.
			}
		}
	}

	@Configuration(proxyBeanMethods = false)
	static class Unknown {

		final CountDownLatch release = new CountDownLatch(1);

		final Set<String> references = ConcurrentHashMap.newKeySet();

		volatile boolean known;

		@StatusCallback
		Mono<Void> track(StatusUpdate update) {
			return Mono.fromRunnable(() -> this.references.add(String.valueOf(update.reference())));
		}

		@Bean
		MessageReferences messageReferences() {
			return (message) -> {
				int index = Integer.parseInt(message.sid().substring(2), 16);
				return switch (this.known ? MESSAGES : index) {
					case 0 -> Mono.never();
					case 1 -> Mono.delay(Duration.ofMillis(10)).map((tick) -> {
						throw new NoClassDefFoundError("com/example/Missing");
					});
					case 2 -> throw new StackOverflowError();
					case 3 -> Mono.<String>never().doOnCancel(() -> await(this.release));
					case 4 -> {
						await(this.release);
						yield Mono.empty();
					}
					case 5 -> Mono.error(new IllegalStateException("no database"));
					// What waits for a connection fails where it's interrupted.
					case 6 -> Mono.fromCallable(() -> {
						new CountDownLatch(1).await();
						return "never";
					});
					default -> Mono.just("order-" + index);
				};
			};
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Hanging {

		final CountDownLatch release = new CountDownLatch(1);

		@StatusCallback
		Mono<Void> track(StatusUpdate update) {
			return switch (Integer.parseInt(update.messageSid().substring(2), 16)) {
				case 0, 1 -> Mono.never();
				case 2 -> Mono.<Void>never().doOnCancel(() -> await(this.release));
				case 3 -> Mono.delay(Duration.ofMillis(10)).map((tick) -> {
					throw new NoClassDefFoundError("com/example/Missing");
				});
				default -> Mono.empty();
			};
		}

	}

}
