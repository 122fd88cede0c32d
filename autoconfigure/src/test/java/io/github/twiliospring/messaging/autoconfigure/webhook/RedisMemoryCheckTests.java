package io.github.twiliospring.messaging.autoconfigure.webhook;

import java.io.IOException;
import java.time.Duration;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A Redis that forgets marks is named in the log, once.
 */
@ExtendWith(OutputCaptureExtension.class)
class RedisMemoryCheckTests {

	private static final Duration TIMEOUT = Duration.ofSeconds(20);

	private static final String EVICTS = "set its maxmemory-policy to noeviction";

	private static final String FORGETS = "set its appendonly to yes";

	@Test
	void warnsOfOneThatEvictsAndKeepsNothing(CapturedOutput output) throws IOException {
		try (RedisServer server = RedisServer.start("--maxmemory", "100mb", "--maxmemory-policy", "volatile-lru");
				WebhookApplication application = application(server)) {
			Awaitility.await().atMost(TIMEOUT).until(() -> output.getOut().contains(FORGETS));
			assertThat(application.port()).isPositive();
			assertThat(output.getOut()).containsOnlyOnce(EVICTS).containsOnlyOnce(FORGETS);
		}
	}

	@Test
	void saysNothingOfOneThatKeepsAll(CapturedOutput output) throws IOException {
		try (RedisServer server = RedisServer.start("--appendonly", "yes", "--maxmemory-policy", "allkeys-lru")) {
			assertSilent(output, server);
		}
	}

	@Test
	void saysNothingWhereItMayNotAsk(CapturedOutput output) throws IOException {
		try (RedisServer server = RedisServer.start("--maxmemory", "100mb", "--maxmemory-policy", "volatile-lru")) {
			server.command("ACL", "SETUSER", "default", "-info");
			assertSilent(output, server);
		}
	}

	private static void assertSilent(CapturedOutput output, RedisServer server) {
		try (WebhookApplication application = application(server)) {
			String url = "http://localhost:" + application.port() + WebhookApplication.PATH;
			String form = WebhookClient.form(WebhookClient.newSid(), "sent");
			// By the time a later command has been answered, so has the check's.
			assertThat(new WebhookClient().postUntilTaken(url, form)).isEqualTo(204);
			assertThat(output.getOut()).doesNotContain(EVICTS).doesNotContain(FORGETS);
		}
	}

	private static WebhookApplication application(RedisServer server) {
		return WebhookApplication.start(WebApplicationType.REACTIVE, false,
				RedisCallbackLedgerTests.RecorderConfiguration.class, "spring.data.redis.port=" + server.port(),
				"twilio.messaging.webhook.ledger.store=redis");
	}

}
