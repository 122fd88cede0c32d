package io.github.twiliospring.messaging.outbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.twiliospring.messaging.testsupport.FreePort;
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
			return EmbeddedPostgres.builder().setPort(FreePort.find()).setPGStartupWait(Duration.ofMinutes(1)).start();
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
		server().sql("create database " + name).update();
		return SERVER.getJdbcUrl("postgres", name);
	}

	/**
	 * Ends a database's connections, and lets nobody in.
	 * @param url the database
	 */
	static void close(String url) {
		server().sql("alter database " + name(url) + " with allow_connections false").update();
		server().sql("select pg_terminate_backend(pid) from pg_stat_activity where datname = ?")
			.param(name(url))
			.query(Boolean.class)
			.list();
	}

	/**
	 * Lets everybody in again.
	 * @param url the database
	 */
	static void open(String url) {
		server().sql("alter database " + name(url) + " with allow_connections true").update();
	}

	private static String name(String url) {
		return url.replaceAll(".*/(\\w+)\\?.*", "$1");
	}

	private static JdbcClient server() {
		return JdbcClient.create(SERVER.getPostgresDatabase());
	}

}
