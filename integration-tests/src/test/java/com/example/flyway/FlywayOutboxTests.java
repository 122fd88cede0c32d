package com.example.flyway;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

import com.example.Postgres;
import io.github.twiliospring.messaging.outbox.MessagingOutbox;
import io.github.twiliospring.messaging.simulator.MessageMatcher;
import io.github.twiliospring.messaging.simulator.TwilioSimulator;
import io.github.twiliospring.messaging.simulator.boot.EnableTwilioSimulator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import static io.github.twiliospring.messaging.message.OutboundMessage.to;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Applications whose tables Flyway makes.
 */
class FlywayOutboxTests {

	/**
	 * The outbox's are a migration like the application's own.
	 */
	@Nested
	@SpringBootTest(webEnvironment = WebEnvironment.NONE, classes = Shop.class,
			properties = { "spring.flyway.enabled=true", "twilio.messaging.outbox.jdbc.initialize-schema=never" })
	@EnableTwilioSimulator
	@DirtiesContext
	class OnPostgreSql {

		@TempDir
		static Path migrations;

		@Autowired
		TwilioSimulator simulator;

		@Autowired
		MessagingOutbox outbox;

		@Autowired
		JdbcClient database;

		@DynamicPropertySource
		static void database(DynamicPropertyRegistry properties) throws IOException {
			Postgres.register(properties);
			Files.writeString(migrations.resolve("V1__orders.sql"),
					"create table orders (id varchar(36) primary key);");
			try (InputStream schema = MessagingOutbox.class.getResourceAsStream("schema-postgresql.sql")) {
				Files.copy(schema, migrations.resolve("V2__twilio_outbox.sql"));
			}
			properties.add("spring.flyway.locations", () -> "filesystem:" + migrations);
		}

		@Test
		void theOutboxBeginsOnceItsMigrationIsThrough() {
			assertThat(this.database.sql("select script from flyway_schema_history order by installed_rank")
				.query(String.class)
				.list()).containsExactly("V1__orders.sql", "V2__twilio_outbox.sql");
			this.outbox.send("flyway", to("+15558675310").body("Flyway"));
			this.simulator.awaitMessage(MessageMatcher.body("Flyway"));
		}

	}

	/**
	 * Where the outbox makes its own, it does so afterwards: Flyway takes over no
	 * database that isn't empty.
	 */
	@Nested
	@SpringBootTest(webEnvironment = WebEnvironment.NONE, classes = Shop.class,
			properties = "spring.flyway.enabled=true")
	@EnableTwilioSimulator
	class OnAnEmbeddedDatabase {

		@TempDir
		static Path migrations;

		@Autowired
		TwilioSimulator simulator;

		@Autowired
		MessagingOutbox outbox;

		@DynamicPropertySource
		static void database(DynamicPropertyRegistry properties) {
			properties.add("spring.datasource.url", () -> "jdbc:h2:mem:" + UUID.randomUUID());
			try {
				Files.writeString(migrations.resolve("V1__orders.sql"),
						"create table orders (id varchar(36) primary key);");
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
			properties.add("spring.flyway.locations", () -> "filesystem:" + migrations);
		}

		@Test
		void theOutboxMakesItsTablesAfterFlyway() {
			this.outbox.send("embedded", to("+15558675310").body("Embedded"));
			this.simulator.awaitMessage(MessageMatcher.body("Embedded"));
		}

	}

	@SpringBootApplication
	static class Shop {

	}

}
