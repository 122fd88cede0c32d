package com.example.orders;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import io.github.twiliospring.messaging.error.InvalidMessageException;
import io.github.twiliospring.messaging.message.MessageStatus;
import io.github.twiliospring.messaging.signature.RequestSigner;
import io.github.twiliospring.messaging.simulator.MessageMatcher;
import io.github.twiliospring.messaging.simulator.TwilioSimulator;
import io.github.twiliospring.messaging.testsupport.FreePort;
import io.github.twiliospring.messaging.webhook.FormParameters;
import io.github.twiliospring.messaging.webhook.InboundMessage;
import io.github.twiliospring.messaging.webhook.IncomingMessage;
import io.github.twiliospring.messaging.webhook.Reply;
import io.github.twiliospring.messaging.webhook.StatusCallback;
import io.github.twiliospring.messaging.webhook.StatusUpdate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What the whole application logs at TRACE: no token, no signature, no body, no whole
 * number.
 */
class TraceLogTests {

	private static final String CUSTOMER = "+15558675360";

	private static final String SENDER = "+15017122661";

	private static final String TOKEN = "f00dfeedf00dfeedf00dfeedf00dfeed";

	private static final String TEXT = "confidential";

	private static final String SIGNED = "SM0123456789abcdef0123456789abcd60";

	// The one logger that shows what it's for: Tomcat's, of the bytes that it reads.
	private static final String EXCLUDED = "org.apache.coyote.http11.Http11InputBuffer";

	private static final Duration TIMEOUT = Duration.ofMinutes(1);

	private final Queue<String> lines = new ConcurrentLinkedQueue<>();

	private final AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {

		@Override
		protected void append(ILoggingEvent event) {
			if (!event.getLoggerName().equals(EXCLUDED)) {
				TraceLogTests.this.lines.add(event.getLoggerName() + ": " + event.getFormattedMessage()
						+ event.getMDCPropertyMap() + ThrowableProxyUtil.asString(event.getThrowableProxy()));
			}
		}

	};

	@AfterEach
	void logAsBefore() {
		Logger root = root();
		root.detachAppender(this.appender);
		root.setLevel(Level.INFO);
	}

	@Test
	void showsNoTokenSignatureBodyOrWholeNumber() throws Exception {
		int port = FreePort.find();
		String url = "http://localhost:" + port + "/twilio/status";
		String form = "AccountSid=" + TwilioSimulator.DEFAULT_ACCOUNT_SID + "&MessageSid=" + SIGNED
				+ "&MessageStatus=failed&ErrorCode=30003&To=%2B15558675360&From=%2B15017122661&Body=" + TEXT;
		String signature = new RequestSigner(TOKEN).sign(url, FormParameters.parse(form, 20));
		try (TwilioSimulator simulator = TwilioSimulator.builder().authToken(TOKEN).start()) {
			simulator.inboundUrl("http://localhost:" + port + "/twilio/inbound");
			try (ConfigurableApplicationContext context = start(simulator, port)) {
				// Not through the sample's own endpoint, whose URL names the customer.
				context.getBean(OrderUpdates.class).ship("order-60", CUSTOMER);
				simulator.awaitCallback(MessageMatcher.sentTo(CUSTOMER), MessageStatus.DELIVERED, TIMEOUT);
				assertThatExceptionOfType(InvalidMessageException.class)
					.isThrownBy(() -> context.getBean(OrderUpdates.class).ship("order-1", "5558675360x"));
				assertThat(post(url, form, signature)).as("a method fails").isEqualTo(500);
				assertThat(post(url, form, signature)).isEqualTo(204);
				assertThat(post(url, form, signature)).as("a duplicate").isEqualTo(204);
				assertThat(post(url, form + "&x=1", signature)).as("forged").isEqualTo(403);
				simulator.receive(CUSTOMER, SENDER, "a " + TEXT + " question");
				simulator.awaitMessage(MessageMatcher.bodyContaining("answer"), TIMEOUT);
			}
		}
		String basic = Base64.getEncoder()
			.encodeToString((TwilioSimulator.DEFAULT_ACCOUNT_SID + ":" + TOKEN).getBytes(StandardCharsets.UTF_8));
		assertThat(this.lines).anyMatch((line) -> line.startsWith("io.github.twiliospring.messaging.webhook."))
			.anyMatch((line) -> line.startsWith("reactor.netty."))
			.hasSizeGreaterThan(1000);
		assertThat(this.lines.stream()
			.filter((line) -> Stream
				.of("5558675360", "5017122661", "is on its way", "is+on+its+way", "is%20on%20its%20way", TEXT, TOKEN,
						basic, signature)
				.anyMatch(line::contains)))
			.isEmpty();
	}

	private ConfigurableApplicationContext start(TwilioSimulator simulator, int port) {
		SpringApplication application = new SpringApplication(OrderUpdatesApplication.class);
		// Once the levels are set, and before anything else is logged.
		application.addListeners((ApplicationListener<ApplicationEnvironmentPreparedEvent>) (event) -> {
			this.appender.start();
			root().addAppender(this.appender);
		});
		application.addInitializers(
				(context) -> ((GenericApplicationContext) context).registerBean(Handlers.class, Handlers::new));
		return application.run(Stream
			.of("server.port=" + port, "logging.level.root=TRACE", "logging.threshold.console=OFF",
					"twilio.simulator.enabled=false", "twilio.base-url=" + simulator.baseUrl(),
					"twilio.account-sid=" + simulator.accountSid(), "twilio.auth-token=" + TOKEN,
					"twilio.messaging.webhook.public-url=http://localhost:" + port)
			.map((property) -> "--" + property)
			.toArray(String[]::new));
	}

	private static int post(String url, String form, String signature) throws Exception {
		return HttpClient.newHttpClient()
			.send(HttpRequest.newBuilder(URI.create(url))
				.timeout(TIMEOUT)
				.header("Content-Type", "application/x-www-form-urlencoded")
				.header(RequestSigner.SIGNATURE_HEADER, signature)
				.POST(BodyPublishers.ofString(form))
				.build(), BodyHandlers.discarding())
			.statusCode();
	}

	private static Logger root() {
		return (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
	}

	static class Handlers {

		private boolean failed;

		@StatusCallback(MessageStatus.FAILED)
		synchronized void failOnce(StatusUpdate update) {
			if (!this.failed) {
				this.failed = true;
				throw new IllegalStateException("The database is away");
			}
		}

		@InboundMessage
		Reply answer(IncomingMessage message) {
			return Reply.text("A " + TEXT + " answer");
		}

	}

}
