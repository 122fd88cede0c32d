package com.example;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.UUID;

import io.github.twiliospring.messaging.testsupport.FreePort;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.DynamicPropertyRegistry;

/**
 * One PostgreSQL for all tests of a process, which ends with it.
 */
public final class Postgres {

	private static final EmbeddedPostgres SERVER = start();

	private Postgres() {
	}

	private static EmbeddedPostgres start() {
		try {
			return EmbeddedPostgres.builder().setPort(FreePort.find()).setPGStartupWait(Duration.ofMinutes(1)).start();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Gives an application a database of its own. Its test is to close the application,
	 * by {@code @DirtiesContext}: at the end of the process, the server may go before it.
	 */
	public static void register(DynamicPropertyRegistry properties) {
		String name = "shop_" + UUID.randomUUID().toString().replace("-", "");
		JdbcClient.create(SERVER.getPostgresDatabase()).sql("create database " + name).update();
		properties.add("spring.datasource.url", () -> SERVER.getJdbcUrl("postgres", name));
	}

}
