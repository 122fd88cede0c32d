package io.github.twiliospring.messaging.autoconfigure;

import java.time.Duration;
import java.util.UUID;

import io.github.twiliospring.messaging.message.OutboundMessage;
import io.github.twiliospring.messaging.outbox.JdbcMessagingOutbox;
import io.github.twiliospring.messaging.outbox.MessagingOutbox;
import io.github.twiliospring.messaging.outbox.OutboxMonitor;
import io.github.twiliospring.messaging.outbox.OutboxUpdateEventPublisher;
import io.github.twiliospring.messaging.simulator.TwilioSimulator;
import io.github.twiliospring.messaging.simulator.boot.TwilioSimulatorAutoConfiguration;
import io.github.twiliospring.messaging.simulator.fault.Fault;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.AbstractApplicationContextRunner;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.webclient.autoconfigure.WebClientAutoConfiguration;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;

import static io.github.twiliospring.messaging.message.OutboundMessage.to;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What an operator sees of the outbox.
 */
@ExtendWith(OutputCaptureExtension.class)
class TwilioOutboxOperationsAutoConfigurationTests {

	private static final Duration TIMEOUT = Duration.ofMinutes(1);

	private static final AutoConfigurations CONFIGURATIONS = AutoConfigurations.of(
			TwilioSimulatorAutoConfiguration.class, TwilioMessagingAutoConfiguration.class,
			TwilioWebhookAutoConfiguration.class, TwilioOutboxAutoConfiguration.class,
			TwilioOutboxOperationsAutoConfiguration.class, DataSourceAutoConfiguration.class,
			DataSourceTransactionManagerAutoConfiguration.class, JdbcTemplateAutoConfiguration.class,
			WebClientAutoConfiguration.class, MetricsAutoConfiguration.class,
			CompositeMeterRegistryAutoConfiguration.class, SimpleMetricsExportAutoConfiguration.class);

	private static final String PACKAGE = "io.github.twiliospring.messaging.autoconfigure";

	private static final LoggingSystem LOGGING = LoggingSystem
		.get(TwilioOutboxOperationsAutoConfigurationTests.class.getClassLoader());

	private final ApplicationContextRunner runner = with(new ApplicationContextRunner());

	private static <R extends AbstractApplicationContextRunner<R, ?, ?>> R with(R runner) {
		return runner.withConfiguration(CONFIGURATIONS)
			.withPropertyValues("twilio.simulator.enabled=true", "twilio.messaging.from=+15017122661",
					"spring.datasource.url=jdbc:h2:mem:" + UUID.randomUUID(),
					"twilio.messaging.outbox.relay.poll-interval=100ms", "twilio.messaging.outbox.unresolved-after=1s",
					"management.endpoints.web.exposure.include=twiliooutbox");
	}

	@BeforeAll
	static void logWhatIsSaid() {
		LOGGING.setLogLevel(PACKAGE, LogLevel.INFO);
	}

	@AfterAll
	static void logAsBefore() {
		LOGGING.setLogLevel(PACKAGE, null);
	}

	@Test
	void metersAreBoundToTheApplicationsRegistry() {
		this.runner.run((context) -> {
			send(context, "ship-1");
			MeterRegistry meters = context.getBean(MeterRegistry.class);
			assertThat(meters.get("twilio.messaging.outbox.sends")
				.tag("twilio.messaging.outcome", "accepted")
				.functionCounter()
				.count()).isEqualTo(1);
			Gauge sent = meters.get("twilio.messaging.outbox.entries")
				.tag("twilio.messaging.outbox.state", "sent")
				.gauge();
			await().atMost(TIMEOUT).until(sent::value, (value) -> value == 1);
			assertThat(meters.get("twilio.messaging.outbox.lag").timeGauge().value()).isZero();
		});
	}

