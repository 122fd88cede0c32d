package com.example.orders;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;

import io.github.twiliospring.messaging.message.MessageStatus;
import io.github.twiliospring.messaging.simulator.MessageMatcher;
import io.github.twiliospring.messaging.simulator.SimulatedCallback;
import io.github.twiliospring.messaging.simulator.TwilioSimulator;
import io.github.twiliospring.messaging.testsupport.FreePort;
import io.github.twiliospring.messaging.testsupport.JavaProcess;
import io.github.twiliospring.messaging.webhook.StatusUpdate;
import io.github.twiliospring.messaging.webhook.StatusUpdateEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.modulith.events.ApplicationModuleListener;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Spring Modulith's event publication registry, in a database on disk, takes over
 * durability.
 */
class EventPublicationTests {

	private static final String CUSTOMER = "+15558675330";

	private static final Duration TIMEOUT = Duration.ofMinutes(1);

	@TempDir
	Path folder;

	@Test
	void handlesAReportAfterTheRestartOfAnApplicationThatWasKilledBeforeIt() throws Exception {
		try (TwilioSimulator simulator = TwilioSimulator.builder().start()) {
			int port = FreePort.find();
			try (JavaProcess killed = start(simulator, port, HangingApplication.class)) {
				killed.await("Started ");
				RestClient.create("http://localhost:" + port)
					.put()
					.uri("/orders/order-45?customer={customer}", CUSTOMER)
					.retrieve()
					.toBodilessEntity();
				SimulatedCallback callback = simulator.awaitCallback(MessageMatcher.sentTo(CUSTOMER),
						MessageStatus.DELIVERED, TIMEOUT);
				assertThat(callback.attempts()).as("the provider won't repeat it")
					.extracting(SimulatedCallback.Attempt::httpStatus)
					.containsExactly(204);
				killed.await("^begun order-45 delivered$");
				assertThat(killed.kill()).noneMatch((line) -> line.startsWith("handled "));
			}
			assertThat(publications("COMPLETION_DATE IS NULL")).isPositive();
			try (JavaProcess restarted = start(simulator, port, Application.class)) {
				restarted.await("^nothing outstanding$");
				assertThat(restarted.stop().stream().filter((line) -> line.startsWith("handled ")))
					.contains("handled order-45 delivered")
					.doesNotHaveDuplicates();
			}
			assertThat(publications("COMPLETION_DATE IS NULL")).as("to be published at the next restart").isZero();
			assertThat(publications("COMPLETION_DATE IS NOT NULL")).isPositive();
		}
	}

	private JavaProcess start(TwilioSimulator simulator, int port, Class<?> main) throws IOException {
		return JavaProcess.start(main,
				Stream.of("server.port=" + port, "spring.lifecycle.timeout-per-shutdown-phase=20s",
						"twilio.simulator.enabled=false", "twilio.base-url=" + simulator.baseUrl(),
						"twilio.account-sid=" + simulator.accountSid(), "twilio.auth-token=" + simulator.authToken(),
						"twilio.messaging.webhook.public-url=http://localhost:" + port,
						"twilio.messaging.webhook.events=true", "spring.datasource.url=" + database(),
						"spring.datasource.username=sa", "spring.sql.init.mode=always",
						"twilio.messaging.outbox.jdbc.initialize-schema=always",
						"spring.modulith.events.jdbc.schema-initialization.enabled=true",
						"spring.modulith.events.republish-outstanding-events-on-restart=true")
					.map((property) -> "--" + property)
					.toArray(String[]::new));
	}

	// Otherwise a commit reaches the file up to half a second late.
	private String database() {
		return "jdbc:h2:file:" + this.folder.resolve("orders") + ";WRITE_DELAY=0";
	}

	private int publications(String condition) throws SQLException {
		try (Connection connection = DriverManager.getConnection(database(), "sa", "");
				ResultSet result = connection.createStatement()
					.executeQuery("SELECT COUNT(*) FROM EVENT_PUBLICATION WHERE " + condition)) {
			result.next();
			return result.getInt(1);
		}
	}

	/**
	 * The application with a listener that succeeds.
	 */
	static final class Application {

		private Application() {
		}

		public static void main(String[] args) {
			JdbcTemplate database = run(new Listener(false), args).getBean(JdbcTemplate.class);
			// A publication is completed a moment after its listener ends.
			await().atMost(TIMEOUT)
				.until(() -> database.queryForObject(
						"SELECT COUNT(*) FROM EVENT_PUBLICATION WHERE COMPLETION_DATE IS NULL", Integer.class) == 0);
			System.out.println("nothing outstanding");
		}

		static ConfigurableApplicationContext run(Listener listener, String... args) {
			SpringApplication application = new SpringApplication(OrderUpdatesApplication.class);
			application.addInitializers(
					(context) -> ((GenericApplicationContext) context).registerBean(Listener.class, () -> listener));
			return application.run(args);
		}

	}

	/**
	 * The application with a listener that begins and never ends.
	 */
	static final class HangingApplication {

		private HangingApplication() {
		}

		public static void main(String[] args) {
			Application.run(new Listener(true), args);
		}

	}

	static class Listener {

		private final boolean hang;

		Listener(boolean hang) {
			this.hang = hang;
		}

		@ApplicationModuleListener
		void on(StatusUpdateEvent event) throws InterruptedException {
			StatusUpdate update = event.toUpdate();
			String what = update.reference() + " " + update.rawStatus();
			System.out.println("begun " + what);
			if (this.hang) {
				new CountDownLatch(1).await();
			}
			System.out.println("handled " + what);
		}

	}

}
