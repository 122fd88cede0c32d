package io.github.twiliospring.messaging.outbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.atomic.AtomicInteger;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;

import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * One PostgreSQL for all tests of this process, which ends with it.
 */
final class TestPostgres {

	private static final EmbeddedPostgres SERVER = start();

	private static final AtomicInteger DATABASES = new AtomicInteger();

	private TestPostgres() {
	}

	private static EmbeddedPostgres start() {
		try {
			return EmbeddedPostgres.start();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	static int port() {
		return SERVER.getPort();
	}

	/**
	 * Makes a database without tables.
	 * @return its URL
	 */
	static String database() {
		String name = "outbox_" + DATABASES.incrementAndGet();
		JdbcClient.create(SERVER.getPostgresDatabase()).sql("create database " + name).update();
		return SERVER.getJdbcUrl("postgres", name);
	}

}