	@Test
	void isUpWhileItRelaysAndOutOfServiceWhereItWasStopped() {
		this.runner.run((context) -> {
			await().atMost(TIMEOUT).until(() -> health(context).getStatus(), Status.UP::equals);
			assertThat(health(context).getDetails()).containsEntry("relay", "running").containsEntry("lagSeconds", 0L);
			context.getBean(JdbcMessagingOutbox.class).stop();
			assertThat(health(context).getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
			assertThat(health(context).getDetails()).containsEntry("relay", "stopped");
		});
	}

	@Test
	void isDownWhereTheRelayIsDead() {
		this.runner.withPropertyValues("twilio.messaging.outbox.relay.heartbeat=250ms").run((context) -> {
			await().atMost(TIMEOUT).until(() -> health(context).getStatus(), Status.UP::equals);
			context.getBean(JdbcTemplate.class).execute("drop table twilio_outbox_tasks");
			await().atMost(TIMEOUT).until(() -> health(context).getStatus(), Status.DOWN::equals);
			assertThat(health(context).getDetails()).containsEntry("relay", "dead");
		});
	}

	@Test
	void isDownWhereAnEntryIsLaterThanTheBoundAndShowsNoNumber() {
		this.runner.withPropertyValues("management.health.twiliooutbox.max-lag=1m").run((context) -> {
			context.getBean(JdbcMessagingOutbox.class).stop();
			context.getBean(MessagingOutbox.class).send("ship-1", message());
			context.getBean(JdbcTemplate.class)
				.update("update twilio_outbox set next_at = dateadd('second', -90, next_at)");
			// Known before it's sent, and for ten seconds after that.
			OutboxMonitor monitor = context.getBean(JdbcMessagingOutbox.class).monitor();
			await().atMost(TIMEOUT).until(() -> monitor.status() != null);
			context.getBean(JdbcMessagingOutbox.class).start();
			Health health = health(context);
			assertThat(health.getStatus()).isEqualTo(Status.DOWN);
			assertThat((Long) health.getDetails().get("lagSeconds")).isBetween(89L, 150L);
			assertThat(health.toString()).doesNotContain("5558675", "On its way", "ship-1");
		});
	}

	@Test
	void theEndpointShowsWhatAPersonHasToDecideAndNoNumber() {
		this.runner.run((context) -> {
			send(context, "ship-1");
			context.getBean(TwilioSimulator.class).inject(Fault.status(500).times(1).on("POST"));
			send(context, "ship-2");
			TwilioOutboxEndpoint endpoint = context.getBean(TwilioOutboxEndpoint.class);
			TwilioOutboxEndpoint.Outbox shown = await().atMost(TIMEOUT)
				.until(endpoint::outbox, (outbox) -> outbox.entries() != null);
			assertThat(shown.relaying()).isTrue();
			assertThat(shown.entries()).containsEntry("sent", 1L).containsEntry("unresolved", 1L).hasSize(8);
			assertThat(shown.lagSeconds()).isNotNegative();
			assertThat(shown.unresolved()).singleElement().satisfies((entry) -> {
				assertThat(entry.key()).isEqualTo("ship-2");
				assertThat(entry.state()).isEqualTo("unresolved");
				assertThat(entry.attempts()).isEqualTo(1);
				assertThat(entry.problem()).isEqualTo("no usable answer");
			});
			assertThat(shown.toString()).doesNotContain("5558675", "On its way");
			assertThat(endpoint.entry("ship-1")).satisfies((entry) -> {
				assertThat(entry.state()).isEqualTo("sent");
				assertThat(entry.messageSid()).startsWith("SM");
				assertThat(entry.lastStatus()).isNotNull();
			});
			assertThat(endpoint.entry("ship-3")).isNull();
		});
	}

	@Test
	void theEndpointSaysNothingOfADatabaseThatDoesNotAnswer() {
		this.runner.run((context) -> {
			context.getBean(JdbcTemplate.class).execute("alter table twilio_outbox rename to away");
			TwilioOutboxEndpoint.Outbox shown = context.getBean(TwilioOutboxEndpoint.class).outbox();
			assertThat(shown.entries()).isNull();
			assertThat(shown.unresolved()).isNull();
			assertThat(health(context).getStatus()).isEqualTo(Status.DOWN);
			context.getBean(JdbcTemplate.class).execute("alter table away rename to twilio_outbox");
		});
	}

	@Test
	void nothingOfItIsThereWithoutActuatorOrWhereItIsSwitchedOff() {
		this.runner
			.withClassLoader(new FilteredClassLoader(ConditionalOnAvailableEndpoint.class, HealthIndicator.class))
			.run((context) -> {
				assertThat(context).hasNotFailed().hasBean("twilioOutboxMetrics");
				assertThat(context).doesNotHaveBean("twilioOutboxHealthIndicator")
					.doesNotHaveBean("twilioOutboxEndpoint");
			});
		this.runner
			.withPropertyValues("management.health.twiliooutbox.enabled=false",
					"management.endpoints.web.exposure.include=health")
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(TwilioOutboxHealthIndicator.class)
				.doesNotHaveBean(TwilioOutboxEndpoint.class));
		this.runner.withClassLoader(new FilteredClassLoader("io.github.twiliospring.messaging.outbox"))
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(TwilioOutboxOperationsAutoConfiguration.class));
		this.runner.withPropertyValues("twilio.messaging.outbox.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean("twilioOutboxMetrics"));
	}

	@Test
	void refusesALagThatNothingCanKeepTo() {
		this.runner.withPropertyValues("management.health.twiliooutbox.max-lag=0s")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(InvalidTwilioConfigurationException.class));
	}

	@Test
	void eventsArePublishedOnlyWhereTheyAreAskedFor() {
		this.runner.run((context) -> assertThat(context).doesNotHaveBean(OutboxUpdateEventPublisher.class));
		this.runner.withPropertyValues("twilio.messaging.outbox.events=true")
			.run((context) -> assertThat(context).hasSingleBean(OutboxUpdateEventPublisher.class));
	}

	@Test
	void saysWhatCarriesItWhereNoStatusUpdateCanCome(CapturedOutput output) {
		this.runner.run((context) -> {
			ready(context);
			assertThat(output).containsOnlyOnce("The outbox gets no status updates")
				.contains("twilio.messaging.webhook.public-url");
		});
	}

	@Test
	void saysSoOnceInAWebApplicationWithoutAPublicAddress(CapturedOutput output) {
		with(new WebApplicationContextRunner()).run((context) -> {
			ready(context.getSourceApplicationContext());
			assertThat(output).containsOnlyOnce("The outbox gets no status updates")
				.doesNotContain("No URL for status updates");
		});
	}

	@Test
	void saysNothingWhereThereIsAPublicAddress(CapturedOutput output) {
		with(new WebApplicationContextRunner())
			.withPropertyValues("twilio.messaging.webhook.public-url=http://localhost:8080")
			.run((context) -> {
				ready(context.getSourceApplicationContext());
				assertThat(output).doesNotContain("The outbox gets no status updates");
			});
	}

	private static void ready(ApplicationContext context) {
		context.publishEvent(new ApplicationReadyEvent(new SpringApplication(), new String[0],
				(ConfigurableApplicationContext) context, Duration.ZERO));
	}

	private static void send(ApplicationContext context, String key) {
		MessagingOutbox outbox = context.getBean(MessagingOutbox.class);
		outbox.send(key, to("+15558675310").body("On its way: " + key));
		outbox.awaitEnded(key, TIMEOUT);
	}

	private static OutboundMessage message() {
		return to("+15558675310").body("On its way").build();
	}

	private static Health health(ApplicationContext context) {
		return context.getBean(TwilioOutboxHealthIndicator.class).health();
	}

}
