package io.github.twiliospring.messaging.webhook;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.github.twiliospring.messaging.message.MessageStatus;
import io.github.twiliospring.messaging.signature.RequestSigner;
import io.github.twiliospring.messaging.signature.RequestValidator;
import io.github.twiliospring.messaging.webhook.ledger.InMemoryCallbackLedger;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.config.MeterFilterReply;
import io.micrometer.core.instrument.observation.DefaultMeterObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

class WebhookObservationTests {

	private static final Instant SENT = Instant.parse("2026-03-02T09:00:00Z");

	private static final String URL = StatusCallbackUrl.decorate("https://shop.example.com/twilio/status", "order-42",
			"id", SENT);

	private final MeterRegistry meters = new SimpleMeterRegistry();

	@Test
	void countsWhatBecameOfEachWebhook() {
		try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext(Application.class)) {
			WebhookEndpoint endpoint = endpoint(context);
			send(endpoint, "delivered", "");
			send(endpoint, "delivered", "");
			send(endpoint, "sent", "");
			send(endpoint, "queued", "");
			send(endpoint, "canceled", "");
			send(endpoint, "undelivered", "&ErrorCode=30003");
			send(endpoint, "delivered", "forged");
		}
		assertCountedOnce("handled", "delivered", "none");
		assertCountedOnce("duplicate", "delivered", "none");
		assertCountedOnce("stale", "sent", "none");
		assertCountedOnce("ignored", "queued", "none");
		assertCountedOnce("failed", "canceled", "none");
		assertCountedOnce("stale", "undelivered", "unreachable");
		assertCountedOnce("refused", "none", "none");
	}

	@Test
	void timesTheDeliveryOnceFromSendingToTheFinalStatus() {
		try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext(Application.class)) {
			WebhookEndpoint endpoint = endpoint(context);
			send(endpoint, "sent", "");
			assertThat(this.meters.find("twilio.messaging.delivery").timer()).isNull();
			send(endpoint, "delivered", "");
			send(endpoint, "delivered", "");
		}
		assertThat(this.meters.get("twilio.messaging.delivery")
			.tag("twilio.messaging.status", "delivered")
			.timer()
			.count()).isEqualTo(1);
		assertThat(this.meters.get("twilio.messaging.delivery").timer().totalTime(TimeUnit.SECONDS)).isEqualTo(90);
	}

	@Test
	void aMeterThatFailsMakesNoUpdateFail() {
		this.meters.config().meterFilter(new MeterFilter() {

			@Override
			public MeterFilterReply accept(Meter.Id id) {
				if (id.getName().equals("twilio.messaging.delivery")) {
					throw new IllegalStateException("no meter");
				}
				return MeterFilterReply.NEUTRAL;
			}

		});
		try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext(Application.class)) {
			WebhookEndpoint endpoint = endpoint(context);
			send(endpoint, "delivered", "");
			send(endpoint, "delivered", "");
		}
		assertCountedOnce("handled", "delivered", "none");
		assertCountedOnce("duplicate", "delivered", "none");
	}

	// An observation ends after the answer, maybe on another thread.
	private void assertCountedOnce(String outcome, String status, String category) {
		Awaitility.await()
			.untilAsserted(() -> assertThat(this.meters.find("twilio.messaging.webhook")
				.tags("twilio.messaging.webhook.kind", "status", "twilio.messaging.outcome", outcome,
						"twilio.messaging.status", status, "twilio.messaging.error.category", category)
				.timers()).singleElement().extracting(Timer::count).isEqualTo(1L));
	}

	private WebhookEndpoint endpoint(AnnotationConfigApplicationContext context) {
		ObservationRegistry observations = ObservationRegistry.create();
		observations.observationConfig().observationHandler(new DefaultMeterObservationHandler(this.meters));
		StatusUpdateDispatcher dispatcher = new StatusUpdateDispatcher(context.getBean(StatusCallbackHandlers.class),
				new InMemoryCallbackLedger(100, Duration.ofDays(1)), Pools.pool(), this.meters,
				Clock.fixed(SENT.plusSeconds(90), ZoneOffset.UTC));
		return WebhookEndpoint.forStatus(
				new WebhookGate(new RequestValidator(List.of("token")), WebhookLimits.defaults()), dispatcher,
				observations, null);
	}

	private static void send(WebhookEndpoint endpoint, String status, String more) {
		String form = "AccountSid=AC1&MessageSid=SM1&MessageStatus=" + status + more;
		String signature = more.equals("forged") ? "x"
				: new RequestSigner("token").sign(URL, FormParameters.parse(form, 20));
		endpoint
			.receive(
					Mono.just(new WebhookRequest(URL, URL.substring(URL.indexOf('?') + 1),
							"application/x-www-form-urlencoded", form.length(), List.of(signature), form.getBytes())),
					Pools.pool())
			.block();
	}

	@Configuration(proxyBeanMethods = false)
	static class Application {

		@Bean
		StatusCallbackHandlers handlers(AnnotationConfigApplicationContext context) {
			return new StatusCallbackHandlers(context.getBeanFactory(), List.of());
		}

		@StatusCallback({ MessageStatus.DELIVERED, MessageStatus.SENT, MessageStatus.UNDELIVERED })
		void track(StatusUpdate update) {
		}

		@StatusCallback(MessageStatus.CANCELED)
		void fail(StatusUpdate update) {
			throw new IllegalStateException("always");
		}

	}

}
