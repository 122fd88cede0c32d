package io.github.twiliospring.messaging.autoconfigure.webhook;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.twiliospring.messaging.autoconfigure.webhook.WebhookApplication.Server;
import io.github.twiliospring.messaging.webhook.ledger.CallbackLedger.Verdict;
import io.github.twiliospring.messaging.webhook.ledger.LedgerKey;
import io.github.twiliospring.messaging.webhook.ledger.RedisCallbackLedger.RedisLedgerSettings;
import io.github.twiliospring.messaging.webhook.ledger.StatusMark;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.resource.EpollProvider;
import io.lettuce.core.resource.IOUringProvider;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Mono;

import org.springframework.boot.data.redis.autoconfigure.LettuceClientOptionsBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Connections to Redis that end in the middle of a reply, or lead to a server that has
 * become a replica, or to a host that is gone.
 */
@Timeout(120)
class RedisConnectionTests {

	private static final Duration TIMEOUT = Duration.ofSeconds(30);

	private static final StatusMark SENT = new StatusMark("sent", 3, false);

	private final AtomicInteger commands = new AtomicInteger();

	@Test
	void aReplyThatIsCutOffLeavesNoClaimBehind() throws Exception {
		RedisLedgerSettings settings = new RedisLedgerSettings("cut:", Duration.ofMinutes(1), Duration.ofDays(1),
				Duration.ofHours(1), Duration.ofSeconds(4));
		try (RedisServer server = RedisServer.startDurable();
				Cutter cutter = new Cutter(server.port());
				RedisInstance ledger = new RedisInstance(cutter.port(), settings, Duration.ofSeconds(2),
						ClientOptions.builder().timeoutOptions(TimeoutOptions.enabled()).build())) {
			AtomicInteger runs = new AtomicInteger();
			Mono<Void> method = Mono.fromRunnable(runs::incrementAndGet);
			LedgerKey first = CallbackLedgerContract.newKey();
			Awaitility.await()
				.atMost(TIMEOUT)
				.until(() -> ledger.ledger().handleOnce(first, SENT, method).onErrorComplete().block() != null);
			LedgerKey key = CallbackLedgerContract.newKey();
			cutter.armed = true;
			ledger.ledger().handleOnce(key, SENT, method).onErrorComplete().block();
			assertThat(cutter.armed).isFalse();
			// Long before the claim would have ended by itself.
			Awaitility.await()
				.atMost(Duration.ofSeconds(20))
				.until(() -> ledger.ledger().handleOnce(key, SENT, method).onErrorComplete().block(),
						(verdict) -> verdict == Verdict.HANDLED || verdict == Verdict.DUPLICATE);
			assertThat(runs).hasValue(2);
		}
	}

	@Test
	void leavesAServerThatHasBecomeAReplica() throws Exception {
		try (RedisServer server = RedisServer.startDurable(); WebhookApplication application = application(server)) {
			WebhookClient client = new WebhookClient();
			String url = "http://localhost:" + application.port() + WebhookApplication.PATH;
			assertThat(client.postUntilTaken(url, WebhookClient.form(WebhookClient.newSid(), "sent"))).isEqualTo(204);
			server.command("REPLICAOF", "127.0.0.1", "1");
			long before = connectionsOfOthers(server);
			for (int asked = 1; asked <= 5; asked++) {
				assertThat(client.postSigned(url, WebhookClient.form(WebhookClient.newSid(), "sent"))).isIn(500, 503);
			}
			// Each question is a connection, too.
			Awaitility.await().atMost(TIMEOUT).until(() -> connectionsOfOthers(server) > before);
			server.command("REPLICAOF", "NO", "ONE");
			assertThat(client.postUntilTaken(url, WebhookClient.form(WebhookClient.newSid(), "sent"))).isEqualTo(204);
		}
	}

	@Test
	void letsTheKernelFindOutADeadHostWhereItCan() throws Exception {
		try (RedisServer server = RedisServer.start();
				WebhookApplication application = WebhookApplication.start(Server.NETTY, false, Bounded.class,
						"spring.data.redis.port=" + server.port(), "spring.data.redis.connect-timeout=3s",
						"twilio.messaging.webhook.ledger.store=redis")) {
			ClientOptions client = application.bean(LettuceConnectionFactory.class)
				.getClientConfiguration()
				.getClientOptions()
				.orElseThrow();
			assertThat(client.getRequestQueueSize()).isEqualTo(10_000);
			SocketOptions options = client.getSocketOptions();
			assertThat(options.isEnableTcpUserTimeout())
				.isEqualTo(EpollProvider.isAvailable() || IOUringProvider.isAvailable());
			assertThat(options.getConnectTimeout()).isEqualTo(Duration.ofSeconds(3));
		}
	}

	// But for those of this test, one for each command.
	private long connectionsOfOthers(RedisServer server) {
		Matcher received = Pattern.compile("total_connections_received:(\\d+)")
			.matcher(server.command("INFO", "stats"));
		assertThat(received.find()).isTrue();
		return Long.parseLong(received.group(1)) - this.commands.incrementAndGet();
	}

	private static WebhookApplication application(RedisServer server) {
		return WebhookApplication.start(Server.NETTY, false, RedisCallbackLedgerTests.RecorderConfiguration.class,
				"spring.data.redis.port=" + server.port(), "spring.data.redis.timeout=1s",
				"twilio.messaging.webhook.ledger.store=redis");
	}

	/**
	 * What an application may add, as docs/operations.md has it.
	 */
	@Configuration(proxyBeanMethods = false)
	static class Bounded extends RedisCallbackLedgerTests.RecorderConfiguration {

		// @formatter:off
		@Bean
		LettuceClientOptionsBuilderCustomizer boundedRedisQueue() {
			return (options) -> options.requestQueueSize(10_000);
		}
		// @formatter:on

	}

	/**
	 * Passes everything on, but for the next reply of several parts: it ends after a few
	 * bytes, and the connection with it.
	 */
	private static final class Cutter implements AutoCloseable {

		private static final int BYTES = 4;

		private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());

		private final ExecutorService threads = Executors.newCachedThreadPool();

		private final int target;

		private volatile boolean armed;

		Cutter(int target) throws IOException {
			this.target = target;
			this.threads.execute(this::accept);
		}

		int port() {
			return this.listener.getLocalPort();
		}

		private void accept() {
			try {
				while (true) {
					Socket client = this.listener.accept();
					Socket server = new Socket(InetAddress.getLoopbackAddress(), this.target);
					this.threads.execute(() -> ask(client, server));
					this.threads.execute(() -> answer(server, client));
				}
			}
			catch (IOException ex) {
				// It's closed.
			}
		}

		private static void ask(Socket client, Socket server) {
			try (client; server) {
				client.getInputStream().transferTo(server.getOutputStream());
			}
			catch (IOException ex) {
				// The other way ended.
			}
		}

		private void answer(Socket server, Socket client) {
			byte[] bytes = new byte[8192];
			try (server; client) {
				InputStream input = server.getInputStream();
				OutputStream output = client.getOutputStream();
				for (int length = input.read(bytes); length >= 0; length = input.read(bytes)) {
					if (this.armed && bytes[0] == '*') {
						this.armed = false;
						output.write(bytes, 0, BYTES);
						client.shutdownOutput();
						// Until the client has hung up, too.
						input.read(bytes);
						return;
					}
					output.write(bytes, 0, length);
				}
			}
			catch (IOException ex) {
				// The other way ended.
			}
		}

		@Override
		public void close() throws IOException {
			this.listener.close();
			this.threads.shutdownNow();
		}

	}

}
