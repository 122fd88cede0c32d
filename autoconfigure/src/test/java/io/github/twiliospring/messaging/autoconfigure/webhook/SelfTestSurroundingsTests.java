package io.github.twiliospring.messaging.autoconfigure.webhook;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import io.github.twiliospring.messaging.autoconfigure.webhook.WebhookApplication.Server;
import io.github.twiliospring.messaging.webhook.InboundMessage;
import io.github.twiliospring.messaging.webhook.Webhooks;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.tomcat.autoconfigure.servlet.TomcatServletWebServerAutoConfiguration;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The self-test at servers with TLS, and beside other servers of the application.
 */
@ExtendWith(OutputCaptureExtension.class)
class SelfTestSurroundingsTests {

	private static final String ON = "twilio.messaging.webhook.self-test=true";

	private static final String WARNING = "doesn't get through to it";

	private static final String PASSWORD = "changeit";

	private static final Duration TIMEOUT = Duration.ofSeconds(30);

	@TempDir
	static Path folder;

	@BeforeAll
	static void makeKeys() throws Exception {
		keytool("-genkeypair", "-keyalg", "EC", "-alias", "shop", "-dname", "CN=shop.example.com", "-ext",
				"san=dns:shop.example.com", "-storetype", "PKCS12", "-keystore", keys());
		String certificate = folder.resolve("shop.cer").toString();
		keytool("-exportcert", "-alias", "shop", "-keystore", keys(), "-file", certificate);
		keytool("-importcert", "-noprompt", "-alias", "shop", "-storetype", "PKCS12", "-keystore", trusted(), "-file",
				certificate);
	}

	private static void keytool(String... arguments) throws Exception {
		List<String> command = new ArrayList<>(
				List.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
		command.addAll(List.of(arguments));
		command.addAll(List.of("-storepass", PASSWORD));
		Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
		assertThat(keytool.waitFor(1, TimeUnit.MINUTES)).isTrue();
		assertThat(keytool.exitValue()).isZero();
	}

	private static String trusted() {
		return folder.resolve("trusted.p12").toString();
	}

	private static String keys() {
		return folder.resolve("keys.p12").toString();
	}

	@ParameterizedTest
	@EnumSource(names = { "TOMCAT", "NETTY" })
	void aServerWithACertificateOfItsPublicHostIsTried(Server server, CapturedOutput output) throws Exception {
		try (WebhookApplication application = start(server, "server.ssl.client-auth=want",
				"server.ssl.trust-store=" + trusted(), "server.ssl.trust-store-password=" + PASSWORD)) {
			for (String scheme : new String[] { "https", "http" }) {
				assertThat(application.bean(Webhooks.class)
					.selfTest(URI.create(scheme + "://localhost:" + application.port()))
					.get(TIMEOUT.toSeconds(), TimeUnit.SECONDS)).as(scheme).isEmpty();
			}
			awaitEnd();
		}
		assertThat(output).doesNotContain(WARNING);
	}

	// It answers 400 ("Invalid SNI") to who doesn't call it by that host.
	@Test
	void aJettyWithACertificateOfItsPublicHostIsNoWarning(CapturedOutput output) {
		try (WebhookApplication application = start(Server.JETTY)) {
			for (String scheme : new String[] { "https", "http" }) {
				assertThat(application.bean(Webhooks.class)
					.selfTest(URI.create(scheme + "://localhost:" + application.port()))).as(scheme)
					.failsWithin(TIMEOUT);
			}
			awaitEnd();
		}
		assertThat(output).doesNotContain(WARNING);
	}

	// The provider doesn't show one either; a proxy that does may stand in between.
	@ParameterizedTest
	@CsvSource({ "TOMCAT, TLSv1.3", "TOMCAT, TLSv1.2", "JETTY, TLSv1.3", "JETTY, TLSv1.2", "NETTY, TLSv1.3",
			"NETTY, TLSv1.2" })
	void aServerThatAsksForACertificateIsNoWarning(Server server, String protocol, CapturedOutput output) {
		try (WebhookApplication application = start(server, "server.ssl.client-auth=need",
				"server.ssl.trust-store=" + trusted(), "server.ssl.trust-store-password=" + PASSWORD,
				"server.ssl.enabled-protocols=" + protocol)) {
			for (String scheme : new String[] { "https", "http" }) {
				assertThat(application.bean(Webhooks.class)
					.selfTest(URI.create(scheme + "://localhost:" + application.port()))).as(scheme)
					.failsWithin(TIMEOUT);
			}
			awaitEnd();
		}
		assertThat(output).doesNotContain(WARNING);
	}

	@Test
	void theServerOfAChildContextIsntTried(CapturedOutput output) throws Exception {
		try (WebhookApplication application = WebhookApplication.start(Server.TOMCAT, false, Parent.class, ON)) {
			// Later the child's: Boot tells parents of it.
			int port = application.port();
			try (ConfigurableApplicationContext child = new SpringApplicationBuilder(Child.class)
				.parent((ConfigurableApplicationContext) application.bean(Parent.class).context)
				.web(WebApplicationType.SERVLET)
				.run("--server.port=0", "--spring.main.banner-mode=off", "--spring.jmx.enabled=false")) {
				assertThat(child.getEnvironment().getProperty("local.server.port", Integer.class)).isNotEqualTo(port);
				Map<String, String> missed = application.bean(Webhooks.class)
					.selfTest(URI.create("http://localhost:" + port))
					.get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
				assertThat(missed).isEmpty();
				awaitEnd();
			}
		}
		assertThat(output).doesNotContain(WARNING);
	}

	private static WebhookApplication start(Server server, String... more) {
		String[] properties = new String[more.length + 3];
		System.arraycopy(more, 0, properties, 3, more.length);
		properties[0] = ON;
		properties[1] = "server.ssl.key-store=" + keys();
		properties[2] = "server.ssl.key-store-password=" + PASSWORD;
		return WebhookApplication.start(server, false, WebhookApplication.Handlers.class, properties);
	}

	private static void awaitEnd() {
		Awaitility.await()
			.atMost(TIMEOUT)
			.until(() -> Thread.getAllStackTraces()
				.keySet()
				.stream()
				.noneMatch((thread) -> thread.getName().equals("twilio-webhook-self-test")));
	}

	@Configuration(proxyBeanMethods = false)
	static class Parent {

		final ApplicationContext context;

		Parent(ApplicationContext context) {
			this.context = context;
		}

		@InboundMessage
		void take() {
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration(TomcatServletWebServerAutoConfiguration.class)
	static class Child {

	}

}
