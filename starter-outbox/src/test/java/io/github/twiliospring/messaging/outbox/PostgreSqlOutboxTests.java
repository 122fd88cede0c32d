package io.github.twiliospring.messaging.outbox;

import java.io.IOException;
import java.util.UUID;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The outbox in PostgreSQL.
 */
class PostgreSqlOutboxTests extends OutboxContract {

	private static EmbeddedPostgres postgres;

	private final String name = "outbox_" + UUID.randomUUID().toString().replace("-", "");

	PostgreSqlOutboxTests() {
		JdbcClient.create(postgres.getPostgresDatabase()).sql("create database " + this.name).update();
	}

	@BeforeAll
	static void startPostgres() throws IOException {
		postgres = EmbeddedPostgres.start();
	}

	@AfterAll
	static void stopPostgres() throws IOException {
		postgres.close();
	}

	@Override
	String jdbcUrl() {
		return postgres.getJdbcUrl("postgres", this.name);
	}

	@Override
	String platform() {
		return "postgresql";
	}

}
