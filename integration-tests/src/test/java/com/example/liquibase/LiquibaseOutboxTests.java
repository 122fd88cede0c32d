package com.example.liquibase;

import com.example.Postgres;
import io.github.twiliospring.messaging.outbox.MessagingOutbox;
import io.github.twiliospring.messaging.simulator.MessageMatcher;
import io.github.twiliospring.messaging.simulator.TwilioSimulator;
import io.github.twiliospring.messaging.simulator.boot.EnableTwilioSimulator;
import org.junit.jupiter.api.Test;

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
 * An application whose tables Liquibase makes, the outbox's from the file in its jar.
 */
@SpringBootTest(webEnvironment = WebEnvironment.NONE,
		properties = { "spring.liquibase.enabled=true", "twilio.messaging.outbox.jdbc.initialize-schema=never" })
@EnableTwilioSimulator
@DirtiesContext
class LiquibaseOutboxTests {

	@Autowired
	TwilioSimulator simulator;

	@Autowired
	MessagingOutbox outbox;

	@Autowired
	JdbcClient database;

	@DynamicPropertySource
	static void database(DynamicPropertyRegistry properties) {
		Postgres.register(properties);
	}

	@Test
	void theOutboxBeginsOnceItsChangeSetIsThrough() {
		assertThat(
				this.database.sql("select id from databasechangelog order by orderexecuted").query(String.class).list())
			.containsExactly("orders", "twilio-outbox");
		this.outbox.send("liquibase", to("+15558675310").body("Liquibase"));
		this.simulator.awaitMessage(MessageMatcher.body("Liquibase"));
	}

	@SpringBootApplication
	static class Shop {

	}

}
