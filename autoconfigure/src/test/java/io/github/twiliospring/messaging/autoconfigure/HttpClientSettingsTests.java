package io.github.twiliospring.messaging.autoconfigure;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpClient.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.github.twiliospring.messaging.MessagingTemplate;
import io.github.twiliospring.messaging.error.MessageNotSentException;
import io.github.twiliospring.messaging.error.MessageOutcomeUnknownException;
import io.github.twiliospring.messaging.message.Message;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;
import reactor.netty.resources.LoopResources;
import reactor.netty.transport.ProxyProvider;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.HttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.reactive.ReactiveHttpClientAutoConfiguration;
import org.springframework.boot.http.client.reactive.ClientHttpConnectorBuilder;
import org.springframework.boot.http.client.reactive.JdkClientHttpConnectorBuilder;
import org.springframework.boot.http.client.reactive.ReactorClientHttpConnectorBuilder;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.webclient.WebClientCustomizer;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Boot's settings of HTTP clients, and the application's own client, hold for the
 * template; against real sockets.
 */
class HttpClientSettingsTests {

	private static final String PASSWORD = "changeit";

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class, HttpClientAutoConfiguration.class,
				ReactiveHttpClientAutoConfiguration.class, TwilioMessagingAutoConfiguration.class));

	@Test
	void usesTheApplicationsOwnClientAsItIsWhereItIsAskedTo() {
		List<String> connectedOn = new CopyOnWriteArrayList<>();
		ConnectionProvider pool = ConnectionProvider.create("own", 1);
		LoopResources loops = LoopResources.create("own", 1, true);
		CountDownLatch answered = new CountDownLatch(1);
		try (ApiStub api = new ApiStub()) {
			ApplicationContextRunner runner = this.contextRunner.withPropertyValues(api.properties())
				.withBean(ReactorClientHttpConnectorBuilder.class,
						() -> ClientHttpConnectorBuilder.reactor()
							.withHttpClientFactory(() -> HttpClient.create(pool)
								.runOn(loops)
								.doOnConnected((connection) -> connectedOn.add(Thread.currentThread().getName()))));
			runner.run((context) -> context.getBean(MessagingTemplate.class).send("+15558675310", "Hi").block());
			assertThat(connectedOn).isEmpty();
			CompletableFuture<Message> onItsWay = new CompletableFuture<>();
			api.holdAnswersUntil(answered);
			runner.withPropertyValues("twilio.messaging.client.pool.enabled=false").run((context) -> {
				context.getBean(MessagingTemplate.class)
					.send("+15558675310", "Hi")
					.subscribe(onItsWay::complete, onItsWay::completeExceptionally);
				Awaitility.await().until(() -> api.requests().size() == 2);
			});
			answered.countDown();
			assertThat(onItsWay).succeedsWithin(Duration.ofSeconds(20));
			assertThat(connectedOn).singleElement().asString().startsWith("own");
			assertThat(pool.isDisposed()).isFalse();
		}
		finally {
			answered.countDown();
			pool.dispose();
			loops.dispose();
		}
	}

	@Test
	void trustsTheServersOfAnSslBundleAndNoOthers(@TempDir Path folder) throws Exception {
		Path store = selfSigned(folder);
		HttpsServer api = tlsServer(store);
		try {
			ApplicationContextRunner runner = this.contextRunner.withPropertyValues(
					"twilio.account-sid=" + ApiStub.ACCOUNT_SID, "twilio.auth-token=hush",
					"twilio.messaging.from=+15017122661", "twilio.messaging.retry.max-attempts=1",
					"twilio.base-url=https://localhost:" + api.getAddress().getPort());
			runner.run((context) -> assertThatExceptionOfType(MessageNotSentException.class)
				.isThrownBy(() -> context.getBean(MessagingTemplate.class).send("+15558675310", "Hi").block()));
			runner
				.withPropertyValues("spring.http.clients.ssl.bundle=twilio",
						"spring.ssl.bundle.jks.twilio.truststore.type=PKCS12",
						"spring.ssl.bundle.jks.twilio.truststore.password=" + PASSWORD,
						"spring.ssl.bundle.jks.twilio.truststore.location=" + store.toUri())
				.run((context) -> {
					Message message = context.getBean(MessagingTemplate.class).send("+15558675310", "Hi").block();
					assertThat(message.sid()).isEqualTo("SM1");
				});
		}
		finally {
			api.stop(0);
		}
	}

	@Test
	void endsAtTheReadTimeout() {
		CountDownLatch gate = new CountDownLatch(1);
		try (ApiStub api = new ApiStub()) {
			api.holdAnswersUntil(gate);
			this.contextRunner.withPropertyValues(api.properties())
				.withPropertyValues("spring.http.clients.read-timeout=200ms")
				.run((context) -> assertThatExceptionOfType(MessageOutcomeUnknownException.class)
					.isThrownBy(() -> context.getBean(MessagingTemplate.class).send("+15558675310", "Hi").block())
					.withMessageContaining("ReadTimeoutException"));
			gate.countDown();
		}
	}

	@Test
	void goesThroughAProxy() throws Exception {
		try (ServerSocket proxy = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			CompletableFuture<String> asked = CompletableFuture.supplyAsync(() -> refuseFirst(proxy));
			this.contextRunner
				.withPropertyValues("twilio.account-sid=" + ApiStub.ACCOUNT_SID, "twilio.auth-token=hush",
						"twilio.messaging.from=+15017122661", "twilio.messaging.retry.max-attempts=1")
				.withBean(ReactorClientHttpConnectorBuilder.class, () -> ClientHttpConnectorBuilder.reactor()
					.withHttpClientCustomizer((client) -> client.proxy((spec) -> spec.type(ProxyProvider.Proxy.HTTP)
						.socketAddress(new InetSocketAddress("127.0.0.1", proxy.getLocalPort())))))
				.run((context) -> assertThatExceptionOfType(MessageNotSentException.class)
					.isThrownBy(() -> context.getBean(MessagingTemplate.class).send("+15558675310", "Hi").block()));
			assertThat(asked.get(10, TimeUnit.SECONDS)).startsWith("CONNECT api.twilio.com:443");
		}
	}

	@Test
	void appliesCustomizersInTheirOrder() {
		List<String> seen = new CopyOnWriteArrayList<>();
		try (ApiStub api = new ApiStub()) {
			this.contextRunner.withPropertyValues(api.properties())
				.withBean("last", WebClientCustomizer.class, () -> new Last(seen))
				.withBean("first", WebClientCustomizer.class, () -> new First(seen))
				.run((context) -> context.getBean(MessagingTemplate.class).send("+15558675310", "Hi").block());
			assertThat(seen).containsExactly("first", "last");
		}
	}

	@Test
	void keepsTheJdksClientFromFollowingRedirectsWhateverWasCustomized() throws Exception {
		List<String> requests = new CopyOnWriteArrayList<>();
		HttpServer api = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		api.createContext("/", (exchange) -> {
			requests.add(exchange.getRequestMethod());
			exchange.getResponseHeaders().set("Location", "/elsewhere");
			exchange.sendResponseHeaders(302, -1);
			exchange.close();
		});
		api.start();
		try {
			this.contextRunner
				.withPropertyValues("twilio.account-sid=" + ApiStub.ACCOUNT_SID, "twilio.auth-token=hush",
						"twilio.messaging.from=+15017122661",
						"twilio.base-url=http://localhost:" + api.getAddress().getPort())
				.withBean(JdkClientHttpConnectorBuilder.class,
						() -> ClientHttpConnectorBuilder.jdk()
							.withHttpClientCustomizer((client) -> client.followRedirects(Redirect.ALWAYS)))
				.run((context) -> assertThatExceptionOfType(MessageOutcomeUnknownException.class)
					.isThrownBy(() -> context.getBean(MessagingTemplate.class).send("+15558675310", "Hi").block()));
			assertThat(requests).containsExactly("POST");
		}
		finally {
			api.stop(0);
		}
	}

	private static String refuseFirst(ServerSocket proxy) {
		try (Socket connection = proxy.accept()) {
			BufferedReader reader = new BufferedReader(
					new InputStreamReader(connection.getInputStream(), StandardCharsets.US_ASCII));
			String request = reader.readLine();
			connection.getOutputStream()
				.write("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
			return request;
		}
		catch (IOException ex) {
			return ex.toString();
		}
	}

	private static Path selfSigned(Path folder) throws Exception {
		Path store = folder.resolve("api.p12");
		Process keytool = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
				"-genkeypair", "-keyalg", "EC", "-alias", "api", "-dname", "CN=localhost", "-ext", "san=dns:localhost",
				"-storetype", "PKCS12", "-keystore", store.toString(), "-storepass", PASSWORD)
			.redirectErrorStream(true)
			.start();
		assertThat(keytool.waitFor(30, TimeUnit.SECONDS)).isTrue();
		return store;
	}

	private static HttpsServer tlsServer(Path store) throws Exception {
		KeyStore keys = KeyStore.getInstance("PKCS12");
		keys.load(Files.newInputStream(store), PASSWORD.toCharArray());
		KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
		managers.init(keys, PASSWORD.toCharArray());
		SSLContext context = SSLContext.getInstance("TLS");
		context.init(managers.getKeyManagers(), null, null);
		HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		server.setHttpsConfigurator(new HttpsConfigurator(context));
		server.createContext("/", (exchange) -> {
			exchange.getRequestBody().readAllBytes();
			byte[] answer = "{\"sid\":\"SM1\"}".getBytes(StandardCharsets.US_ASCII);
			exchange.sendResponseHeaders(201, answer.length);
			exchange.getResponseBody().write(answer);
			exchange.close();
		});
		server.start();
		return server;
	}

	@Order(Ordered.HIGHEST_PRECEDENCE)
	private record First(List<String> seen) implements WebClientCustomizer {

		@Override
		public void customize(org.springframework.web.reactive.function.client.WebClient.Builder builder) {
			this.seen.add("first");
		}

	}

	@Order(Ordered.LOWEST_PRECEDENCE)
	private record Last(List<String> seen) implements WebClientCustomizer {

		@Override
		public void customize(org.springframework.web.reactive.function.client.WebClient.Builder builder) {
			this.seen.add("last");
		}

	}

}
