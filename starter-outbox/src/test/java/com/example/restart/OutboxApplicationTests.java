package com.example.restart;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.time.Duration;
import java.util.UUID;

import io.github.twiliospring.messaging.outbox.MessagingOutbox;
import io.github.twiliospring.messaging.outbox.OutboxEntry;
import io.github.twiliospring.messaging.outbox.OutboxState;
import io.github.twiliospring.messaging.simulator.MessageMatcher;
import io.github.twiliospring.messaging.simulator.TwilioSimulator;
import io.github.twiliospring.messaging.simulator.fault.Fault;
import jakarta.annotation.PostConstruct;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

import static io.github.twiliospring.messaging.message.OutboundMessage.to;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * An application that is started, stopped and started again.
 */
class OutboxApplicationTests {

	private static final String CUSTOMER = "+15558675310";

	private final TwilioSimulator simulator = TwilioSimulator.builder().systemClock().start();

	@TempDir
	Path directory;

	@AfterEach
	void close() {
		this.simulator.close();
	}

	private ConfigurableApplicationContext start(String url, Class<?> bean, String... properties) {
		return new SpringApplicationBuilder(Shop.class, bean).web(WebApplicationType.NONE)
			.properties("spring.datasource.url=" + url, "spring.main.banner-mode=off",
					"twilio.account-sid=" + this.simulator.accountSid(),
					"twilio.auth-token=" + this.simulator.authToken(), "twilio.base-url=" + this.simulator.baseUrl(),
					"twilio.messaging.from=+15017122661", "twilio.messaging.outbox.relay.poll-interval=200ms",
					// A database in a file isn't one that Boot takes for embedded.
					"twilio.messaging.outbox.jdbc.initialize-schema=always", "spring.sql.init.mode=never")
			.properties(properties)
			.run();
	}

	@Test
	void whatAFileHoldsIsSentAfterARestart() {
		String url = "jdbc:h2:file:" + this.directory.resolve("shop");
		try (ConfigurableApplicationContext first = start(url, Nothing.class)) {
			MessagingOutbox outbox = first.getBean(MessagingOutbox.class);
			outbox.send("sent", to(CUSTOMER).body("Sent"));
			awaitSent(outbox, "sent");
			outbox.sendAt("later", to(CUSTOMER).body("Later"),
					this.simulator.clock().instant().plus(Duration.ofDays(1)));
		}
		try (ConfigurableApplicationContext second = start(url, Nothing.class)) {
			MessagingOutbox outbox = second.getBean(MessagingOutbox.class);
			assertThat(outbox.find("sent").orElseThrow().state()).isEqualTo(OutboxState.SENT);
			assertThat(outbox.reschedule("later", this.simulator.clock().instant())).isTrue();
			awaitSent(outbox, "later");
		}
		assertThat(this.simulator.messages()).hasSize(2);
	}

	// What a process that is killed leaves behind is what its file holds.
	@Test
	void whatIsCommittedIsInTheFileAtOnce() throws Exception {
		String url = "jdbc:h2:file:" + this.directory.resolve("killed");
		try (ConfigurableApplicationContext running = start(url, Nothing.class,
				"twilio.messaging.outbox.relay.poll-interval=1h")) {
			MessagingOutbox outbox = running.getBean(MessagingOutbox.class);
			for (int number = 1; number <= 5; number++) {
				outbox.sendAt("later-" + number, to(CUSTOMER).body("Later"),
						this.simulator.clock().instant().plus(Duration.ofDays(1)));
				assertThat(entriesInFile("killed", "left-" + number)).isEqualTo(number);
			}
		}
	}

	@Test
	void twoContextsOfOneProcessShareADatabase() {
		String url = "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1";
		try (ConfigurableApplicationContext first = start(url, Nothing.class);
				ConfigurableApplicationContext second = start(url, Nothing.class)) {
			MessagingOutbox outbox = first.getBean(MessagingOutbox.class);
			for (int number = 0; number < 20; number++) {
				outbox.send("entry-" + number, to(CUSTOMER).body("Number " + number));
			}
			for (int number = 0; number < 20; number++) {
				awaitSent(second.getBean(MessagingOutbox.class), "entry-" + number);
			}
			assertThat(this.simulator.messages()).hasSize(20);
		}
	}

	@Test
	void theRelayRunsWhereBeansAreMadeLazily() {
		String url = "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1";
		try (ConfigurableApplicationContext first = start(url, Nothing.class)) {
			first.getBean(MessagingOutbox.class)
				.sendAt("later", to(CUSTOMER).body("Later"),
						this.simulator.clock().instant().plus(Duration.ofSeconds(2)));
		}
		try (ConfigurableApplicationContext lazy = start(url, Nothing.class, "spring.main.lazy-initialization=true")) {
			// Nobody asks for the outbox.
			this.simulator.awaitMessage(MessageMatcher.body("Later"), Duration.ofSeconds(30));
			awaitSent(lazy.getBean(MessagingOutbox.class), "later");
		}
	}

	@Test
	void whatABeanSendsWhileTheApplicationStartsIsSentOnceItHas() {
		try (ConfigurableApplicationContext context = start("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1",
				SendsAtOnce.class)) {
			awaitSent(context.getBean(MessagingOutbox.class), "started");
			assertThat(this.simulator.messages()).hasSize(1);
		}
	}

	@Test
	void aContextThatIsClosedWhileItSendsWaitsForTheAnswerAndNotesIt() {
		String url = "jdbc:h2:file:" + this.directory.resolve("closed");
		this.simulator.inject(Fault.delay(Duration.ofSeconds(5)).on("POST"));
		try (ConfigurableApplicationContext closed = start(url, Nothing.class)) {
			closed.getBean(MessagingOutbox.class).send("slow", to(CUSTOMER).body("Slow"));
			this.simulator.awaitMessage(MessageMatcher.body("Slow"), Duration.ofSeconds(30));
			assertThat(closed.getBean(MessagingOutbox.class).find("slow").orElseThrow().state())
				.isEqualTo(OutboxState.SENDING);
		}
		try (ConfigurableApplicationContext second = start(url, Nothing.class,
				"twilio.messaging.outbox.relay.poll-interval=1h")) {
			assertThat(second.getBean(JdbcClient.class)
				.sql("select state from twilio_outbox")
				.query(String.class)
				.single()).isEqualTo("sent");
		}
	}

	private long entriesInFile(String name, String copy) throws Exception {
		Files.copy(this.directory.resolve(name + ".mv.db"), this.directory.resolve(copy + ".mv.db"));
		try (Connection left = DriverManager.getConnection("jdbc:h2:file:" + this.directory.resolve(copy), "", "");
				ResultSet count = left.createStatement().executeQuery("select count(*) from twilio_outbox")) {
			count.next();
			return count.getLong(1);
		}
	}

	private static void awaitSent(MessagingOutbox outbox, String key) {
		await().atMost(Duration.ofSeconds(30))
			.until(() -> outbox.find(key).map(OutboxEntry::state).orElse(null), OutboxState.SENT::equals);
	}

	@SpringBootApplication
	static class Shop {

	}

	static class Nothing {

	}

	static class SendsAtOnce {

		private final MessagingOutbox outbox;

		SendsAtOnce(MessagingOutbox outbox) {
			this.outbox = outbox;
		}

		@PostConstruct
		void send() {
			this.outbox.send("started", to(CUSTOMER).body("Started"));
		}

	}

}
