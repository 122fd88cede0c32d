package io.github.twiliospring.messaging.outbox;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.AppenderBase;
import io.github.twiliospring.messaging.message.OutboundMessageBuilder;
import io.github.twiliospring.messaging.simulator.TwilioSimulator;
import io.r2dbc.spi.ConnectionFactories;
import io.r2dbc.spi.ConnectionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.r2dbc.connection.R2dbcTransactionManager;
import org.springframework.transaction.ReactiveTransactionManager;

import static io.github.twiliospring.messaging.message.OutboundMessage.to;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What drivers log at TRACE while the outbox writes and reads: no text and no number.
 */
class OutboxTraceLogTests {

	private static final String CUSTOMER = "+15558675310";

	private static final String WITNESS = "confide";

	// Whatever piece of it a dump of 16 bytes shows, the witness is whole in it.
	private static final String TEXT = WITNESS.repeat(20);

	private static final Instant LATER = Instant.parse("2100-01-01T00:00:00Z");

	private final TwilioSimulator simulator = TestOutbox.simulator();

	private final List<Appender<ILoggingEvent>> others = new ArrayList<>();

	private final Queue<String> lines = new ConcurrentLinkedQueue<>();

	private final AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {

		@Override
		protected void append(ILoggingEvent event) {
			OutboxTraceLogTests.this.lines.add(event.getLoggerName() + ": " + event.getFormattedMessage()
					+ event.getMDCPropertyMap() + ThrowableProxyUtil.asString(event.getThrowableProxy()));
		}

	};

	@AfterEach
	void logAsBefore() {
		root().detachAppender(this.appender);
		this.others.forEach(root()::addAppender);
		root().setLevel(Level.WARN);
		this.simulator.close();
	}

	@ParameterizedTest
	@EnumSource
	void whatIsWrittenByJdbcIsInNoLog(TestDatabase database) {
		try (ConfigurableApplicationContext context = start(database, Nothing.class)) {
			MessagingOutbox outbox = context.getBean(MessagingOutbox.class);
			outbox.send("key", message());
			outbox.send("key", message());
			assertThatExceptionOfType(OutboxKeyConflictException.class)
				.isThrownBy(() -> outbox.send("key", message().body("Another " + TEXT)));
			outbox.sendAll(Stream.of("a", "b", "a").map((key) -> OutboxRequest.of(key, message()).at(LATER)));
			outbox.cancel("a");
			outbox.reschedule("b", LATER);
			assertThat(outbox.awaitEnded("key", Duration.ofMinutes(1)).state()).isEqualTo(OutboxState.SENT);
		}
		assertThatNothingIsShown();
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "MARIADB")
	void whatIsWrittenByR2dbcIsInNoLog(TestDatabase database) {
		try (ConfigurableApplicationContext context = start(database, Reactive.class)) {
			ReactiveMessagingOutbox outbox = context.getBean(MessagingOutbox.class).reactive();
			outbox.send("key", message()).block();
			outbox.send("key", message()).block();
			assertThatExceptionOfType(OutboxKeyConflictException.class)
				.isThrownBy(() -> outbox.send("key", message().body("Another " + TEXT)).block());
			outbox.sendAll(Flux.just("a", "b", "a").map((key) -> OutboxRequest.of(key, message()).at(LATER))).block();
			outbox.cancel("a").block();
			outbox.reschedule("b", LATER).block();
			assertThat(context.getBean(MessagingOutbox.class).awaitEnded("key", Duration.ofMinutes(1)).state())
				.isEqualTo(OutboxState.SENT);
		}
		assertThatNothingIsShown();
	}

	private void assertThatNothingIsShown() {
		assertThat(this.simulator.messages()).hasSize(1);
		assertThat(this.lines).hasSizeGreaterThan(500);
		assertThat(this.lines.stream()
			.filter((line) -> line.contains(WITNESS) || line.contains("5558675310"))
			.map((line) -> line.substring(0, line.indexOf(':')))
			.distinct()).as("loggers").isEmpty();
	}

	private static OutboundMessageBuilder message() {
		return to(CUSTOMER).body(TEXT);
	}

	private ConfigurableApplicationContext start(TestDatabase database, Class<?> configuration) {
		String url = database.create();
		SpringApplication application = new SpringApplication(configuration);
		application.setWebApplicationType(WebApplicationType.NONE);
		// Once the levels are set, and before anything else is logged.
		application.addListeners((ApplicationListener<ApplicationEnvironmentPreparedEvent>) (event) -> {
			root().iteratorForAppenders().forEachRemaining(this.others::add);
			this.others.forEach(root()::detachAppender);
			this.appender.start();
			root().addAppender(this.appender);
		});
		return application.run(Stream
			.of("logging.level.root=TRACE", "spring.datasource.url=" + url, "spring.sql.init.mode=never",
					"spring.main.banner-mode=off", "twilio.messaging.outbox.jdbc.initialize-schema=always",
					"twilio.base-url=" + this.simulator.baseUrl(), "twilio.account-sid=" + this.simulator.accountSid(),
					"twilio.auth-token=" + this.simulator.authToken(), "twilio.messaging.from=" + TestOutbox.FROM)
			.map((property) -> "--" + property)
			.toArray(String[]::new));
	}

	private static Logger root() {
		return (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Nothing {

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Reactive {

		@Bean
		ConnectionFactory connections(Environment environment) {
			return ConnectionFactories
				.get(TestDatabase.reactive(environment.getRequiredProperty("spring.datasource.url")));
		}

		@Bean
		ReactiveTransactionManager reactiveTransactions(ConnectionFactory connections) {
			return new R2dbcTransactionManager(connections);
		}

	}

}
