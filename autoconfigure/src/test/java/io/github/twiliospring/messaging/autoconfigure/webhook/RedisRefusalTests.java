package io.github.twiliospring.messaging.autoconfigure.webhook;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

import io.github.twiliospring.messaging.webhook.StatusUpdate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import org.springframework.boot.WebApplicationType;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Whatever Redis answers that isn't an answer, or no answer at all: the provider is asked
 * to repeat, nothing is handled, and later it's handled once.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RedisRefusalTests {

	private static final Duration TIMEOUT = Duration.ofSeconds(20);

	private final WebhookClient client = new WebhookClient();

	private RedisServer server;

	private WebhookApplication application;

	private String url;

	@BeforeAll
	void start() throws IOException {
		this.server = RedisServer.startDurable("--enable-protected-configs", "yes");
		this.application = WebhookApplication.start(WebApplicationType.REACTIVE, false,
				RedisCallbackLedgerTests.RecorderConfiguration.class, "spring.data.redis.port=" + this.server.port(),
				"spring.data.redis.timeout=500ms", "twilio.messaging.webhook.ledger.store=redis",
				"twilio.messaging.webhook.request.answer-timeout=1s");
		this.url = "http://localhost:" + this.application.port() + WebhookApplication.PATH;
		String form = WebhookClient.form(WebhookClient.newSid(), "sent");
		// The first takes longer than others.
		Awaitility.await().atMost(TIMEOUT).until(() -> this.client.postSigned(this.url, form) == 204);
	}

	@BeforeEach
	void forget() {
		this.application.bean(Recorder.class).seen.clear();
	}

	@AfterAll
	void stop() {
		if (this.application != null) {
			this.application.close();
		}
		if (this.server != null) {
			this.server.close();
		}
	}

	@ParameterizedTest
	@EnumSource
	void asksTheProviderToRepeat(Refusal refusal) {
		String form = WebhookClient.form(WebhookClient.newSid(), "delivered");
		refusal.begin.accept(this.server);
		try {
			assertThat(this.client.postSigned(this.url, form)).isIn(500, 503);
			assertThat(this.client.postSigned(this.url, form)).as("repeated").isIn(500, 503);
			assertThat(this.application.bean(Recorder.class).seen).isEmpty();
		}
		finally {
			refusal.end.accept(this.server);
		}
		for (int time = 0; time < 2; time++) {
			Awaitility.await().atMost(TIMEOUT).until(() -> this.client.postSigned(this.url, form) == 204);
		}
		assertThat(this.application.bean(Recorder.class).seen).hasSize(1);
	}

	@ParameterizedTest
	@EnumSource
	void marksAfterwardsWhatWasHandledMeanwhile(Refusal refusal) {
		Recorder recorder = this.application.bean(Recorder.class);
		String form = WebhookClient.form(WebhookClient.newSid(), "delivered");
		Function<StatusUpdate, Mono<Void>> usual = recorder.method;
		recorder.method = (update) -> Mono.<Void>fromRunnable(() -> refusal.begin.accept(this.server))
			.subscribeOn(Schedulers.boundedElastic())
			.then(usual.apply(update));
		try {
			assertThat(this.client.postSigned(this.url, form)).isIn(500, 503);
			assertThat(this.client.postSigned(this.url, form)).as("repeated").isIn(500, 503);
		}
		finally {
			recorder.method = usual;
			refusal.end.accept(this.server);
		}
		Awaitility.await().atMost(TIMEOUT).until(() -> this.client.postSigned(this.url, form) == 204);
		assertThat(recorder.seen).hasSize(1);
	}

	@Test
	void handlesOnceWhereRedisHasForgottenTheScripts() {
		String form = WebhookClient.form(WebhookClient.newSid(), "delivered");
		Recorder recorder = this.application.bean(Recorder.class);
		for (String round : List.of("first", "repeated")) {
			this.server.command("SCRIPT", "FLUSH");
			// Commands have half a second, which isn't much on a busy machine.
			Awaitility.await()
				.atMost(TIMEOUT)
				.untilAsserted(() -> assertThat(this.client.postSigned(this.url, form)).as(round).isEqualTo(204));
		}
		assertThat(recorder.seen).hasSize(1);
	}

	/**
	 * A way in which Redis doesn't do what it's asked to.
	 */
	enum Refusal {

		READONLY((server) -> server.command("REPLICAOF", "127.0.0.1", "1"),
				(server) -> server.command("REPLICAOF", "NO", "ONE")),

		MASTERDOWN((server) -> {
			server.command("CONFIG", "SET", "replica-serve-stale-data", "no");
			server.command("REPLICAOF", "127.0.0.1", "1");
		}, (server) -> {
			server.command("REPLICAOF", "NO", "ONE");
			server.command("CONFIG", "SET", "replica-serve-stale-data", "yes");
		}),

		NOREPLICAS((server) -> server.command("CONFIG", "SET", "min-replicas-to-write", "1"),
				(server) -> server.command("CONFIG", "SET", "min-replicas-to-write", "0")),

		MISCONF(RedisServer::failSnapshot, RedisServer::forgetSnapshot),

		OOM((server) -> server.command("CONFIG", "SET", "maxmemory", "1"),
				(server) -> server.command("CONFIG", "SET", "maxmemory", "0")),

		BUSY(RedisServer::keepBusy, (server) -> {
			server.command("SCRIPT", "KILL");
			server.awaitAnswer("+PONG");
		}),

		LOADING((server) -> {
			server.command("EVAL", "for i = 1, 30000 do redis.call('SET', 'filling:' .. i, '') end", "0");
			server.kill();
			server.launchAgain("--key-load-delay", "100");
			server.awaitAnswer("-LOADING");
		}, (server) -> server.awaitAnswer("+PONG")),

		FROZEN(RedisServer::freeze, RedisServer::thaw),

		KILLED(RedisServer::kill, (server) -> server.restart());

		private final Consumer<RedisServer> begin;

		private final Consumer<RedisServer> end;

		Refusal(Consumer<RedisServer> begin, Consumer<RedisServer> end) {
			this.begin = begin;
			this.end = end;
		}

	}

}
