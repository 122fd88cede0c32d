package io.github.twiliospring.messaging.autoconfigure.webhook;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.twiliospring.messaging.autoconfigure.webhook.WebhookApplication.Server;
import io.github.twiliospring.messaging.webhook.InboundMessage;
import io.github.twiliospring.messaging.webhook.Reply;
import io.github.twiliospring.messaging.webhook.StatusCallback;
import io.github.twiliospring.messaging.webhook.Webhooks;
import io.github.twiliospring.messaging.webhook.WebhookLimits;
import org.awaitility.Awaitility;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Mono;

import org.springframework.context.annotation.Configuration;

import static io.github.twiliospring.messaging.autoconfigure.webhook.WebhookClient.form;
import static io.github.twiliospring.messaging.autoconfigure.webhook.WebhookClient.newSid;
import static io.github.twiliospring.messaging.autoconfigure.webhook.WebhookClient.sign;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * How long methods may take: those for reports less than those for incoming messages.
 */
class SlowHandlerTests {

	private static final Duration TIMEOUT = Duration.ofSeconds(20);

	private static final Duration SHORT = Duration.ofMillis(200);

	private final WebhookClient client = new WebhookClient();

	@ParameterizedTest
	@EnumSource(Server.class)
	void aReplyThatTakesLongerThanAReportMayStillReachesTheProvider(Server server) throws Exception {
		try (WebhookApplication application = application(server, SHORT, TIMEOUT)) {
			Slow slow = application.bean(Slow.class);
			String form = inbound();
			CompletableFuture<HttpResponse<String>> reply = CompletableFuture
				.supplyAsync(() -> post(application, "/twilio/inbound", form));
			slow.inboundBegun.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
			// It began later, so its limit ends after that of a report would have here.
			assertThat(post(application, WebhookApplication.PATH, form(newSid(), "sent")).statusCode()).isEqualTo(503);
			slow.reply.complete(Reply.text("at last"));
			HttpResponse<String> answer = reply.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
			assertThat(answer.statusCode()).isEqualTo(200);
			assertThat(answer.body()).contains("<Body>at last</Body>");
		}
	}

	@ParameterizedTest
	@EnumSource(Server.class)
	void aReplyOverTheLimitIsAnswered503AndGivenToTheRepetition(Server server) {
		try (WebhookApplication application = application(server, TIMEOUT, SHORT)) {
			Slow slow = application.bean(Slow.class);
			String form = inbound();
			assertThat(post(application, "/twilio/inbound", form).statusCode()).isEqualTo(503);
			slow.reply.complete(Reply.text("at last"));
			// On a busy machine, one repetition may take too long as well.
			Awaitility.await()
				.atMost(TIMEOUT)
				.untilAsserted(() -> assertThat(post(application, "/twilio/inbound", form).body())
					.contains("<Body>at last</Body>"));
			assertThat(slow.calls).hasValue(1);
		}
	}

	@ParameterizedTest
	@EnumSource(Server.class)
	void theLimitsThatHoldWhereNothingIsConfiguredAreTheLibrarysOwn(Server server) {
		try (WebhookApplication application = WebhookApplication.start(server, false, Slow.class)) {
			WebhookLimits limits = application.bean(Webhooks.class).limits();
			assertThat(limits).usingRecursiveComparison()
				.ignoringFields("bodyTimeout")
				.isEqualTo(WebhookLimits.defaults());
		}
	}

	private static WebhookApplication application(Server server, Duration report, Duration inbound) {
		return WebhookApplication.start(server, false, Slow.class,
				"twilio.messaging.webhook.request.answer-timeout=" + report.toMillis() + "ms",
				"twilio.messaging.webhook.request.inbound-answer-timeout=" + inbound.toMillis() + "ms");
	}

	private HttpResponse<String> post(WebhookApplication application, String path, String form) {
		String url = "http://localhost:" + application.port() + path;
		return this.client.post(url, form, Map.of(), sign(url, form));
	}

	private static String inbound() {
		return "AccountSid=AC1&MessageSid=" + newSid() + "&From=%2B15558675310&To=%2B15005550006&Body=x";
	}

	@Configuration(proxyBeanMethods = false)
	static class Slow {

		final CompletableFuture<Void> inboundBegun = new CompletableFuture<>();

		final CompletableFuture<Reply> reply = new CompletableFuture<>();

		final AtomicInteger calls = new AtomicInteger();

		@InboundMessage
		Mono<Reply> answer() {
			this.calls.incrementAndGet();
			this.inboundBegun.complete(null);
			return Mono.fromFuture(this.reply, true);
		}

		@StatusCallback
		Mono<Void> track() {
			return Mono.never();
		}

	}

}
